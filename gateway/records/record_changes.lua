-- What happened in a shard after a version, and where the shard is now.
-- KEYS: version and changes of the shard. ARGV: the version after which, how many changes at the most.
-- Answers {version now, time now in microseconds, {id, fields}, {id, fields}, …}.
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000000 + time[2])
local version = redis.call('GET', KEYS[1]) or '0'
local found = {version, now}
if version ~= ARGV[1] then
  for _, entry in ipairs(redis.call('XRANGE', KEYS[2], '(' .. ARGV[1] .. '-0', '+', 'COUNT', ARGV[2])) do
    found[#found + 1] = entry
  end
end
return found
