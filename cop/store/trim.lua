-- Take the oldest events off the log and forget old removals; a bounded part of the work a call.
-- KEYS: log meta versions tombstones; ARGV: keep, tombstones_before_ms, most.
-- Answers {events that went, whether there is more to do}.
if redis.replicate_commands then redis.replicate_commands() end
local log, meta, versions, tombstones = unpack(KEYS)
local keep, before, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local length = redis.call('XLEN', log)
local went = math.max(0, math.min(length - keep, most))
if went > 0 then
  local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', went)
  redis.call('HSET', meta, 'floor', oldest[went][1])
  redis.call('XTRIM', log, 'MAXLEN', '=', length - went)
end

-- A removal that the log still holds is not forgotten: its versions would begin again in the log.
local floor = redis.call('HGET', meta, 'floor')
if not floor then return {0, 0} end
local until_ms = math.min(before, tonumber(string.match(floor, '^%d+')))
local old = redis.call('ZRANGEBYSCORE', tombstones, '-inf', string.format('(%.0f', until_ms),
  'LIMIT', 0, most)
if #old > 0 then
  redis.call('HDEL', versions, unpack(old))
  redis.call('ZREM', tombstones, unpack(old))
end
return {went, (length - went > keep or #old == most) and 1 or 0}
