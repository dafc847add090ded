-- What record_put.lua and record_delete.lua share. KEYS: records, names and ends of the kind; version and changes of the shard.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

-- The version of the record that is there; '0' if there is none, or its end has come.
local function version_there(name)
  local kept = redis.call('HGET', KEYS[1], name)
  if kept then
    local version, ends = string.match(kept, '^(%d+) (%d+) ')
    if ends == '0' or tonumber(ends) > now then
      return version
    end
  end
  return '0'
end

-- The next version of the shard, its change told; at most about so many changes are kept.
local function changed(kind, name, most)
  local last = redis.call('GET', KEYS[4]) or '0'
  local version = string.format('%.0f', math.max(tonumber(last) + 1, now))
  redis.call('SET', KEYS[4], version)
  redis.call('XADD', KEYS[5], 'MAXLEN', '~', most, version .. '-0', 'k', kind, 'n', name, 'p', last)
  return version
end
