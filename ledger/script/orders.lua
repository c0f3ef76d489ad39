-- Marketplace orders. A fact is cumulative and joins to what is known of the order's line, so any
-- order, repetition or delay of the same facts ends in the same balances: inventory/order-line.ts.

-- Shipped, and not taken back: `unshipped` is absent where nothing was.
local function leftBy(line)
  return max(0, line.shipped - (line.unshipped or 0))
end

local function committedBy(line)
  return max(0, line.ordered - line.cancelled - leftBy(line))
end

local function takenBy(line)
  return max(0, line.ordered - line.cancelled)
end

local function lineKey(subject)
  return PREFIX .. ':line:' .. subject.line
end

-- The line as Redis knows it; else as the caller found it in the record; else a new one.
local function loadLine(subject)
  local text = read(lineKey(subject))
  if text then return cjson.decode(text) end
  local known = subject.known or { 0, 0, 0 }
  return { ordered = known[1], cancelled = known[2], shipped = known[3],
    unshipped = known[4], channel = subject.known and subject.channel or '' }
end

-- Open lines stay; a line that claims nothing may be forgotten, and is then told by the caller.
local function saveLine(subject, line)
  if committedBy(line) > 0 then
    write(lineKey(subject), quote(line))
  else
    writePassing(lineKey(subject), quote(line), LINE_MS)
  end
end

local function lineText(subject, line)
  return ',"line":{"connection":' .. quote(subject.connection) .. ',"order":'
    .. quote(subject.order) .. ',"ordered":' .. line.ordered .. ',"cancelled":' .. line.cancelled
    .. ',"shipped":' .. line.shipped
    .. ((line.unshipped or 0) > 0 and ',"unshipped":' .. line.unshipped or '') .. '}'
end

local function copyLine(line)
  return { ordered = line.ordered, cancelled = line.cancelled, shipped = line.shipped,
    unshipped = line.unshipped, channel = line.channel }
end

-- Posts what the line claims now beyond what it claimed before, and keeps the line.
local function postLine(subject, before, after)
  postCommitted(committedBy(after) - committedBy(before))
  if before.channel == after.channel then
    take(after.channel, takenBy(after) - takenBy(before))
  else
    -- The first report of this order did not say whose it was.
    take(after.channel, takenBy(after))
  end
  saveLine(subject, after)
end

-- The cart that an order came from claims nothing any more: in the same movement that commits the
-- order's units, so that they are never claimed twice nor free in between.
local function commitCart(command, item, cart, line)
  postHeld(-cart.quantity, cart.channel)
  take(cart.channel, -cart.quantity)
  cart.state, cart.line, cart.closed = 'committed', line, true
  saveHold(command.holdKey, command.hold, item, cart)
end

local COUNTER = { sell = 'ordered', cancel = 'cancelled', ship = 'shipped',
  unship = 'unshipped' }

local function orderFact(command, item)
  local subject, counter = cjson.decode(command.subject), COUNTER[command.kind]
  subject.known = command.told.known
  subject.channel = command.channel
  local before = loadLine(subject)
  local cart = command.hold ~= '' and liveHold(command, item) or nil
  if command.quantity <= (before[counter] or 0) and not cart then
    return already(item, lineText(subject, before))
  end
  local after = copyLine(before)
  beginMovement(item)
  after[counter] = max(before[counter] or 0, command.quantity)
  if cart then commitCart(command, item, cart, subject.line) end
  if after.channel == '' then after.channel = command.channel end
  postLine(subject, before, after)
  if subject.location then
    postPhysical('sellable', subject.location, leftBy(before) - leftBy(after))
  end
  local tail = lineText(subject, after)
  if cart then tail = tail .. holdText(command.hold, cart) end
  return applied(command, command.kind, tail)
end

-- A live hold becomes the order's line. An order the marketplace told us of as well is the same
-- line: `ordered` joins, so the units are not claimed twice.
local function commitHold(command, item)
  local subject = cjson.decode(command.subject)
  local hold, refusal, over = liveHold(command, item)
  if not hold then
    local same = over and over.state == 'committed' and over.line == subject.line
    if not same then return refusal end
    return already(item, lineText(subject, loadLine(subject)) .. holdText(command.hold, over))
  end
  local before = loadLine(subject)
  local after = copyLine(before)
  beginMovement(item)
  after.ordered = max(before.ordered, hold.quantity)
  if after.channel == '' then
    after.channel = command.channel ~= '' and command.channel or hold.channel
  end
  postHeld(-hold.quantity, hold.channel)
  take(hold.channel, -hold.quantity)
  postLine(subject, before, after)
  hold.state = 'committed'
  hold.line = subject.line
  saveHold(command.holdKey, command.hold, item, hold)
  local tail = lineText(subject, after) .. holdText(command.hold, hold)
  return applied(command, 'commit', tail)
end

return { commit = commitHold, sell = orderFact, cancel = orderFact, ship = orderFact,
  unship = orderFact }
