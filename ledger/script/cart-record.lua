-- What is known of a cart as a whole, in one key of its own: KEYS[1], JSON. What its holds are is
-- decided by the ledger, item by item; this only keeps the order of what is told of the cart.
--
--   revision   the newest that was told
--   since      when it began to hold, ms; until: when its holds end, or ended
--   items      every item it ever held, so that each can be ended
--   lines      what it held when the newest revision was done
--   source     who tells of it: the storefront's own word counts more than a webhook's
--   ordered    it became an order, and claims no more
--
-- ARGV: what to do, now, how long to remember (ms), and what that needs.

local what, now, remember = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local text = redis.call('GET', KEYS[1])
local cart = text and cjson.decode(text)
  or { revision = 0, since = now, ['until'] = 0, items = {}, lines = {}, source = '' }

local function keep()
  redis.call('SET', KEYS[1], cjson.encode(cart), 'PX', remember)
  return cjson.encode(cart)
end

-- A new revision begins: told, revision (0 = the next one), items, source, longest, pause.
if what == 'begin' then
  local revision, items, source = tonumber(ARGV[4]), cjson.decode(ARGV[5]), ARGV[6]
  local longest, pause = tonumber(ARGV[7]), tonumber(ARGV[8])
  if cart.ordered then return { 'ordered', text } end
  if source == 'webhook' and cart.source == 'storefront' then return { 'known', text } end
  if revision == 0 then revision = cart.revision + 1 end
  if revision <= cart.revision then return { 'stale', text } end
  if now >= cart['until'] + pause then cart.since = now end
  cart.revision, cart.source = revision, source
  for _, item in ipairs(items) do cart.items[item] = true end
  local tooLong = #items > 0 and now >= cart.since + longest
  return { tooLong and 'too-long' or 'begun', keep() }
end

-- What a revision came to: revision, lines, until. An older one has nothing to say any more.
if what == 'done' then
  if not text or tonumber(ARGV[4]) ~= cart.revision then return { 'stale', text } end
  cart.lines, cart['until'] = cjson.decode(ARGV[5]), tonumber(ARGV[6])
  for item, units in pairs(cart.lines) do
    -- The ledger has this revision's 0, so that nothing older can hold it any more.
    if units == 0 then cart.items[item], cart.lines[item] = nil, nil end
  end
  return { 'kept', keep() }
end

-- The holds of a revision end later.
if what == 'extended' then
  if not text or tonumber(ARGV[4]) ~= cart.revision then return { 'stale', text } end
  cart['until'] = tonumber(ARGV[5])
  return { 'kept', keep() }
end

-- It became an order.
cart.ordered, cart.lines = true, {}
return { 'ordered', keep() }
