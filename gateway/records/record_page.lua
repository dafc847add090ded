-- A stretch of one shard's names, with their records; ended ones are left out.
-- KEYS: records and names of the kind. ARGV: least and greatest name as ZRANGEBYLEX takes them, how many names, how many bytes.
-- Answers {"1" if that was the rest, else "0"; the last name looked at; name, record, name, record, …}.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local names = redis.call('ZRANGEBYLEX', KEYS[2], ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])
local rest = #names < tonumber(ARGV[3]) and '1' or '0'
local found = {rest, ''}
local bytes = 0
for place, name in ipairs(names) do
  local kept = redis.call('HGET', KEYS[1], name)
  if kept then
    local ends = tonumber(string.match(kept, '^%d+ (%d+) '))
    if ends == 0 or ends > now then
      found[#found + 1] = name
      found[#found + 1] = kept
      bytes = bytes + #kept
    end
  end
  found[2] = name
  if bytes >= tonumber(ARGV[4]) and place < #names then
    found[1] = '0'
    break
  end
end
return found
