-- One step: all limits are checked, then all are charged, or none is. policylang/limits says what is computed.
-- quota_window.lua stands before it.
--
-- KEYS: the eras of the shards that the counters are in, then the counters.
-- ARGV: how many eras; the eras that the gateway knows; the holder; then nine for each counter: its kind, the number of
--       its era, "1" if it must be known for the request to pass, and six numbers:
--   r  count, per div count, per mod count, depth div count, depth mod count (microseconds; depth: burst * per), -
--   q  count, length of an anchored window or 0, the beginnings of the previous, this and the next calendar window of the
--      gateway's clock, and the end of the next
--   c  count, how long a slot is held, -, -, -, -
--   x  a limit that cannot be counted here
--
-- Answers {"LOST", number of the era}: the memory is another than the gateway knows; nothing was done.
--         {"SKEW", now}: the store's time is in none of the windows; nothing was done.
--         {"OK" or "NO", now, one for each counter}: charged or not; what each was before: its text, "" if there was none;
--         "?" if it cannot be known; "<held by others> <earliest deadline>" of concurrency.
--
-- Numbers stay below 2^53 and are written with %.0f. A rate's arrival is whole microseconds and a remainder in
-- 1/count microsecond.
local FIELDS = 9

local t = redis.call("TIME")
local now = t[1] * 1000000 + t[2]
local eras = tonumber(ARGV[1])
local holder = ARGV[2 + eras]
local values = redis.call("MGET", unpack(KEYS))

local created = {}
for i = 1, eras do
  local hex, at = string.match(values[i] or "", "^(%x+):(%d+)")
  if hex ~= ARGV[1 + i] then
    return {"LOST", i}
  end
  created[i] = tonumber(at)
end

-- ceil(part * count / scale) for part < scale, without a product above 2^53: count in digits of 15 bits.
local function rescaled(part, count, scale)
  local quotient, rest = 0, 0
  for place = 2, 0, -1 do
    local unit = 32768 ^ place
    local digit = math.floor(count / unit) % 32768
    local amount = rest * 32768 + part * digit
    rest = math.fmod(amount, scale)
    quotient = quotient * 32768 + (amount - rest) / scale
  end
  if rest > 0 then
    quotient = quotient + 1
  end
  return quotient
end

local function put(key, value, until_micros)
  return function()
    redis.call("SET", key, value, "PX", ttl(until_micros, now))
  end
end

-- Each answers: what it was before, whether it admits, and the function that charges it.
local kinds = {}

function kinds.r(key, value, era, n)
  local count = n[1]
  local whole, rest, scale = string.match(value, "^r (%d+) (%d+) (%d+)$")
  local a, r = now, 0
  if whole then
    whole, rest, scale = tonumber(whole), tonumber(rest), tonumber(scale)
    if scale ~= count then
      rest = rescaled(rest, count, scale)
      if rest >= count then
        whole, rest = whole + 1, 0
      end
    end
    if whole >= now then
      a, r = whole, rest
    end
  end
  a, r = a + n[2], r + n[3]
  if r >= count then
    a, r = a + 1, r - count
  end
  local ahead = a - now
  if ahead > n[4] or (ahead == n[4] and r > n[5]) then
    return value, false
  end
  return value, true, put(key, "r " .. text(a) .. " " .. text(r) .. " " .. text(count), a)
end

function kinds.q(key, value, era, n)
  local first, last, used = window_of(value, n, now, era)
  if not first then
    return "?", false
  end
  if used >= n[1] then
    return value, false
  end
  return value, true, put(key, "q " .. text(first) .. " " .. text(last) .. " " .. text(used + 1), last)
end

function kinds.c(key, value, era, n)
  local live = "(" .. text(now)
  local others = redis.call("ZCOUNT", key, live, "+inf")
  local own = redis.call("ZSCORE", key, holder)
  if own and tonumber(own) > now then
    others = others - 1
  end
  local earliest = 0
  local slots = redis.call("ZRANGEBYSCORE", key, live, "+inf", "WITHSCORES", "LIMIT", 0, 2)
  for i = 1, #slots, 2 do
    if earliest == 0 and slots[i] ~= holder then
      earliest = tonumber(slots[i + 1])
    end
  end
  local before = text(others) .. " " .. text(earliest)
  if others >= n[1] then
    return before, false
  end
  return before, true, function()
    redis.call("ZREMRANGEBYSCORE", key, "-inf", text(now))
    redis.call("ZADD", key, text(now + n[2]), holder)
    local latest = redis.call("ZRANGE", key, -1, -1, "WITHSCORES")
    redis.call("PEXPIRE", key, ttl(tonumber(latest[2]), now))
  end
end

function kinds.x()
  return "?", false
end

local reply = {"OK", text(now)}
local charges = {}
for i = 1, #KEYS - eras do
  local at = 2 + eras + (i - 1) * FIELDS
  local kind, era, strict = ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3]
  local n = {}
  for j = 1, 6 do
    n[j] = tonumber(ARGV[at + 3 + j])
  end
  if kind == "q" and outside(n, now) then
    return {"SKEW", text(now)}
  end
  local before, admitted, charge = kinds[kind](KEYS[eras + i], values[eras + i] or "", created[era], n)
  reply[2 + i] = before
  if admitted then
    charges[#charges + 1] = charge
  elseif before ~= "?" or strict == "1" then
    reply[1] = "NO"
  end
end
if reply[1] == "OK" then
  for _, charge in ipairs(charges) do
    charge()
  end
end
return reply
