-- Holds: claims with an expiry. The record of a hold that was just taken is the effect of taking it,
-- which answers the same activity again; once something has happened to the hold, a line with what
-- it is now (JSON) stands before that. The record stays when the hold is over, for as long as
-- answers are remembered, so that whoever still has its id is told what became of it.

local UNKNOWN_HOLD = '{"outcome":"unknown-hold"}'

local function holdKey(shop, id)
  return PREFIX .. ':hold:' .. shop .. '/' .. id
end

-- Holds that this call took or extended, by the time at which they are due: item, id, item, id, ..
local dueAt = {}

local function isDueAt(expiresAt, name, id)
  local holds = dueAt[expiresAt]
  if not holds then
    holds = {}
    dueAt[expiresAt] = holds
  end
  local n = #holds
  holds[n + 1], holds[n + 2] = name, id
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
  local hold = now and cjson.decode(now) or cjson.decode(text).hold
  -- Another item's hold is not this item's business.
  if hold.item ~= item.name then return nil end
  return hold, taking or text
end

local function saveHold(key, id, item, hold)
  local before = read(key)
  local text = quote(hold) .. '\n' .. (before:match('\n(.*)$') or before)
  if hold.state == 'live' then
    write(key, text)
    isDueAt(json(hold.expiresAt), item.name, id)
  else
    writePassing(key, text, REMEMBER_MS)
  end
end

local function holdOver(hold)
  return '{"outcome":"hold-over","state":"' .. hold.state .. '"}'
end

-- A hold that is there already: the same claim again, or somebody else's id.
local function heldBefore(item, id, key, units, asked)
  local hold, taking = loadHold(key, item)
  if hold and (hold.asked == asked or hold.asked == '') then return repeated(taking) end
  if not hold or hold.quantity ~= units then return '{"outcome":"reused-activity"}' end
  if hold.state ~= 'live' then return holdOver(hold) end
  return already(item, holdText(id, hold))
end

-- What a live hold says of itself between its id and what it was asked in. Many carts ask for the
-- same of the same item, so the last one's is kept.
local lastItem, lastChannel, lastCount, lastTtl, lastText

local function claimText(item, channel, count, ttl)
  if item ~= lastItem or channel ~= lastChannel or count ~= lastCount or ttl ~= lastTtl then
    lastItem, lastChannel, lastCount, lastTtl = item, channel, count, ttl
    lastText = '","state":"live","quantity":' .. count .. ',"expiresAt":' .. json(NOW + ttl)
      .. ',"channel":' .. json(channel) .. ',"item":' .. json(item.name) .. ',"asked":"'
  end
  return lastText
end

-- The hot path. It is given its fields one by one, parses nothing, and puts together what is
-- written from ready texts.
local function takeHold(item, context, count, channel, id, key, ttl, asked)
  local units = tonumber(count)
  if read(key) then return heldBefore(item, id, key, units, asked) end
  local available = availableToSell(item, channel)
  if available < units then return insufficient(available) end
  beginMovement(item)
  postHeld(units, channel)
  take(channel, units)
  isDueAt(json(NOW + ttl), item.name, id)
  local claim = claimText(item, channel, count, ttl)
  local effect = record('hold', context, ',"hold":{"id":"', id, claim, asked, '"}')
  write(key, effect)
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

-- Returns whether there was something to expire: a hold may have ended or have been extended.
local function expireHold(id, item)
  local shop, own = item.name:match('^(.-)/(.*)$')
  local key = holdKey(shop, id)
  local hold = loadHold(key, item)
  if not hold or hold.state ~= 'live' or hold.expiresAt > NOW then return false end
  local context = { shop = shop, item = own, activity = 'expire/' .. id }
  if hold.channel ~= '' then context.channel = hold.channel end
  endHold(key, id, item, hold, 'expired')
  record('expire', quote(context), holdText(id, hold))
  return true
end

-- The index of what is due. A note in it, `item\nid\nitem\nid ..`, tells of all holds that one call
-- took or extended to the same moment: a note for each hold would cost a tenth of taking it. Nobody
-- takes a hold off that ends earlier or is extended; whoever expires it then finds it so.
local PAIR = '([^\n]+)\n([^\n]+)'
-- Item name -> ids of its holds that are due, oldest first, how far they were looked at, and the
-- notes that tell of them.
local due, dueOrder, allDue = {}, {}, false
-- Notes that were looked into, and which of their pairs were seen to.
local opened, seenTo = {}, {}

local function loadDue(limit)
  local notes = call('ZRANGEBYSCORE', DUE, '-inf', NOW_TEXT, 'LIMIT', 0, limit)
  for _, note in ipairs(notes) do
    for item, id in note:gmatch(PAIR) do
      local own = due[item]
      if not own then
        own = { ids = {}, next = 1, notes = {} }
        due[item] = own
        dueOrder[#dueOrder + 1] = item
      end
      own.ids[#own.ids + 1] = id
      own.notes[note] = true
    end
  end
  return #notes
end

-- Expires an item's due holds, each as its own movement. Looks at no more than `limit`, and returns
-- how many it looked at, and how many expired.
local function expireOf(item, limit)
  local own, looked, expired = due[item.name], 0, 0
  if not own then return 0, 0 end
  while own.next <= #own.ids and looked < limit do
    local id = own.ids[own.next]
    own.next, looked = own.next + 1, looked + 1
    if expireHold(id, item) then expired = expired + 1 end
    seenTo[item.name .. '\n' .. id] = true
  end
  for note in pairs(own.notes) do opened[note] = true end
  return looked, expired
end

-- Before anything is decided on an item, all of its due holds are expired.
local function expireDue(item)
  if item.held == 0 then return end
  if not allDue then
    due, dueOrder, allDue = {}, {}, true
    loadDue(-1)
  end
  if due[item.name] then expireOf(item, math.huge) end
end

-- The sweeper: expires holds of the whole partition that are due, looking at some `limit` of them,
-- and forgets old answers. `more` says that it did not get to the end.
local function sweep(limit)
  local forgotten, expired, looked = forget(limit), 0, 0
  local more = forgotten >= limit
  if not allDue then more = loadDue(limit) >= limit or more end
  for _, name in ipairs(dueOrder) do
    if looked >= limit then break end
    local some, over = expireOf(loadItem(name, ''), limit - looked)
    looked, expired = looked + some, expired + over
  end
  if looked >= limit then more = true end
  return '{"outcome":"swept","expired":' .. expired .. ',"more":' .. tostring(more) .. '}'
end

-- Takes the notes that were looked into off the index, and notes again what they tell of others;
-- then notes what this call took and extended.
local function noteDue()
  for note in pairs(opened) do
    removed[#removed + 1] = note
    for item, id in note:gmatch(PAIR) do
      if not seenTo[item .. '\n' .. id] then isDueAt(NOW_TEXT, item, id) end
    end
  end
  for expiresAt, holds in pairs(dueAt) do
    added[#added + 1] = expiresAt
    added[#added + 1] = table.concat(holds, '\n')
  end
end
