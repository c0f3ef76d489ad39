-- Decides the batch, command by command, each seeing what the ones before it changed.

local DECIDE = {
  hold = takeHold,
  ['set-hold'] = setHold,
  ['close-hold'] = closeHold,
  extend = extendHold,
  release = releaseHold,
  commit = commitHold,
  sell = orderFact,
  cancel = orderFact,
  ship = orderFact,
  receive = changeShelf,
  adjust = changeShelf,
  transfer = transfer,
  allocate = allocate,
}

-- The order of these is the client's, and explained there: ledger/encode.ts.
local WIDTH = 12

local function parseCommand(i)
  local extras = ARGV[i + 11]
  local command = {
    kind = ARGV[i],
    item = ARGV[i + 1],
    done = ARGV[i + 2],
    asked = ARGV[i + 3],
    context = ARGV[i + 4],
    units = ARGV[i + 5],
    quantity = tonumber(ARGV[i + 5]),
    channel = ARGV[i + 6],
    hold = ARGV[i + 7],
    holdKey = ARGV[i + 8],
    ttl = ARGV[i + 9],
    subject = ARGV[i + 10],
  }
  if extras ~= '' then
    local told = cjson.decode(extras)
    command.version = told.version
    command.known = told.known
    command.revision = told.revision
    command.share = told.share
  end
  return command
end

local function prefetchAll(commands)
  local keys = {}
  for _, command in ipairs(commands) do
    if command.done ~= '' then keys[#keys + 1] = command.done end
    if command.holdKey ~= '' then keys[#keys + 1] = command.holdKey end
  end
  prefetch(keys)
end

local function decide(command)
  if command.kind == 'sweep' then return sweep(command.quantity) end
  if command.kind == 'name' then return nameOnce(command) end
  if command.kind == 'forget' then return forgetName(command) end
  local item = loadItem(command.item, command.channel)
  if command.kind == 'stock' then
    expireDue(item, math.huge)
    return stockText(item)
  end
  local before = remembered(command)
  if before then return before end
  expireDue(item, math.huge)
  return DECIDE[command.kind](command, item)
end

local meta = call('HMGET', META, 'epoch', 'seq')
-- The epoch is the run of the server on which this partition was last verified. Another one means
-- that Redis restarted, failed over or was emptied, and may have forgotten what it promised.
if meta[1] ~= EPOCH then return 'unverified' end
seq = tonumber(meta[2])

local commands, answers = {}, {}
for i = 2, #ARGV, WIDTH do commands[#commands + 1] = parseCommand(i) end
prefetchAll(commands)
for i, command in ipairs(commands) do answers[i] = decide(command) end
flush()
return answers
