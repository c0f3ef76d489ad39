-- A movement: legs are posted one by one, and posting is the only way a balance changes. At the
-- end it is numbered, its two counter-legs balance it, and its event is written.

local function newMovement(item)
  return { item = item, legs = {}, claimed = 0, arrived = 0, before = availableToSell(item, '') }
end

local function addLeg(movement, bucket, location, units)
  movement.legs[#movement.legs + 1] = '{"bucket":' .. bucket .. ',"location":' .. location
    .. ',"quantity":' .. units .. '}'
end

local function postCommitted(movement, units)
  if units == 0 then return end
  local item = movement.item
  item.committed = item.committed + units
  assert(item.committed >= 0, 'committed is a count of units owed')
  movement.claimed = movement.claimed + units
  addLeg(movement, '"committed"', '""', units)
end

local function postHeld(movement, units)
  local item = movement.item
  item.held = item.held + units
  assert(item.held >= 0, 'held is a count of units claimed')
  movement.claimed = movement.claimed + units
  addLeg(movement, '"held"', '""', units)
end

local function postAllocated(movement, channel, units)
  if units == 0 then return end
  movement.claimed = movement.claimed + units
  addLeg(movement, quote('allocated:' .. channel), '""', units)
end

-- A channel takes units (or gives them back), which uses up (or restores) its allocation. The
-- count is kept for every channel from its first sale, for the day stock is carved out for it.
local function take(movement, channel, units)
  if channel == '' or units == 0 then return end
  local item = movement.item
  local left = allocationLeft(item, channel)
  item.taken[channel] = takenOf(item, channel) + units
  item.takenChanged[channel] = true
  postAllocated(movement, channel, allocationLeft(item, channel) - left)
end

-- Units arrive at (+) or leave (-) a shelf. May go below zero: what happened is a fact.
local function postPhysical(movement, bucket, location, units)
  if units == 0 then return end
  local item = movement.item
  item.shelves = item.shelves or cjson.decode(item.physical)
  item.shelves[bucket] = item.shelves[bucket] or {}
  item.shelves[bucket][location] = (item.shelves[bucket][location] or 0) + units
  item.physical = quote(item.shelves)
  item.shelvesChanged = true
  if bucket == 'sellable' then item.sellable = item.sellable + units end
  movement.arrived = movement.arrived + units
  addLeg(movement, quote(bucket), quote(location), units)
end

local function oversoldBy(movement)
  local after = availableToSell(movement.item, '')
  return math.max(0, math.max(0, -after) - math.max(0, -movement.before))
end

-- Numbers the movement and writes its event. `context` is the event's JSON object without its
-- closing brace; `tail` holds further members, each with a leading comma.
-- Returns the members that an answer repeats for ever.
local function record(movement, kind, context, tail)
  local item = movement.item
  if movement.claimed ~= 0 then addLeg(movement, '"unclaimed"', '""', -movement.claimed) end
  if movement.arrived ~= 0 then addLeg(movement, '"outside"', '""', -movement.arrived) end
  seq = seq + 1
  item.version = seq
  if not item.changed then
    item.changed = true
    changedItems[#changedItems + 1] = item
  end
  local result = '"partition":' .. PARTITION .. ',"seq":' .. seq .. ',"stock":' .. stockText(item)
    .. ',"oversold":' .. oversoldBy(movement) .. tail
  eventIds[#eventIds + 1] = seq .. '-0'
  eventTexts[#eventTexts + 1] = context .. ',"type":"' .. kind .. '","at":' .. NOW .. ',"legs":['
    .. table.concat(movement.legs, ',') .. '],' .. result .. '}'
  return result
end
