-- Holds: claims with an expiry. A hold's record stays for a day after it is over, so that whoever
-- still has its id is told what became of it.

local UNKNOWN_HOLD = '{"outcome":"unknown-hold"}'

local function holdKey(shop, hold)
  return PREFIX .. ':hold:' .. shop .. '/' .. hold
end

local function dueMember(item, hold)
  return item.name .. '\n' .. hold
end

-- The hold as members of an event or answer.
local function holdText(id, hold)
  return ',"hold":{"id":' .. quote(id) .. ',"state":"' .. hold.state .. '","quantity":'
    .. hold.quantity .. ',"expiresAt":' .. hold.expiresAt .. '}'
end

local function loadHold(shop, id, item)
  local text = read(holdKey(shop, id))
  local hold = text and cjson.decode(text)
  -- Another item's hold is not this item's business.
  return hold and hold.item == item.name and hold or nil
end

local function saveHold(shop, id, item, hold)
  local live = hold.state == 'live'
  write(holdKey(shop, id), quote(hold), not live and TOMBSTONE_MS or nil)
  dueChanges[dueMember(item, id)] = live and hold.expiresAt or false
end

local function holdOver(hold)
  return '{"outcome":"hold-over","state":"' .. hold.state .. '"}'
end

-- A hold that is there already: the same claim again, or somebody else's id.
local function heldBefore(command, item, id)
  local hold = loadHold(command.shop, id, item)
  if not hold or hold.quantity ~= command.quantity then return '{"outcome":"reused-activity"}' end
  if hold.state ~= 'live' then return holdOver(hold) end
  return already(item, holdText(id, hold))
end

-- The hot path: no JSON is parsed or built by library here.
local function takeHold(command, item)
  local id, units = command.hold, command.quantity
  local key = holdKey(command.shop, id)
  if read(key) then return heldBefore(command, item, id) end
  local available = availableToSell(item, command.channel)
  if available < units then return insufficient(available) end
  local movement = newMovement(item)
  postHeld(movement, units)
  take(movement, command.channel, units)
  local expiresAt = NOW + command.ttl
  write(key, '{"state":"live","quantity":' .. units .. ',"expiresAt":' .. expiresAt
    .. ',"channel":' .. quote(command.channel) .. ',"item":' .. quote(item.name)
    .. ',"context":' .. command.context .. '}}')
  dueChanges[dueMember(item, id)] = expiresAt
  local tail = ',"hold":{"id":' .. quote(id) .. ',"state":"live","quantity":' .. units
    .. ',"expiresAt":' .. expiresAt .. '}'
  return applied(command, record(movement, 'hold', command.context, tail))
end

-- The live hold a command is about, or the refusal that names why there is none.
local function liveHold(command, item)
  local hold = loadHold(command.shop, command.hold, item)
  if not hold then return nil, UNKNOWN_HOLD end
  if hold.state ~= 'live' then return nil, holdOver(hold), hold end
  return hold
end

local function extendHold(command, item)
  local hold, refusal = liveHold(command, item)
  if not hold then return refusal end
  hold.expiresAt = NOW + command.ttl
  saveHold(command.shop, command.hold, item, hold)
  local tail = holdText(command.hold, hold)
  return applied(command, record(newMovement(item), 'extend', command.context, tail))
end

-- Gives a live hold's units back. `context` is the event's.
local function endHold(shop, id, item, hold, kind, state, context)
  local movement = newMovement(item)
  hold.state = state
  postHeld(movement, -hold.quantity)
  take(movement, hold.channel, -hold.quantity)
  saveHold(shop, id, item, hold)
  return record(movement, kind, context, holdText(id, hold))
end

local function releaseHold(command, item)
  local hold, refusal = liveHold(command, item)
  if not hold then return refusal end
  return applied(command, endHold(command.shop, command.hold, item, hold, 'release', 'released',
    command.context))
end

local function expireHold(shop, id, item)
  local hold = loadHold(shop, id, item)
  dueChanges[dueMember(item, id)] = false
  if not hold or hold.state ~= 'live' then return false end
  local origin = hold.context
  local context = quote({ shop = origin.shop, item = origin.item, channel = origin.channel,
    connection = origin.connection, activity = 'expire/' .. id })
  endHold(shop, id, item, hold, 'expire', 'expired', context:sub(1, -2))
  return true
end

-- Holds that are due, read once a call, as item name -> hold ids, oldest first.
local due, dueOrder

local function loadDue()
  due, dueOrder = {}, {}
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', DUE, '-inf', NOW)) do
    local name, id = member:match('^(.*)\n(.-)$')
    if not due[name] then
      due[name] = {}
      dueOrder[#dueOrder + 1] = name
    end
    due[name][#due[name] + 1] = id
  end
end

-- Expires an item's due holds, each as its own movement, before anything is decided on the item.
local function expireDue(item, limit)
  if item.held == 0 then return 0 end
  if not due then loadDue() end
  local ids = due[item.name]
  if not ids then return 0 end
  local shop, expired = item.name:match('^[^/]*'), 0
  while #ids > 0 and expired < limit do
    if expireHold(shop, table.remove(ids, 1), item) then expired = expired + 1 end
  end
  return expired
end

-- The sweeper: expires up to `limit` holds of the whole partition.
local function sweep(limit)
  loadDue()
  local expired = 0
  for _, name in ipairs(dueOrder) do
    if expired >= limit then break end
    expired = expired + expireDue(loadItem(name, ''), limit - expired)
  end
  return '{"outcome":"swept","expired":' .. expired .. '}'
end
