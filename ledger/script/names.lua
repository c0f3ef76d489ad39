-- Texts under names of the callers' own: which basket an idempotency key stands for. They travel
-- with the commands, so that naming a claim and taking it cost one way to Redis together.

-- Lets a text stand under a name where nothing does, and returns what stood there before.
local function nameOnce(command)
  local before = read(command.holdKey)
  if before and before ~= '' then return before end
  writePassing(command.holdKey, command.subject, command.ttl)
  return ''
end

-- Takes a text from under its name, unless another one stands there by now. Nothing is deleted
-- while a call decides: an empty text is as good as none, and is gone a moment later.
local function forgetName(command)
  if read(command.holdKey) == command.subject then writePassing(command.holdKey, '', 1) end
  return ''
end

return { name = nameOnce, forget = forgetName }
