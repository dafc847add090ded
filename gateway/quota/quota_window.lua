-- What limits_step.lua and lease_take.lua share: numbers as text, how long counters are kept, and the window of a quota.
-- Counters outlive what they say by GRACE milliseconds, as the clock may go back by so much.
local GRACE = 30000

local function text(number)
  return string.format("%.0f", number)
end

local function ttl(until_micros, now)
  return text(math.max(1, math.ceil((until_micros - now) / 1000) + GRACE))
end

-- n: count, length of an anchored window or 0, the beginnings of the previous, this and the next calendar window of the
-- gateway's clock, and the end of the next. Whether the store's time is in none of them.
local function outside(n, now)
  return n[2] == 0 and (now < n[3] or now >= n[6])
end

-- The window that a quota is in, and what is used of it: first, last, used. Nothing where the memory began (created) after
-- the window may have, so that it cannot be known.
local function window_of(value, n, now, created)
  local first, last, used = string.match(value, "^q (%d+) (%d+) (%d+)$")
  local known = first ~= nil
  if known then
    first, last, used = tonumber(first), tonumber(last), tonumber(used)
    if now < last then
      return first, last, used
    end
  end
  local since
  if n[2] > 0 then
    first, last = now, now + n[2]
    -- A window that was open when the memory was lost may last so long.
    since = now - n[2]
  else
    for i = 3, 5 do
      if now >= n[i] and now < n[i + 1] then
        first, last = n[i], n[i + 1]
      end
    end
    since = first
  end
  if not known and since < created then
    return nil
  end
  return first, last, 0
end
