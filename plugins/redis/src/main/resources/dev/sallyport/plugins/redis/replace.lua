-- Sets a value in the place of the expected one.
-- KEYS[1] the value; ARGV expected, value, milliseconds until it is gone
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {0} end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return {1}
