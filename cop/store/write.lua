-- Apply some writes, all or none, append one event to the log, and a page to the journal.
-- KEYS: entities versions expiry tombstones log meta journal, and the idempotency key.
-- ARGV: prefix fetched_ms digest kept_ms epoch page page_sha256 format writes server line, then per
--   write:
--   id expected index body, then the ids that the page is about besides those.
--   digest, page: "" for none; expected: "" whatever it is;
--   server: what the primary calls its history, "" where it is always the same; line: see below;
--   index: `kind feed expires_ms`, "-" for none, or "?" to look at the version alone;
--   body: "" to remove.
-- Answers {'ok', cursor, number, version…}, {'seen', answer}, {'conflict', id, version…} or, where
-- what is stored is of another format, {'format', which}.
-- The number of a page that there is not, and the version of a write that changed nothing
-- (removing what is not there), is 0. An answer that is kept for its idempotency key is
-- `digest cursor number`, then per write that changed something ` id version`.
--
-- versions holds `version kind feed expires_ms` for what is on the picture and `-version` for
-- what has left it, so that versions go on after a removal.
if redis.replicate_commands then redis.replicate_commands() end
local entities, versions, expiry, tombstones, log, meta, journal, idempotency = unpack(KEYS)
local prefix, fetched, digest, kept_ms, epoch = unpack(ARGV, 1, 5)
local page, page_sha256, format, n = ARGV[6], ARGV[7], ARGV[8], tonumber(ARGV[9])
local server, line = ARGV[10], tonumber(ARGV[11])
local head = 11

local stored = redis.call('HMGET', meta, 'epoch', 'format', 'server', 'last')
if stored[1] and stored[2] ~= format then return {'format', stored[2] or '1'} end

if digest ~= '' then
  local seen = redis.call('GET', idempotency)
  if seen then return {'seen', seen} end
end

local ids = {}
for i = 1, n do ids[i] = ARGV[head + 4 * i - 3] end
local known = n > 0 and redis.call('HMGET', versions, unpack(ids)) or {}

