-- Keep a mark until its time is over, and drop those whose time was. By Redis's own clock.
-- KEYS: marks; ARGV: name, value, ttl_ms. A mark is stored as `expires_ms value`.
if redis.replicate_commands then redis.replicate_commands() end
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local marks = redis.call('HGETALL', KEYS[1])
for i = 1, #marks, 2 do
  if tonumber(string.match(marks[i + 1], '^%d+')) <= now then
    redis.call('HDEL', KEYS[1], marks[i])
  end
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f ', now + ARGV[3]) .. ARGV[2])
