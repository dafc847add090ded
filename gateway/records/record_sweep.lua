-- Drops records of one kind in one shard whose end has come. KEYS: records, names and ends of the kind. ARGV: how many.
-- Answers how many.
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000000 + time[2])
local over = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', 0, ARGV[1])
for _, name in ipairs(over) do
  redis.call('HDEL', KEYS[1], name)
  redis.call('ZREM', KEYS[2], name)
  redis.call('ZREM', KEYS[3], name)
end
return #over
