-- Removes a record. record_write.lua stands before it.
-- ARGV: kind, name, the version expected ("": any), how many changes are kept.
-- Answers {"gone", version of the deletion}, {"none", "0"} or {"conflict", version}.
local at = version_there(ARGV[2])
if ARGV[3] ~= '' and ARGV[3] ~= at then
  return {'conflict', at}
end
if at == '0' then
  return {'none', at}
end
local version = changed(ARGV[1], ARGV[2], ARGV[4])
redis.call('HDEL', KEYS[1], ARGV[2])
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('ZREM', KEYS[3], ARGV[2])
return {'gone', version}
