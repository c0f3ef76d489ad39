-- Decides the batch, command by command, each seeing what the ones before it changed.

-- Rules by kind of command, and where the others are. A part that is not needed is not made.
local rules = { extend = extendHold, release = releaseHold }
local PART_OF = {
  ['set-hold'] = carts, ['close-hold'] = carts,
  commit = orders, sell = orders, cancel = orders, ship = orders, unship = orders,
  receive = levels, adjust = levels, transfer = levels, allocate = levels,
}

local function ruleOf(kind)
  local part = PART_OF[kind]
  if not rules[kind] and part then
    for name, rule in pairs(part()) do rules[name] = rule end
  end
  return rules[kind]
end

-- The order of a command's fields is the client's, and explained there: ledger/encode.ts. A hold
-- needs no more than the first of them, and there are many holds.
local WIDTH, WIDTH_OF_HOLD = 12, 9

local function widthAt(i)
  return ARGV[i] == 'hold' and WIDTH_OF_HOLD or WIDTH
end

-- One command at a time: its table is the next one's.
local command, NOTHING = {}, {}

local function readCommand(i)
  local extras
  command.kind, command.item, command.context, command.units, command.channel, command.hold,
    command.holdKey, command.ttl, command.asked, command.done, command.subject, extras
    = unpack(ARGV, i, i + WIDTH - 1)
  command.quantity = tonumber(command.units)
  command.told = extras ~= '' and cjson.decode(extras) or NOTHING
end

local function prefetchAll()
  local keys, n, i = {}, 0, 2
  while ARGV[i] do
    local width = widthAt(i)
    local holdKey, done = ARGV[i + 6], width == WIDTH and ARGV[i + 9] or ''
    if holdKey ~= '' then n = n + 1; keys[n] = holdKey end
    if done ~= '' then n = n + 1; keys[n] = done end
    i = i + width
  end
  prefetch(keys)
end

-- What moves nothing by itself, and is not remembered.
local function other()
  if command.kind == 'sweep' then return sweep(command.quantity) end
  if command.kind ~= 'stock' then return names()[command.kind](command) end
  local item = loadItem(command.item, command.channel)
  expireDue(item)
  return stockText(item)
end

local function decide(i)
  readCommand(i)
  local rule = ruleOf(command.kind)
  if not rule then return other() end
  local before = remembered(command)
  if before then return before end
  local item = loadItem(command.item, command.channel)
  expireDue(item)
  return rule(command, item)
end

local function decideHold(_, name, context, units, channel, ...)
  local item = loadItem(name, channel)
  expireDue(item)
  return takeHold(item, context, units, channel, ...)
end

local meta = call('HMGET', META, 'epoch', 'seq')
-- The epoch is the run of the server on which this partition was last verified. Another one means
-- that Redis restarted, failed over or was emptied, and may have forgotten what it promised.
if meta[1] ~= EPOCH then return 'unverified' end
seq = tonumber(meta[2])

prefetchAll()
local answers, n, at = {}, 0, 2
while ARGV[at] do
  local width = widthAt(at)
  n = n + 1
  if width == WIDTH then
    answers[n] = decide(at)
  else
    answers[n] = decideHold(unpack(ARGV, at, at + width - 1))
  end
  at = at + width
end
noteDue()
flush()
return answers
