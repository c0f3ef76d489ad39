-- Decides the batch, command by command, each seeing what the ones before it changed.

local DECIDE = {
  hold = takeHold,
  extend = extendHold,
  release = releaseHold,
  commit = commitHold,
  sell = orderFact,
  cancel = orderFact,
  ship = orderFact,
  receive = changeShelf,
  adjust = changeShelf,
  allocate = allocate,
}

-- The order of these is the client's: ledger/encode.ts.
local WIDTH = 11

local function parseCommand(i)
  local extras = ARGV[i + 10]
  local command = {
    kind = ARGV[i],
    shop = ARGV[i + 1],
    item = ARGV[i + 2],
    activity = ARGV[i + 3],
    context = ARGV[i + 4],
    quantity = tonumber(ARGV[i + 5]),
    channel = ARGV[i + 6],
    hold = ARGV[i + 7],
    ttl = tonumber(ARGV[i + 8]),
    subject = ARGV[i + 9],
  }
  if extras ~= '' then
    local told = cjson.decode(extras)
    command.version = told.version
    command.known = told.known
  end
  return command
end

local function prefetchAll(commands)
  local keys = {}
  for _, command in ipairs(commands) do
    if command.activity ~= '' then keys[#keys + 1] = doneKey(command) end
    if command.hold ~= '' then keys[#keys + 1] = holdKey(command.shop, command.hold) end
  end
  prefetch(keys)
end

local function decide(command)
  if command.kind == 'sweep' then return sweep(command.quantity) end
  local item = loadItem(command.shop .. '/' .. command.item, command.channel)
  if command.kind == 'stock' then
    expireDue(item, math.huge)
    return stockText(item)
  end
  local before = remembered(command)
  if before then return before end
  expireDue(item, math.huge)
  return DECIDE[command.kind](command, item)
end

local meta = redis.call('HMGET', META, 'epoch', 'seq')
-- The epoch is the run of the server on which this partition was last verified. Another one means
-- that Redis restarted, failed over or was emptied, and may have forgotten what it promised.
if meta[1] ~= EPOCH then return 'unverified' end
seq = tonumber(meta[2])

local commands, answers = {}, {}
for i = 3, #ARGV, WIDTH do commands[#commands + 1] = parseCommand(i) end
prefetchAll(commands)
for i, command in ipairs(commands) do answers[i] = decide(command) end
flush()
return answers
