-- The partition's keys, and everything this call is going to write.
--
-- A call decides a batch of commands for one partition. It writes nothing while it decides: all
-- changes are staged here and written at the very end, so a broken rule leaves nothing behind.
--
-- KEYS[1] is the partition's name with its hash tag, such as "ballast:{p3}"; every key of the
-- partition starts with it and therefore lives in the same slot of a Redis Cluster.
-- ARGV is the time ("" for Redis' own; tests set it), then the commands.
-- The client puts EPOCH, REMEMBER_MS and LINE_MS in front of this text.
--
-- Strings are what costs time here: each one is hashed and allocated. Hence the long
-- concatenations, which make one string of many, and texts that are made once.

local PREFIX = KEYS[1]
local META, EVENTS, DUE = PREFIX .. ':meta', PREFIX .. ':events', PREFIX .. ':due'
local KEPT = PREFIX .. ':kept'
local call, quote, max, min = redis.call, cjson.encode, math.max, math.min

local function clock()
  if ARGV[1] ~= '' then return tonumber(ARGV[1]) end
  local time = call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local NOW = clock()
local NOW_TEXT = NOW .. ''

-- A number or a name as JSON, made once a call.
local texts = {}

local function json(value)
  local text = texts[value]
  if not text then
    text = type(value) == 'number' and value .. '' or quote(value)
    texts[value] = text
  end
  return text
end

local seq = 0
-- String keys as this call sees them: fetched, then as last written.
local values = {}
-- What will be written, as flat lists in the arguments' order of the Redis command.
local events, lasting, passing, added, removed, kept = {}, {}, {}, {}, {}, {}
local changedItems = {}

-- Fetches many string keys in one call; `read` then finds them.
local function prefetch(keys)
  if #keys == 0 then return end
  local found = call('MGET', unpack(keys))
  for i, key in ipairs(keys) do values[key] = found[i] end
end

-- A string key as this call sees it: false when it does not exist.
local function read(key)
  local value = values[key]
  if value == nil then
    value = call('GET', key)
    values[key] = value
  end
  return value
end

-- Whether some key was written twice in this call, or written over.
local overwritten = false

-- Stages a string key. It stays until it is written again.
local function write(key, value)
  local n = #lasting
  if values[key] then overwritten = true end
  lasting[n + 1], lasting[n + 2] = key, value
  values[key] = value
end

-- Stages a string key that is forgotten after `lifetime` ms.
local function writePassing(key, value, lifetime)
  local n = #passing
  if values[key] then overwritten = true end
  passing[n + 1], passing[n + 2], passing[n + 3] = key, value, lifetime
  values[key] = value
end

-- Lua can unpack some thousand values; a burst of expiries may be more.
local PORTION = 1000

local function inPortions(command, key, list)
  for first = 1, #list, PORTION do
    call(command, key, unpack(list, first, min(first + PORTION - 1, #list)))
  end
end

-- Of two writes to one key the later one counts: `values` knows which that was.
local function lastWrites()
  local last = {}
  for i = 1, #lasting, 2 do
    if values[lasting[i]] == lasting[i + 1] then
      local n = #last
      last[n + 1], last[n + 2] = lasting[i], lasting[i + 1]
    end
  end
  return last
end

local function writeStrings()
  local last = overwritten and lastWrites() or lasting
  for first = 1, #last, PORTION do
    call('MSET', unpack(last, first, min(first + PORTION - 1, #last)))
  end
  for i = 1, #passing, 3 do
    if values[passing[i]] == passing[i + 1] then
      call('SET', passing[i], passing[i + 1], 'PX', passing[i + 2])
    end
  end
end

local function writeItem(item)
  local fields = {
    'version', json(item.version), 'committed', json(item.committed), 'held', json(item.held),
    'sellable', json(item.sellable),
  }
  local function add(name, value)
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
  if item.shelvesChanged then add('physical', item.physical) end
  if item.heldForChanged then add('heldFor', item.heldFor) end
  if item.carvedChanged then add('allocations', quote(item.allocations)) end
  for channel in pairs(item.takenChanged) do add('taken:' .. channel, json(item.taken[channel])) end
  call('HSET', item.key, unpack(fields))
end

-- Writes everything that was decided. Events go first: their ids must grow, and Redis refusing one
-- stops the call while nothing else is written.
local function flush()
  for i = 1, #events, 3 do
    call('XADD', EVENTS, events[i], 'context', events[i + 1], 'effect', events[i + 2])
  end
  if #events > 0 then call('HSET', META, 'seq', json(seq)) end
  for _, item in ipairs(changedItems) do writeItem(item) end
  writeStrings()
  inPortions('ZREM', DUE, removed)
  inPortions('ZADD', DUE, added)
  inPortions('RPUSH', KEPT, kept)
end
