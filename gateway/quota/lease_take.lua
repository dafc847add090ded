-- Take several units of one quota at once. limits_step.lua keeps the same counter, in the same form;
-- quota_window.lua stands before both.
--
-- KEYS: the era of the shard, the counter.
-- ARGV: the era that the gateway knows, the kind ("q"; any other cannot be counted here), the units, and six numbers:
--       count, length of an anchored window or 0, the beginnings of the previous, this and the next calendar window of the
--       gateway's clock, and the end of the next.
--
-- Answers {"LOST"}: the memory is another than the gateway knows. {"SKEW", now}: the store's time is in none of the windows.
--         {"?"}: the counter cannot be known. {"OK", now, granted, end of the window}: at most a quarter of what is left.
local t = redis.call("TIME")
local now = t[1] * 1000000 + t[2]
local hex, created = string.match(redis.call("GET", KEYS[1]) or "", "^(%x+):(%d+)")
if hex ~= ARGV[1] then
  return {"LOST"}
end
if ARGV[2] ~= "q" then
  return {"?"}
end
local units = tonumber(ARGV[3])
local n = {}
for i = 1, 6 do
  n[i] = tonumber(ARGV[3 + i])
end
if outside(n, now) then
  return {"SKEW", text(now)}
end

local first, last, used = window_of(redis.call("GET", KEYS[2]) or "", n, now, tonumber(created))
if not first then
  return {"?"}
end

local left = math.max(0, n[1] - used)
local granted = math.min(units, math.max(math.floor(left / 4), 1), left)
if granted > 0 then
  local value = "q " .. text(first) .. " " .. text(last) .. " " .. text(used + granted)
  redis.call("SET", KEYS[2], value, "PX", ttl(last, now))
end
return {"OK", text(now), text(granted), text(last)}