local version, index, conflicts = {}, {}, {'conflict'}
for i = 1, n do
  local expected, current = ARGV[head + 4 * i - 2], '0'
  if known[i] then
    local number, rest = string.match(known[i], '^(%S+) ?(.*)$')
    version[i] = math.abs(tonumber(number))
    if rest ~= '' then index[i], current = rest, number end
  else
    version[i] = 0
  end
  if expected ~= '' and expected ~= current then
    conflicts[#conflicts + 1] = ids[i]
    conflicts[#conflicts + 1] = current
  end
end
if #conflicts > 1 then return conflicts end

-- The link is made here, so that two writers can never follow the same entry, and before anything
-- is changed, so that no change is without its entry. What stands where the head says that nothing
-- does was put there by somebody else: it is evidence, and it stays.
local entry, hash = 0, nil
if page ~= '' then
  local before = redis.call('HMGET', meta, 'journal_number', 'journal_hash')
  entry = tonumber(before[1]) or 0
  repeat entry = entry + 1 until redis.call('HEXISTS', journal, entry) == 0
  hash = sha256((before[2] or string.rep('0', 64)) .. ':' .. entry .. ':' .. page_sha256)
end

-- The floor lies before every event of this log and after every event of an earlier one.
-- A primary that did not write the log so far may lack its end, and somebody may have read that: the
-- log begins anew, and the high bits of its cursors' second numbers, its line, tell it from before.
local LINE = 4294967296
local last = stored[4]
local function now()
  local clock = redis.call('TIME')
  return clock[1] * 1000 + math.floor(clock[2] / 1000)
end
local function parts(cursor)
  local millis, sequence = string.match(cursor, '^(%d+)-(%d+)$')
  return tonumber(millis), tonumber(sequence)
end
if not stored[1] then
  last = string.format('%.0f-0', now() - 1)
  redis.call('HSET', meta, 'epoch', epoch, 'floor', last, 'last', last, 'format', format,
    'server', server)
elseif server ~= '' and server ~= stored[3] then
  local millis, sequence = parts(last)
  if math.floor(sequence / LINE) == line then line = line % 1048575 + 1 end
  last = string.format('%.0f-%.0f', math.max(now(), millis + 1), line * LINE)
  redis.call('DEL', log)
  redis.call('HSET', meta, 'epoch', epoch, 'floor', last, 'last', last, 'server', server)
end
local function next_cursor()
  local millis, sequence = parts(last)
  if sequence < LINE then return '*' end
  local at = now()
  if at <= millis then return string.format('%.0f-%.0f', millis, sequence + 1) end
  return string.format('%.0f-%.0f', at, math.floor(sequence / LINE) * LINE)
end

-- key to the ids that enter or leave the set, or to the members and scores of the sorted set
local enter, leave, due, timeless = {}, {}, {}, {}
local function note(sets, name, id)
  local set = sets[name]
  if not set then
    set = {}
    sets[name] = set
  end
  set[#set + 1] = id
end
local function reindex(id, old, new)
  local kind, feed, expires, was_kind, was_feed, was_expires = '-', '-', '-', '-', '-', '-'
  if old then was_kind, was_feed, was_expires = string.match(old, '^(%S+) (%S+) (%S+)$') end
  if new then kind, feed, expires = string.match(new, '^(%S+) (%S+) (%S+)$') end
  if kind ~= was_kind then
    if was_kind ~= '-' then note(leave, 'kind:' .. was_kind, id) end
    if kind ~= '-' then note(enter, 'kind:' .. kind, id) end
  end
  if feed ~= was_feed then
    if was_feed ~= '-' then note(leave, 'feed:' .. was_feed, id) end
    if feed ~= '-' then note(enter, 'feed:' .. feed, id) end
  end
  if expires ~= was_expires then
    if expires ~= '-' then
      due[#due + 1] = expires
      due[#due + 1] = id
    else
      timeless[#timeless + 1] = id
    end
  end
end

local answer, event, put, numbers, gone, back = {}, {}, {}, {}, {}, {}
for i = 1, n do
  local id, new, body = ids[i], ARGV[head + 4 * i - 1], ARGV[head + 4 * i]
  local old = index[i]
  if new == '?' or (body == '' and not old) then
    answer[i] = 0
  else
    local number = string.format('%d', version[i] + 1)
    local record = number .. ' ' .. fetched .. ' ' .. (body == '' and old or new) .. '\n' .. body
    answer[i] = number
    event[#event + 1] = id
    event[#event + 1] = record
    numbers[#numbers + 1] = id
    if body == '' then
      gone[#gone + 1] = id
      numbers[#numbers + 1] = '-' .. number
      reindex(id, old, nil)
    else
      put[#put + 1] = id
      put[#put + 1] = record
      numbers[#numbers + 1] = number .. ' ' .. new
      if not old and version[i] > 0 then back[#back + 1] = id end
      if old ~= new then reindex(id, old, new) end
    end
  end
end

local cursor
if #event > 0 then
  cursor = redis.call('XADD', log, next_cursor(), unpack(event))
  redis.call('HSET', meta, 'last', cursor)
  redis.call('HSET', versions, unpack(numbers))
  if #put > 0 then redis.call('HSET', entities, unpack(put)) end
  if #gone > 0 then
    redis.call('HDEL', entities, unpack(gone))
    local at, buried = string.match(cursor, '^%d+'), {}
    for _, id in ipairs(gone) do
      buried[#buried + 1] = at
      buried[#buried + 1] = id
    end
    redis.call('ZADD', tombstones, unpack(buried))
  end
  if #back > 0 then redis.call('ZREM', tombstones, unpack(back)) end
  for name, members in pairs(enter) do redis.call('SADD', prefix .. name, unpack(members)) end
  for name, members in pairs(leave) do redis.call('SREM', prefix .. name, unpack(members)) end
  if #due > 0 then redis.call('ZADD', expiry, unpack(due)) end
  if #timeless > 0 then redis.call('ZREM', expiry, unpack(timeless)) end
else
  cursor = last
end

if page ~= '' then
  redis.call('HSET', journal, entry, hash .. '\n' .. page)
  redis.call('HSET', meta, 'journal_number', entry, 'journal_hash', hash)
  for i = 1, n do
    if ARGV[head + 4 * i - 1] ~= '?' then
      redis.call('RPUSH', prefix .. 'journal-of:' .. ids[i], entry)
    end
  end
  for i = head + 4 * n + 1, #ARGV do
    redis.call('RPUSH', prefix .. 'journal-of:' .. ARGV[i], entry)
  end
end

if digest ~= '' then
  local kept = {digest, cursor, entry}
  for i = 1, n do
    if answer[i] ~= 0 then
      kept[#kept + 1] = ids[i]
      kept[#kept + 1] = answer[i]
    end
  end
  redis.call('SET', idempotency, table.concat(kept, ' '), 'PX', kept_ms)
end
return {'ok', cursor, entry, unpack(answer)}
