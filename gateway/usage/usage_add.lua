-- Adds one batch's figures to hashes of one shard, once.
-- KEYS: the gateway's taken batches; then for each hash: the hash, and its period's top list if it is an identity's.
-- ARGV: sequence, window, seconds for which to remember it, length of top lists; then for each hash:
--   when it ends (seconds since 1970), identity in the top list or "", and a JSON object of what to add to each field.
--   Numbers are below 2^53. The field '*' of an identity is its place in the top list.
-- Answers 1, or 0 when the batch was taken before.
local sequence, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local newest = tonumber(redis.call('ZREVRANGE', KEYS[1], 0, 0)[1] or ARGV[1])
if sequence <= newest - window then
  return 0
end
if redis.call('ZADD', KEYS[1], 'NX', ARGV[1], ARGV[1]) == 0 then
  return 0
end
newest = math.max(newest, sequence)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', newest - window))
redis.call('EXPIRE', KEYS[1], ARGV[3])
local last = string.format('%.0f', -tonumber(ARGV[4]) - 1)
local key = 2
for arg = 5, #ARGV, 3 do
  local hash, ends, member = KEYS[key], ARGV[arg], ARGV[arg + 1]
  local requests = 0
  for field, value in pairs(cjson.decode(ARGV[arg + 2])) do
    local sum = redis.call('HINCRBY', hash, field, string.format('%.0f', value))
    if field == '*' then
      requests = sum
    end
  end
  redis.call('EXPIREAT', hash, ends)
  key = key + 1
  if member ~= '' then
    local top = KEYS[key]
    redis.call('ZADD', top, string.format('%.0f', requests), member)
    redis.call('ZREMRANGEBYRANK', top, 0, last)
    redis.call('EXPIREAT', top, ends)
    key = key + 1
  end
end
return 1
