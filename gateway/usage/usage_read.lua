-- KEYS: hashes of one shard. Answers their fields and values, one flat list for each.
local found = {}
for index, key in ipairs(KEYS) do
  found[index] = redis.call('HGETALL', key)
end
return found
