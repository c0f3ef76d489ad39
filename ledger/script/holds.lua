-- Holds: claims with an expiry. A hold's record has two lines: what it is now (JSON), and the
-- effect of taking it, which answers the same activity again. It stays when the hold is over, for
-- as long as answers are remembered, so that whoever still has its id is told what became of it.

local UNKNOWN_HOLD = '{"outcome":"unknown-hold"}'

local function holdKey(shop, id)
  return PREFIX .. ':hold:' .. shop .. '/' .. id
end

local function dueMember(item, id)
  return item.name .. '\n' .. id
end

-- The hold as members of an event or answer. Its id needs no escaping: ledger/encode.ts.
local function holdText(id, hold)
  return ',"hold":{"id":"' .. id .. '","state":"' .. hold.state .. '","quantity":'
    .. json(hold.quantity) .. ',"expiresAt":' .. json(hold.expiresAt) .. '}'
end

local function loadHold(key, item)
  local text = read(key)
  if not text then return nil end
  local now, taking = text:match('^(.-)\n(.*)$')
  local hold = cjson.decode(now)
  -- Another item's hold is not this item's business.
  if hold.item ~= item.name then return nil end
  return hold, taking
end

-- A hold of a cart that expired earlier in this call, and is taken again, is due again.
local function staysDue(member)
  for i = #removed, 1, -1 do
    if removed[i] == member then table.remove(removed, i) end
  end
end

local function saveHold(key, id, item, hold)
  local text = quote(hold) .. '\n' .. read(key):match('\n(.*)$')
  if hold.state == 'live' then
    write(key, text)
    added[#added + 1] = json(hold.expiresAt)
    added[#added + 1] = dueMember(item, id)
    staysDue(dueMember(item, id))
  else
    writePassing(key, text, REMEMBER_MS)
    removed[#removed + 1] = dueMember(item, id)
  end
end

local function holdOver(hold)
  return '{"outcome":"hold-over","state":"' .. hold.state .. '"}'
end

-- A hold that is there already: the same claim again, or somebody else's id.
local function heldBefore(command, item)
  local hold, taking = loadHold(command.holdKey, item)
  if hold and (hold.asked == command.asked or hold.asked == '') then return repeated(taking) end
  if not hold or hold.quantity ~= command.quantity then return '{"outcome":"reused-activity"}' end
  if hold.state ~= 'live' then return holdOver(hold) end
  return already(item, holdText(command.hold, hold))
end

-- The hot path: nothing is parsed here, and what is written is put together from ready texts.
local function takeHold(command, item)
  if read(command.holdKey) then return heldBefore(command, item) end
  local units, available = command.quantity, availableToSell(item, command.channel)
  if available < units then return insufficient(available) end
  beginMovement(item)
  postHeld(units, command.channel)
  take(command.channel, units)
  local expiresAt = json(NOW + command.ttl)
  local n = #added
  added[n + 1], added[n + 2] = expiresAt, dueMember(item, command.hold)
  local effect = record('hold', command.context, ',"hold":{"id":"' .. command.hold
    .. '","state":"live","quantity":' .. command.units .. ',"expiresAt":' .. expiresAt .. '}')
  write(command.holdKey, '{"state":"live","quantity":' .. command.units .. ',"expiresAt":'
    .. expiresAt .. ',"channel":' .. json(command.channel) .. ',"item":' .. json(item.name)
    .. ',"asked":"' .. command.asked .. '"}\n' .. effect)
  return effect
end

-- The live hold a command is about; or nil, the refusal that names why not, and the finished hold.
local function liveHold(command, item)
  local hold = loadHold(command.holdKey, item)
  if not hold then return nil, UNKNOWN_HOLD end
  if hold.state ~= 'live' then return nil, holdOver(hold), hold end
  return hold
end

local function extendHold(command, item)
  local hold, refusal = liveHold(command, item)
  if not hold then return refusal end
  beginMovement(item)
  hold.expiresAt = NOW + command.ttl
  saveHold(command.holdKey, command.hold, item, hold)
  return applied(command, 'extend', holdText(command.hold, hold))
end

-- Gives a live hold's units back.
local function endHold(key, id, item, hold, state)
  beginMovement(item)
  postHeld(-hold.quantity, hold.channel)
  take(hold.channel, -hold.quantity)
  hold.state = state
  saveHold(key, id, item, hold)
end

local function releaseHold(command, item)
  local hold, refusal = liveHold(command, item)
  if not hold then return refusal end
  endHold(command.holdKey, command.hold, item, hold, 'released')
  return applied(command, 'release', holdText(command.hold, hold))
end

-- Returns whether there was something to expire.
local function expireHold(id, item)
  local shop, own = item.name:match('^(.-)/(.*)$')
  local key = holdKey(shop, id)
  local hold = loadHold(key, item)
  if not hold or hold.state ~= 'live' then
    removed[#removed + 1] = dueMember(item, id)
    return false
  end
  local context = { shop = shop, item = own, activity = 'expire/' .. id }
  if hold.channel ~= '' then context.channel = hold.channel end
  endHold(key, id, item, hold, 'expired')
  record('expire', quote(context), holdText(id, hold))
  return true
end

-- Holds that are due, read once a call, as item name -> hold ids, oldest first.
local due, dueOrder

local function loadDue()
  due, dueOrder = {}, {}
  for _, member in ipairs(call('ZRANGEBYSCORE', DUE, '-inf', NOW_TEXT)) do
    local item, id = member:match('^(.*)\n(.-)$')
    if not due[item] then
      due[item] = {}
      dueOrder[#dueOrder + 1] = item
    end
    due[item][#due[item] + 1] = id
  end
end

-- Expires an item's due holds, each as its own movement, before anything is decided on the item.
local function expireDue(item, limit)
  if item.held == 0 then return 0 end
  if not due then loadDue() end
  local ids, expired = due[item.name], 0
  while ids and #ids > 0 and expired < limit do
    if expireHold(table.remove(ids, 1), item) then expired = expired + 1 end
  end
  return expired
end

-- The sweeper: expires up to `limit` holds of the whole partition, and forgets old answers.
local function sweep(limit)
  local forgotten, expired = forget(limit), 0
  loadDue()
  for _, name in ipairs(dueOrder) do
    if expired >= limit then break end
    expired = expired + expireDue(loadItem(name, ''), limit - expired)
  end
  return '{"outcome":"swept","expired":' .. expired .. ',"forgotten":' .. forgotten .. '}'
end
