-- Holds: claims with an expiry. The record of a hold that was just taken is the effect of taking it,
-- which answers the same activity again; once something has happened to the hold, a line with what
-- it is now (JSON) stands before that. The record stays when the hold is over, for as long as
-- answers are remembered, so that whoever still has its id is told what became of it.

local UNKNOWN_HOLD = '{"outcome":"unknown-hold"}'

local function holdKey(shop, id)
  return PREFIX .. ':hold:' .. shop .. '/' .. id
end

-- Holds that this call notes as due, by when: item, id, item, id, ..
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

-- Returns whether there was something to expire: a hold may have ended or have been extended. Then
-- it is noted again at its time, because a note of another time may have taken its note's place.
local function expireHold(id, item)
  local shop, own = item.name:match('^(.-)/(.*)$')
  local key = holdKey(shop, id)
  local hold = loadHold(key, item)
  if not hold or hold.state ~= 'live' then return false end
  if hold.expiresAt > NOW then
    isDueAt(json(hold.expiresAt), item.name, id)
    return false
  end
  local context = { shop = shop, item = own, activity = 'expire/' .. id }
  if hold.channel ~= '' then context.channel = hold.channel end
  endHold(key, id, item, hold, 'expired')
  record('expire', quote(context), holdText(id, hold))
  return true
end

-- The index of what is due. A note in it, `item\nid\nitem\nid ..`, tells of holds that one call took
-- or extended to the same moment: a note for each hold would cost a tenth of taking it. Nobody takes
-- a hold off that ends earlier or is extended; whoever would expire it finds it so. Looked at are
-- pairs; a note that was looked into is taken off, and pairs of it that were not are noted again.
local PAIR = '([^\n]+)\n([^\n]+)'
local opened, lookedAt = {}, {}

local function lookAt(note, item, id)
  opened[note], lookedAt[item.name .. '\n' .. id] = true, true
  return expireHold(id, item)
end

-- What is due, read once a call, as item name -> id, note, id, note, .. , oldest first.
local due

local function loadDue()
  due = {}
  for _, note in ipairs(call('ZRANGEBYSCORE', DUE, '-inf', NOW_TEXT)) do
    for name, id in note:gmatch(PAIR) do
      due[name] = due[name] or {}
      local n = #due[name]
      due[name][n + 1], due[name][n + 2] = id, note
    end
  end
end

-- Before anything is decided on an item, its due holds are expired, each as its own movement.
local function expireDue(item)
  if item.held == 0 then return end
  if not due then loadDue() end
  local own = due[item.name]
  if not own then return end
  due[item.name] = nil
  for i = 1, #own, 2 do lookAt(own[i + 1], item, own[i]) end
end

-- The sweeper: expires what is due in the whole partition, note by note until it has looked at
-- `limit` holds, and forgets old answers. `more` says that it may not have got to the end.
local function sweep(limit)
  local forgotten, expired, looked = forget(limit), 0, 0
  local notes = call('ZRANGEBYSCORE', DUE, '-inf', NOW_TEXT, 'LIMIT', 0, limit)
  for _, note in ipairs(notes) do
    if looked >= limit then break end
    for name, id in note:gmatch(PAIR) do
      looked = looked + 1
      if lookAt(note, loadItem(name, ''), id) then expired = expired + 1 end
    end
  end
  local more = looked >= limit or forgotten >= limit
  return '{"outcome":"swept","expired":' .. expired .. ',"more":' .. tostring(more) .. '}'
end

-- Words of a note at the most: as many holds as the client puts into a call.
local NOTE = 64

-- Writes the notes of this call. A text that is noted for two times stands at the earlier one.
local function noteDue()
  for note in pairs(opened) do
    removed[#removed + 1] = note
    for name, id in note:gmatch(PAIR) do
      if not lookedAt[name .. '\n' .. id] then isDueAt(NOW_TEXT, name, id) end
    end
  end
  local times = {}
  for expiresAt, holds in pairs(dueAt) do
    for first = 1, #holds, NOTE do
      local note = table.concat(holds, '\n', first, min(first + NOTE - 1, #holds))
      times[note] = min(times[note] or math.huge, tonumber(expiresAt))
    end
  end
  for note, time in pairs(times) do
    added[#added + 1], added[#added + 2] = json(time), note
  end
end
