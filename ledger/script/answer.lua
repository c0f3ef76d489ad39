-- What a command is answered, as JSON: a refusal of ledger/contract.ts, or the movement's effect.

-- Something moved: the effect is kept under the activity's id, with what the activity asked for.
local function applied(command, effect)
  writePassing(command.done, command.asked .. '\n' .. effect, REMEMBER_MS)
  return effect
end

-- Nothing moved, because what was asked for is so already.
local function already(item, tail)
  return '{"repeated":true,"partition":' .. PARTITION .. ',"seq":' .. json(item.version)
    .. ',"oversold":0,"stock":' .. stockText(item) .. tail .. '}'
end

-- The answer that was given before under the same activity id, or nil. Refusals are not kept:
-- they moved nothing, and who asks again wants to know about now.
local function remembered(command)
  local kept = read(command.done)
  if not kept then return nil end
  local asked, effect = kept:match('^(.-)\n(.*)$')
  -- Recovery knows that the activity was applied, but not in which words it was asked for.
  if asked ~= '' and asked ~= command.asked then return '{"outcome":"reused-activity"}' end
  return '{"repeated":true,' .. effect:sub(2)
end

local function insufficient(available)
  return '{"outcome":"insufficient","available":' .. json(math.max(0, available)) .. '}'
end
