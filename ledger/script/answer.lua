-- What a command is answered: an `Answer` of ledger/contract.ts as JSON.

local function doneKey(command)
  return PREFIX .. ':done:' .. command.shop .. '/' .. command.activity
end

-- What makes two commands the same. Neither where a report came from nor when, so that a webhook
-- and a poll about one fact collide.
local function fingerprint(command)
  return table.concat({ command.kind, command.item, command.quantity, command.hold, command.ttl,
    command.subject }, ' ')
end

-- Something moved: the answer is kept under the activity's id.
local function applied(command, result)
  write(doneKey(command), fingerprint(command) .. '\n' .. result, REMEMBER_MS)
  return '{"outcome":"applied","repeated":false,' .. result .. '}'
end

-- Nothing moved, because what was asked for is so already.
local function already(item, tail)
  return '{"outcome":"applied","repeated":true,"partition":' .. PARTITION .. ',"seq":'
    .. item.version .. ',"stock":' .. stockText(item) .. ',"oversold":0' .. tail .. '}'
end

-- The answer that was given before under the same activity id, or nil. Refusals are not kept:
-- they moved nothing, and who asks again wants to know about now.
local function remembered(command)
  local kept = read(doneKey(command))
  if not kept then return nil end
  local known, result = kept:match('^(.-)\n(.*)$')
  if known ~= fingerprint(command) then return '{"outcome":"reused-activity"}' end
  return '{"outcome":"applied","repeated":true,' .. result .. '}'
end

local function insufficient(available)
  return '{"outcome":"insufficient","available":' .. math.max(0, available) .. '}'
end
