-- What the partition knows of an item, and what follows from it. The rules are those of
-- inventory/stock.ts and inventory/allocation.ts; the tests hold the two side by side.

local items = {}

-- The item as this call sees it. `channel` is read along because the command will need it.
local function loadItem(name, channel)
  local item = items[name]
  if item then return item end
  local key = PREFIX .. ':item:' .. name
  local f = call('HMGET', key, 'version', 'committed', 'held', 'sellable', 'physical',
    'allocations', 'taken:' .. channel, 'heldFor')
  item = {
    name = name,
    key = key,
    version = tonumber(f[1] or 0),
    committed = tonumber(f[2] or 0),
    held = tonumber(f[3] or 0),
    -- The sum over all locations, so that the common case need not read `physical`.
    sellable = tonumber(f[4] or 0),
    -- JSON, bucket -> location -> units. Kept as text: most movements only pass it on.
    physical = f[5] or '{}',
    allocations = f[6] and cjson.decode(f[6]) or nil,
    taken = { [channel] = tonumber(f[7] or 0) },
    -- JSON, channel -> units its live holds claim; '' while there are none.
    heldFor = f[8] or '',
    takenChanged = {},
  }
  items[name] = item
  return item
end

local function shelvesOf(item)
  item.shelves = item.shelves or cjson.decode(item.physical)
  return item.shelves
end

local function unitsAt(item, bucket, location)
  local places = shelvesOf(item)[bucket]
  return places and places[location] or 0
end

-- Units a channel took over its life and did not give back; live holds count.
local function takenOf(item, channel)
  local taken = item.taken[channel]
  if not taken then
    taken = tonumber(call('HGET', item.key, 'taken:' .. channel) or 0)
    item.taken[channel] = taken
  end
  return taken
end

-- Units left of a channel's allocation.
local function allocationLeft(item, channel)
  local allocation = item.allocations and item.allocations[channel]
  if not allocation then return 0 end
  local used = takenOf(item, channel) - allocation.takenThen
  return min(allocation.carved, max(0, allocation.carved - used))
end

local function allocatedElsewhere(item, channel)
  local units = 0
  for owner in pairs(item.allocations) do
    if owner ~= channel then units = units + allocationLeft(item, owner) end
  end
  return units
end

-- Available to sell; '' stands for no channel. Negative means oversold.
local function availableToSell(item, channel)
  local available = item.sellable - item.committed - item.held
  if not item.allocations then return available end
  return available - allocatedElsewhere(item, channel)
end

-- Units by channel as JSON, or '' when there are none. Mostly carts of one channel hold an item,
-- and each of their holds needs this: ready texts are three times as quick as the encoder.
local function unitsText(by)
  local channel, units = next(by)
  if not channel then return '' end
  if next(by, channel) then return quote(by) end
  return '{' .. json(channel) .. ':' .. json(units) .. '}'
end

-- Live holds of a channel claim so many units more, or fewer.
local function holdFor(item, channel, units)
  if channel == '' or units == 0 then return end
  local by = item.heldBy or (item.heldFor ~= '' and cjson.decode(item.heldFor)) or {}
  local left = max(0, (by[channel] or 0) + units)
  by[channel] = left > 0 and left or nil
  item.heldBy, item.heldFor, item.heldForChanged = by, unitsText(by), true
end

-- Units carts may still claim of an item: while it is scarce, a share of it is left to others.
local function cartAllowance(available, held, share)
  local pool = available + held
  if not share or pool > share.below then return available end
  return min(available, math.ceil(pool * share.percent / 100) - held)
end

local function allocatedText(item)
  if not item.allocations then return '' end
  local left = {}
  for channel in pairs(item.allocations) do left[channel] = allocationLeft(item, channel) end
  return ',"allocated":' .. quote(left)
end

-- All of the item's balances as members of an object, as JSON, without what goes without saying:
-- ledger/wire.ts adds it. In pieces, because a text within a text is hashed and allocated as well.
local function balances(item)
  local heldFor = item.heldFor
  return item.physical, json(item.committed), json(item.held),
    heldFor == '' and '' or ',"heldFor":', heldFor, allocatedText(item)
end

local function balancesText(item)
  local physical, committed, held, label, heldFor, allocated = balances(item)
  return '"physical":' .. physical .. ',"committed":' .. committed .. ',"held":' .. held
    .. label .. heldFor .. allocated .. '}'
end

-- The same where no number of a movement stands beside it.
local function stockText(item)
  return '{"version":' .. json(item.version) .. ',' .. balancesText(item)
end
