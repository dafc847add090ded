-- Writes a record, its place among the names, its end, and the change: all or nothing.
-- KEYS: records, names and ends of the kind; version and changes of the shard.
-- ARGV: kind, name, content, expires (0: never), the version expected ("": any), how many changes are kept.
-- Answers {"put", version} or {"conflict", version}.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local at = '0'
local kept = redis.call('HGET', KEYS[1], ARGV[2])
if kept then
  local version, ends = string.match(kept, '^(%d+) (%d+) ')
  if ends == '0' or tonumber(ends) > now then
    at = version
  end
end
if ARGV[5] ~= '' and ARGV[5] ~= at then
  return {'conflict', at}
end
local last = redis.call('GET', KEYS[4]) or '0'
local version = string.format('%.0f', math.max(tonumber(last) + 1, now))
redis.call('HSET', KEYS[1], ARGV[2], version .. ' ' .. ARGV[4] .. ' ' .. ARGV[3])
redis.call('ZADD', KEYS[2], 0, ARGV[2])
if ARGV[4] == '0' then
  redis.call('ZREM', KEYS[3], ARGV[2])
else
  redis.call('ZADD', KEYS[3], ARGV[4], ARGV[2])
end
redis.call('SET', KEYS[4], version)
redis.call('XADD', KEYS[5], 'MAXLEN', '~', ARGV[6], version .. '-0', 'k', ARGV[1], 'n', ARGV[2], 'p', last)
return {'put', version}
