-- Carts: a cart has one hold on each of its items, which follows the cart. What it should be is told
-- as a whole and numbered by the cart's revision, so that messages may come late, twice, or in any
-- order: the highest revision stands. A cart that became an order is closed and claims no more.

-- The first line of a hold's record, and nothing to be repeated: what a cart's hold says is stated
-- anew by each revision.
local function keepHold(command, hold)
  writePassing(command.holdKey, quote(hold) .. '\n', REMEMBER_MS)
end

local function neverHeld(command, item)
  return { state = 'released', quantity = 0, expiresAt = NOW, channel = command.channel,
    item = item.name, asked = '', revision = command.told.revision }
end

-- What has happened to the hold, as the history calls it.
local function kindOf(before, quantity)
  if before == 0 then return 'hold' end
  if quantity == 0 then return 'release' end
  return before == quantity and 'extend' or 'resize'
end

-- nil, or the refusal: `available` counts what the cart has already.
local function tooMany(command, item, before)
  local available = availableToSell(item, command.channel)
  local allowed = cartAllowance(available, item.held, command.told.share)
  local grown = command.quantity - before
  if grown <= 0 or grown <= allowed then return nil end
  local share = grown <= available and ',"share":true' or ''
  return '{"outcome":"insufficient","available":' .. json(max(0, allowed + before)) .. share .. '}'
end

-- Sets a cart's hold on an item to so many units; 0 gives them back.
local function setHold(command, item)
  local hold = loadHold(command.holdKey, item)
  if hold and hold.closed then return holdOver(hold) end
  if hold and command.told.revision <= (hold.revision or 0) then
    return already(item, holdText(command.hold, hold))
  end
  local before = hold and hold.state == 'live' and hold.quantity or 0
  local refusal = tooMany(command, item, before)
  if refusal then return refusal end
  if before == 0 and command.quantity == 0 then
    hold = hold or neverHeld(command, item)
    hold.revision = command.told.revision
    keepHold(command, hold)
    return already(item, holdText(command.hold, hold))
  end
  beginMovement(item)
  local grown = command.quantity - before
  if grown ~= 0 then
    postHeld(grown, command.channel)
    take(command.channel, grown)
  end
  local now = neverHeld(command, item)
  if command.quantity > 0 then
    now.state, now.quantity, now.expiresAt = 'live', command.quantity, NOW + command.ttl
  else
    now.quantity = before
  end
  if not hold then values[command.holdKey] = '\n' end
  saveHold(command.holdKey, command.hold, item, now)
  return applied(command, kindOf(before, command.quantity), holdText(command.hold, now))
end

-- Ends a cart's hold for good: its cart became an order, so what is told of the cart later counts
-- no more. Units it still claims are given back.
local function closeHold(command, item)
  local hold = loadHold(command.holdKey, item) or neverHeld(command, item)
  local live = hold.state == 'live'
  if hold.closed then return already(item, holdText(command.hold, hold)) end
  hold.closed = true
  if live then
    endHold(command.holdKey, command.hold, item, hold, 'released')
    return applied(command, 'release', holdText(command.hold, hold))
  end
  keepHold(command, hold)
  return already(item, holdText(command.hold, hold))
end

return { ['set-hold'] = setHold, ['close-hold'] = closeHold }
