-- The partition's keys, and everything this call is going to write.
--
-- A call decides a batch of commands for one partition. It writes nothing while it decides: all
-- changes are staged here and written at the very end, so a broken rule leaves nothing behind.
--
-- KEYS[1] is the partition's name with its hash tag, such as "ballast:{p3}"; every key of the
-- partition starts with it and therefore lives in the same slot of a Redis Cluster.
-- ARGV is the partition's number, the time ("" for Redis' own; tests set it), then the commands.
-- The client puts EPOCH, REMEMBER_MS, LINE_MS and TOMBSTONE_MS in front of this text.

local PREFIX = KEYS[1]
local PARTITION = ARGV[1]
local META, EVENTS, DUE = PREFIX .. ':meta', PREFIX .. ':events', PREFIX .. ':due'

local function clock()
  if ARGV[2] ~= '' then return tonumber(ARGV[2]) end
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local NOW = clock()
local quote = cjson.encode

local seq = 0
local eventIds, eventTexts = {}, {}
local changedItems = {}
local fetched, staged, stagedOrder, lifetimes = {}, {}, {}, {}
local dueChanges = {}

-- Fetches many string keys in one call; `read` then finds them.
local function prefetch(keys)
  if #keys == 0 then return end
  local values = redis.call('MGET', unpack(keys))
  for i, key in ipairs(keys) do fetched[key] = values[i] end
end

-- A string key as this call sees it: false when it does not exist.
local function read(key)
  local value = staged[key]
  if value == nil then value = fetched[key] end
  if value == nil then
    value = redis.call('GET', key)
    fetched[key] = value
  end
  return value
end

-- Stages a string key; without a lifetime (ms) it stays until it is written again.
local function write(key, value, lifetime)
  if staged[key] == nil then stagedOrder[#stagedOrder + 1] = key end
  staged[key] = value
  lifetimes[key] = lifetime
end

local function writeStrings()
  local lasting = {}
  for _, key in ipairs(stagedOrder) do
    if lifetimes[key] then
      redis.call('SET', key, staged[key], 'PX', lifetimes[key])
    else
      lasting[#lasting + 1] = key
      lasting[#lasting + 1] = staged[key]
    end
  end
  if #lasting > 0 then redis.call('MSET', unpack(lasting)) end
end

-- Lua can unpack some thousand values; a burst of expiries may be more.
local function inPortions(command, key, values)
  for first = 1, #values, 1000 do
    redis.call(command, key, unpack(values, first, math.min(first + 999, #values)))
  end
end

local function writeDue()
  local added, removed = {}, {}
  for member, expiresAt in pairs(dueChanges) do
    if expiresAt then
      added[#added + 1] = expiresAt
      added[#added + 1] = member
    else
      removed[#removed + 1] = member
    end
  end
  inPortions('ZADD', DUE, added)
  inPortions('ZREM', DUE, removed)
end

local function writeItems()
  for _, item in ipairs(changedItems) do
    local fields = {
      'version', item.version, 'committed', item.committed, 'held', item.held,
      'sellable', item.sellable,
    }
    local function add(name, value)
      fields[#fields + 1] = name
      fields[#fields + 1] = value
    end
    if item.shelvesChanged then add('physical', item.physical) end
    if item.carvedChanged then add('allocations', quote(item.allocations)) end
    for channel in pairs(item.takenChanged) do add('taken:' .. channel, item.taken[channel]) end
    redis.call('HSET', item.key, unpack(fields))
  end
end

-- Writes everything that was decided. Events go first: their ids must grow, and Redis refusing one
-- stops the call while nothing else is written.
local function flush()
  for i, id in ipairs(eventIds) do redis.call('XADD', EVENTS, id, 'event', eventTexts[i]) end
  if #eventIds > 0 then redis.call('HSET', META, 'seq', seq) end
  writeItems()
  writeStrings()
  writeDue()
end
