-- What people and warehouses say about stock: receipts, corrections, transfers, and units
-- set aside.

-- The refusal for somebody who decided on an older state of the item than there is.
local function staleVersion(command, item)
  if command.told.version == nil or command.told.version == item.version then return nil end
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

-- Units of one bucket go from one location to another, in one movement. A correction may say what
-- it likes, because a count is a fact; a transfer of units that are not there is a mistake.
local function transfer(command, item)
  local stale = staleVersion(command, item)
  if stale then return stale end
  local subject, units = cjson.decode(command.subject), command.quantity
  local there = unitsAt(item, subject.bucket, subject.from)
  if there < units then return insufficient(there) end
  beginMovement(item)
  postPhysical(subject.bucket, subject.from, -units)
  postPhysical(subject.bucket, subject.to, units)
  return applied(command, 'transfer', '')
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

return { receive = changeShelf, adjust = changeShelf, transfer = transfer, allocate = allocate }
