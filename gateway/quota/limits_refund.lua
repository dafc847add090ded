-- Take back what a step reserved in this shard, because another shard refused.
--
-- KEYS: counters. ARGV: the holder, then four for each counter: its kind, what it was before the reservation and after it,
-- and the "<first> <last>" of a quota's window.
--   r  Restored if nobody charged it since. Else it stays: what others were granted may rest on it.
--   q  Restored if nobody charged it since, else one less in the same window.
--   c  The holder's slot is given back.
for i = 1, #KEYS do
  local kind, before, after, window = ARGV[4 * i - 2], ARGV[4 * i - 1], ARGV[4 * i], ARGV[4 * i + 1]
  local key = KEYS[i]
  if kind == "c" then
    redis.call("ZREM", key, ARGV[1])
  else
    local value = redis.call("GET", key)
    if value == after then
      if before == "" then
        redis.call("DEL", key)
      else
        redis.call("SET", key, before, "KEEPTTL")
      end
    elseif kind == "q" and value then
      local first, last, used = string.match(value, "^q (%d+) (%d+) (%d+)$")
      if first and first .. " " .. last == window and tonumber(used) > 0 then
        redis.call("SET", key, "q " .. window .. " " .. string.format("%.0f", tonumber(used) - 1), "KEEPTTL")
      end
    end
  end
end
return 1
