-- Removes a record. KEYS: as record_put. ARGV: kind, name, the version expected ("": any), how many changes are kept.
-- Answers {"gone", version of the deletion}, {"none", "0"} or {"conflict", version}.
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
if ARGV[3] ~= '' and ARGV[3] ~= at then
  return {'conflict', at}
end
if at == '0' then
  return {'none', at}
end
local last = redis.call('GET', KEYS[4]) or '0'
local version = string.format('%.0f', math.max(tonumber(last) + 1, now))
redis.call('HDEL', KEYS[1], ARGV[2])
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('ZREM', KEYS[3], ARGV[2])
redis.call('SET', KEYS[4], version)
redis.call('XADD', KEYS[5], 'MAXLEN', '~', ARGV[4], version .. '-0', 'k', ARGV[1], 'n', ARGV[2], 'p', last)
return {'gone', version}
