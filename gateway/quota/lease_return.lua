-- Give back units that were taken and not spent. KEYS: the counter. ARGV: the units, and the end of the window they are of.
-- A counter that is gone, or in another window, stays as it is.
local first, last, used = string.match(redis.call("GET", KEYS[1]) or "", "^q (%d+) (%d+) (%d+)$")
if first and tonumber(last) == tonumber(ARGV[2]) then
  local left = math.max(0, tonumber(used) - tonumber(ARGV[1]))
  redis.call("SET", KEYS[1], "q " .. first .. " " .. last .. " " .. string.format("%.0f", left), "KEEPTTL")
end
return 1
