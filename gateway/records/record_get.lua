-- A record that has not ended, as it is kept: "version expires content"; or nothing.
-- KEYS: records of the kind. ARGV: name.
local kept = redis.call('HGET', KEYS[1], ARGV[1])
if not kept then
  return false
end
local time = redis.call('TIME')
local ends = tonumber(string.match(kept, '^%d+ (%d+) '))
if ends > 0 and ends <= time[1] * 1000000 + time[2] then
  return false
end
return kept
