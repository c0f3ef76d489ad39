-- What people and warehouses say about stock: receipts, corrections, and units set aside.

-- The refusal for somebody who decided on an older state of the item than there is.
local function staleVersion(command, item)
  if command.version == nil or command.version == item.version then return nil end
  return '{"outcome":"version-conflict","stock":' .. stockText(item) .. '}'
end

-- Receipts and corrections: one shelf changes.
local function changeShelf(command, item)
  local stale = staleVersion(command, item)
  if stale then return stale end
  local subject = cjson.decode(command.subject)
  beginMovement(item)
  postPhysical(subject.bucket, subject.location, command.quantity)
  return applied(command, command.kind, '')
end

-- Units for one channel only: taken from the pool that every channel sells from, or given back.
local function allocate(command, item)
  local stale = staleVersion(command, item)
  if stale then return stale end
  local channel, units = command.channel, command.quantity
  local left = allocationLeft(item, channel)
  local available = units > 0 and availableToSell(item, '') or left
  if available < math.abs(units) then return insufficient(available) end
  beginMovement(item)
  item.allocations = item.allocations or {}
  item.allocations[channel] = { carved = left + units, takenThen = takenOf(item, channel) }
  item.carvedChanged = true
  postAllocated(channel, units)
  return applied(command, 'allocate', '')
end
