-- A movement: legs are posted one by one, and posting is the only way a balance changes. At the
-- end it is numbered, and its event is written. One movement is made at a time, and these are its
-- parts. The two counter-legs, which balance what is claimed and what arrives, follow from the
-- others: ledger/wire.ts adds them.

local moved, legs, availableBefore

local function beginMovement(item)
  moved, legs = item, ''
  availableBefore = availableToSell(item, '')
end

-- Legs as JSON by bucket, location and units: a rush makes the same few again and again.
local legTexts = {}

local function legText(bucket, location, units)
  local places = legTexts[bucket]
  if not places then
    places = {}
    legTexts[bucket] = places
  end
  local counts = places[location]
  if not counts then
    counts = {}
    places[location] = counts
  end
  local text = counts[units]
  if not text then
    text = '[' .. json(bucket) .. ',' .. json(location) .. ',' .. json(units) .. ']'
    counts[units] = text
  end
  return text
end

local function addLeg(bucket, location, units)
  local text = legText(bucket, location, units)
  legs = legs == '' and text or legs .. ',' .. text
end

local function postCommitted(units)
  if units == 0 then return end
  moved.committed = moved.committed + units
  if moved.committed < 0 then error('committed is a count of units owed') end
  addLeg('committed', '', units)
end

local function postHeld(units, channel)
  moved.held = moved.held + units
  holdFor(moved, channel, units)
  if moved.held < 0 then error('held is a count of units claimed') end
  addLeg('held', '', units)
end

local function postAllocated(channel, units)
  if units == 0 then return end
  addLeg('allocated:' .. channel, '', units)
end

-- A channel takes units (or gives them back), which uses up (or restores) its allocation. The
-- count is kept for every channel from its first sale, for the day stock is carved out for it.
local function take(channel, units)
  if channel == '' or units == 0 then return end
  local left = moved.allocations and allocationLeft(moved, channel)
  moved.taken[channel] = takenOf(moved, channel) + units
  moved.takenChanged[channel] = true
  if left then postAllocated(channel, allocationLeft(moved, channel) - left) end
end

-- Units arrive at (+) or leave (-) a shelf. May go below zero: what happened is a fact.
local function postPhysical(bucket, location, units)
  if units == 0 then return end
  local shelves = shelvesOf(moved)
  shelves[bucket] = shelves[bucket] or {}
  shelves[bucket][location] = (shelves[bucket][location] or 0) + units
  moved.physical = quote(shelves)
  moved.shelvesChanged = true
  if bucket == 'sellable' then moved.sellable = moved.sellable + units end
  addLeg(bucket, location, units)
end

-- Units by which this movement made the item more oversold than it was, as a member of its effect;
-- '' for none.
local function oversoldText()
  local after = availableToSell(moved, '')
  if after >= 0 then return '' end
  local units = min(0, availableBefore) - after
  return units > 0 and ',"oversold":' .. json(units) or ''
end

-- Numbers the movement and writes its event: `context` says what it is about (JSON, the caller's),
-- and what is returned is its effect (JSON, ours), which is also what the caller is answered.
-- `tail` and what follows hold further members of the effect, each with a leading comma: in pieces
-- where many movements of one kind are made.
local function record(kind, context, tail, more1, more2, more3, more4)
  seq = seq + 1
  moved.version = seq
  if not moved.changed then
    moved.changed = true
    changedItems[#changedItems + 1] = moved
  end
  local number = json(seq)
  local physical, committed, held, label, heldFor, allocated = balances(moved)
  local effect = '{"type":"' .. kind .. '","seq":' .. number .. ',"at":' .. NOW_TEXT
    .. oversoldText() .. ',"stock":{"physical":' .. physical
    .. ',"committed":' .. committed .. ',"held":' .. held .. label .. heldFor .. allocated
    .. '},"legs":[' .. legs .. ']' .. tail .. (more1 or '') .. (more2 or '') .. (more3 or '')
    .. (more4 or '') .. '}'
  local n = #events
  events[n + 1], events[n + 2], events[n + 3] = number .. '-0', context, effect
  return effect
end
