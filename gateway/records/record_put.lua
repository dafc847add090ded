-- Writes a record, its place among the names, its end, and the change: all or nothing. record_write.lua stands before it.
-- ARGV: kind, name, content, expires (0: never), the version expected ("": any), how many changes are kept.
-- Answers {"put", version} or {"conflict", version}.
local at = version_there(ARGV[2])
if ARGV[5] ~= '' and ARGV[5] ~= at then
  return {'conflict', at}
end
local version = changed(ARGV[1], ARGV[2], ARGV[6])
redis.call('HSET', KEYS[1], ARGV[2], version .. ' ' .. ARGV[4] .. ' ' .. ARGV[3])
redis.call('ZADD', KEYS[2], 0, ARGV[2])
if ARGV[4] == '0' then
  redis.call('ZREM', KEYS[3], ARGV[2])
else
  redis.call('ZADD', KEYS[3], ARGV[4], ARGV[2])
end
return {'put', version}
