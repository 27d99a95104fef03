-- Lets a holder in where there is room.
-- KEYS[1] the holders, by when their time is over
-- ARGV    now in microseconds ('' for the server's), slack in milliseconds, holder, most, for how long in microseconds
-- Returns whether it is inside, and how many are
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local holder, most, stay = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
local inside = redis.call('ZSCORE', KEYS[1], holder)
local count = redis.call('ZCARD', KEYS[1])
if not inside and count >= most then return {0, count} end
redis.call('ZADD', KEYS[1], string.format('%.0f', now + stay), holder)
local keep = math.ceil(stay / 1000) + tonumber(ARGV[2])
if redis.call('PTTL', KEYS[1]) < keep then redis.call('PEXPIRE', KEYS[1], keep) end
return {1, inside and count or count + 1}
