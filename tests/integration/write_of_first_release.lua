-- The write script of release 0.1, as it was: what it leaves behind must still be understood.
-- Apply some writes, all or none, and append one event to the log.
-- KEYS: entities versions expiry tombstones log meta, and the idempotency key.
-- ARGV: prefix fetched_ms digest epoch, then per write: id expected index body.
--   expected: "" whatever it is; index: `kind feed expires_ms`, "-" for none; body: "" to remove.
-- Answers {'ok', cursor, version…}, {'seen', answer} or {'conflict', id, version…}.
-- The version of a write that changed nothing (removing what is not there) is 0.
--
-- versions holds `version kind feed expires_ms` for what is on the picture and `-version` for
-- what has left it, so that versions go on after a removal.
if redis.replicate_commands then redis.replicate_commands() end
local entities, versions, expiry, tombstones, log, meta, idempotency = unpack(KEYS)
local prefix, fetched, digest, epoch = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local n = (#ARGV - 4) / 4

if digest ~= '' then
  local seen = redis.call('GET', idempotency)
  if seen then return {'seen', seen} end
end

local ids = {}
for i = 1, n do ids[i] = ARGV[4 * i + 1] end
local known = n > 0 and redis.call('HMGET', versions, unpack(ids)) or {}

local version, index, conflicts = {}, {}, {'conflict'}
for i = 1, n do
  local expected, current = ARGV[4 * i + 2], '0'
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

-- The floor lies before every event of this log and after every event of an earlier one.
if redis.call('HEXISTS', meta, 'epoch') == 0 then
  local clock = redis.call('TIME')
  local floor = string.format('%.0f-0', clock[1] * 1000 + math.floor(clock[2] / 1000) - 1)
  redis.call('HSET', meta, 'epoch', epoch, 'floor', floor, 'last', floor)
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
  local id, new, body = ids[i], ARGV[4 * i + 3], ARGV[4 * i + 4]
  local old = index[i]
  if body == '' and not old then
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
  cursor = redis.call('XADD', log, '*', unpack(event))
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
  cursor = redis.call('HGET', meta, 'last')
end

if digest ~= '' then
  redis.call('SET', idempotency, digest .. ' ' .. cursor .. ' ' .. table.concat(answer, ' '),
    'PX', 86400000)
end
return {'ok', cursor, unpack(answer)}
