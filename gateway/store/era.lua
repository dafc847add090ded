-- The era of a shard: KEYS[1] is "<hex>:<created micros>[:accepted]".
-- ARGV: what to do, the hex to write if one has to be written, the hex that was known before ("" if none).
--   know: answer the era. If there is none, or another one that no operator has accepted, and one was known before,
--         then the memory was lost: the counters are known from now on. If none was known, this is the first era.
--   accept: the operator takes the loss: whatever the counters say holds from the beginning.
local era = redis.call("GET", KEYS[1])
local hex, created, accepted
if era then
  hex, created, accepted = string.match(era, "^(%x+):(%d+)(.*)$")
end
if ARGV[1] == "accept" then
  era = (hex or ARGV[2]) .. ":0:accepted"
  redis.call("SET", KEYS[1], era)
  return era
end
local lost = ARGV[3] ~= "" and (not hex or (hex ~= ARGV[3] and created == "0" and accepted == ""))
if lost then
  local t = redis.call("TIME")
  era = (hex or ARGV[2]) .. ":" .. string.format("%.0f", t[1] * 1000000 + t[2])
  redis.call("SET", KEYS[1], era)
elseif not hex then
  era = ARGV[2] .. ":0"
  redis.call("SET", KEYS[1], era)
end
return era
