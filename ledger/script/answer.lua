-- What a command is answered, as JSON: a refusal of ledger/contract.ts, or the movement's effect.

-- Something moved: the effect is kept under the activity's id. A list of what is kept since when
-- stands in for an expiry of each key, which would cost a write of its own per movement.
local function applied(command, kind, tail)
  local effect = record(kind, command.context, tail)
  write(command.done, command.asked .. '\n' .. effect)
  local n = #kept
  kept[n + 1], kept[n + 2] = NOW_TEXT, command.done
  return effect
end

-- Forgets up to `limit` answers that were kept long enough, and returns how many.
local function forget(limit)
  local oldest, count, keys = call('LRANGE', KEPT, 0, 2 * limit - 1), 0, {}
  while oldest[count + 1] and oldest[count + 1] + REMEMBER_MS <= NOW do
    keys[#keys + 1] = oldest[count + 2]
    count = count + 2
  end
  if count == 0 then return 0 end
  call('UNLINK', unpack(keys))
  call('LTRIM', KEPT, count, -1)
  return #keys
end

-- Nothing moved, because what was asked for is so already.
local function already(item, tail)
  return '{"repeated":true,"seq":' .. json(item.version) .. ',"stock":{'
    .. balancesText(item) .. tail .. '}'
end

local function repeated(effect)
  return '{"repeated":true,' .. effect:sub(2)
end

-- The answer that was given before under the same activity id, or nil. Refusals are not kept:
-- they moved nothing, and who asks again wants to know about now.
local function remembered(command)
  local kept = read(command.done)
  if not kept then return nil end
  local asked, effect = kept:match('^(.-)\n(.*)$')
  -- Recovery knows that the activity was applied, but not in which words it was asked for.
  if asked ~= '' and asked ~= command.asked then return '{"outcome":"reused-activity"}' end
  return repeated(effect)
end

local function insufficient(available)
  return '{"outcome":"insufficient","available":' .. json(max(0, available)) .. '}'
end
