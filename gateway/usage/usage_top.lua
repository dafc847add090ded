-- KEYS: top lists of one shard. ARGV: how many to answer.
-- Answers member, requests ..., summed over the lists, most requests first; those that are even with the last are there too.
local call = {'ZUNION', string.format('%.0f', #KEYS)}
for _, key in ipairs(KEYS) do
  call[#call + 1] = key
end
call[#call + 1] = 'WITHSCORES'
local all = redis.call(unpack(call))
local wanted = tonumber(ARGV[1])
local found, last = {}, nil
for index = #all - 1, 1, -2 do
  local requests = tonumber(all[index + 1])
  if #found >= 2 * wanted and requests < last then
    break
  end
  last = requests
  found[#found + 1] = all[index]
  found[#found + 1] = string.format('%.0f', requests)
end
return found
