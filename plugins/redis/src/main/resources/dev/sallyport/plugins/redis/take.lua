-- Takes from all limits of a key, or from none.
-- KEYS[1] what has been taken; KEYS[1 + i] the log of limit i, where it is one
-- ARGV    now in microseconds ('' for the server's), how long to keep the key beyond what it needs in milliseconds,
--         tokens, 1 to take also what is not there, then of each limit its kind and four values
-- Returns of each limit: whether there was enough, what is left, microseconds until there is (-1: never), until it is full
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local slack, tokens, whatever = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == '1'
local LONGEST = 315360000000 -- ten years in milliseconds

-- Exact, other than the quotient of two doubles.
local function div(a, b)
  return (a - math.fmod(a, b)) / b
end
local function divUp(a, b)
  return div(a + b - 1, b)
end

local saved = {}
local last = now
for part in string.gmatch(redis.call('GET', KEYS[1]) or '', '[^;]+') do
  local words = {}
  for word in string.gmatch(part, '[^ ]+') do
    words[#words + 1] = word
  end
  saved[#saved + 1] = words
end
if saved[1] then
  last = tonumber(saved[1][1])
  now = math.max(now, last)
end

local counts = {}

local function bucket(old, rate, amount, per, burst)
  local count = {kind = 'b', rate = rate, amount = amount, per = per, burst = burst, level = burst, part = 0}
  if old then
    local level, part = tonumber(old[5]), tonumber(old[6])
    local run = (now - last) * tonumber(old[3]) + part
    local missing = burst - math.min(level, burst)
    local whole = div(run, tonumber(old[4]))
    if whole < missing then
      count.level = level + whole
      count.part = old[2] == rate and math.fmod(run, tonumber(old[4])) or 0
    end
  end
  count.fill = function(wanted)
    return div((wanted - count.level) * per + amount - 1 - count.part, amount)
  end
  count.there = function() return count.level end
  count.minus = function(n) count.level = math.max(-burst, count.level - n) end
  count.retry = function(n) return n > burst and -1 or count.fill(n) end
  count.full = function() return count.level == burst and 0 or count.fill(burst) end
  count.keep = count.full
  count.save = function()
    return string.format('b %s %.0f %.0f %.0f %.0f', rate, amount, per, count.level, count.part)
  end
  return count
end

local function window(old, amount, start, left)
  local count = {start = start, taken = 0}
  if old and tonumber(old[2]) >= start then
    count.start, count.taken = tonumber(old[2]), tonumber(old[3])
  end
  count.there = function() return amount - count.taken end
  count.minus = function(n) count.taken = count.taken + n end
  count.retry = function(n) return n > amount and -1 or left end
  count.full = function() return count.taken == 0 and 0 or left end
  count.keep = function() return count.taken == 0 and 0 or left + 60000000 end -- other clocks may be behind
  count.save = function() return string.format('w %.0f %.0f', count.start, count.taken) end
  return count
end

local function sliding(old, amount, length)
  local number = div(now, length)
  local count = {number = number, elapsed = now - number * length, current = 0, previous = 0}
  if old and tonumber(old[2]) == length then
    local before = tonumber(old[3])
    if before == number then
      count.current, count.previous = tonumber(old[4]), tonumber(old[5])
    elseif before == number - 1 then
      count.previous = tonumber(old[4])
    end
  end
  local function room(n)
    return amount - n
  end
  local function share(part, whole)
    return div(part * length, whole)
  end
  count.there = function()
    return amount - count.current - divUp(count.previous * (length - count.elapsed), length)
  end
  count.minus = function(n) count.current = count.current + n end
  count.retry = function(n)
    local rest = length - count.elapsed
    if room(n) < 0 then return -1 end
    if room(n) >= count.current then return rest - share(room(n) - count.current, count.previous) end
    return rest + length - share(room(n), count.current)
  end
  count.full = function()
    local rest = length - count.elapsed
    return count.current > 0 and rest + length or count.previous > 0 and rest or 0
  end
  count.keep = count.full
  count.save = function()
    return string.format('s %.0f %.0f %.0f %.0f', length, count.number, count.current, count.previous)
  end
  return count
end

local function log(old, amount, length, list)
  local count = {total = 0}
  local function split(one)
    local at, n = string.match(one, '(%d+) (%d+)')
    return tonumber(at), tonumber(n)
  end
  if old and tonumber(old[2]) == length then
    count.total = tonumber(old[3])
    local first = redis.call('LINDEX', list, 0)
    while first do
      local at, n = split(first)
      if now - at < length then break end
      redis.call('LPOP', list)
      count.total = count.total - n
      first = redis.call('LINDEX', list, 0)
    end
    if not first then count.total = 0 end
  else
    redis.call('DEL', list)
  end
  count.there = function() return amount - count.total end
  count.minus = function(n)
    if n > 0 then
      redis.call('RPUSH', list, string.format('%.0f %.0f', now, n))
      count.total = count.total + n
    end
  end
  count.retry = function(n)
    local over = count.total + n - amount
    for _, one in ipairs(redis.call('LRANGE', list, 0, over - 1)) do
      local at, m = split(one)
      over = over - m
      if over <= 0 then return at + length - now end
    end
    return -1
  end
  count.full = function()
    local newest = redis.call('LINDEX', list, -1)
    return newest and split(newest) + length - now or 0
  end
  count.keep = function()
    local full = count.full()
    if full > 0 then redis.call('PEXPIRE', list, math.min(LONGEST, math.ceil(full / 1000) + slack)) end
    return full
  end
  count.save = function() return string.format('l %.0f %.0f', length, count.total) end
  return count
end

local enough, retry, all = {}, {}, true
for i = 1, (#ARGV - 4) / 5 do
  local at = 5 * i
  local kind = ARGV[at]
  local old = saved[1 + i]
  if old and old[1] ~= kind then old = nil end
  local a, b, c = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
  if kind == 'b' then
    counts[i] = bucket(old, ARGV[at + 1], a, b, c)
  elseif kind == 'w' then
    counts[i] = window(old, a, b, c)
  elseif kind == 's' then
    counts[i] = sliding(old, a, b)
  else
    counts[i] = log(old, a, b, KEYS[1 + i])
  end
  enough[i] = tokens <= counts[i].there()
  all = all and enough[i]
end
for i, count in ipairs(counts) do
  retry[i] = enough[i] and 0 or count.retry(tokens)
end
local state, keep, result = {string.format('%.0f', now)}, 0, {}
for i, count in ipairs(counts) do
  if all or whatever then count.minus(tokens) end
  keep = math.max(keep, count.keep())
  state[1 + i] = count.save()
  result[4 * i - 3] = enough[i] and 1 or 0
  result[4 * i - 2] = math.max(0, count.there())
  result[4 * i - 1] = retry[i]
  result[4 * i] = count.full()
end
if keep > 0 then
  redis.call('SET', KEYS[1], table.concat(state, ';'), 'PX', math.min(LONGEST, math.ceil(keep / 1000) + slack))
else
  redis.call('DEL', KEYS[1])
end
return result
