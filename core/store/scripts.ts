/** Scripts that run in the store, each as one step. They use the store's own time, in milliseconds. */

const NOW = "local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)";

export const SCRIPTS = {
  /**
   * One request to Halo. KEYS: departures, pause. ARGV: limit, window, member, channel, digest.
   * Returns the milliseconds to wait (0: it is counted), and 1 if that is a pause.
   */
  takeBudget: {
    numberOfKeys: 2,
    lua: `${NOW}
local paused = redis.call('PTTL', KEYS[2])
if paused > 0 then return {paused, 1} end
local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local count = redis.call('ZCARD', KEYS[1])
if limit < 0 or count < limit then
  if limit >= 0 then
    redis.call('ZADD', KEYS[1], now, ARGV[3])
    redis.call('PEXPIRE', KEYS[1], window)
    redis.call('PUBLISH', ARGV[4], ARGV[5] .. ' left ' .. ARGV[3])
  end
  return {0, 0}
end
local first = redis.call('ZRANGE', KEYS[1], count - limit, count - limit, 'WITHSCORES')
return {math.max(1, math.ceil(tonumber(first[2]) + window - now)), 0}`,
  },
  /** A pause for all, if it is longer than the current one. KEYS: pause. ARGV: milliseconds, channel, digest. */
  pauseBudget: {
    numberOfKeys: 1,
    lua: `local wait = tonumber(ARGV[1])
if redis.call('PTTL', KEYS[1]) >= wait then return 0 end
redis.call('SET', KEYS[1], '1', 'PX', wait)
redis.call('PUBLISH', ARGV[2], ARGV[3] .. ' paused ' .. ARGV[1])
return 1`,
  },
  /**
   * Restores what a server knows, as the store may have forgotten it, and returns what all know.
   * KEYS: departures, pause. ARGV: window, pause, then age and member of each departure.
   * Returns the pause, then age and member of each.
   */
  joinBudget: {
    numberOfKeys: 2,
    lua: `${NOW}
local window, wait = tonumber(ARGV[1]), tonumber(ARGV[2])
for i = 3, #ARGV, 2 do redis.call('ZADD', KEYS[1], 'NX', now - tonumber(ARGV[i]), ARGV[i + 1]) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
redis.call('PEXPIRE', KEYS[1], window)
if wait > 0 and redis.call('PTTL', KEYS[2]) < wait then redis.call('SET', KEYS[2], '1', 'PX', wait) end
local answer = {redis.call('PTTL', KEYS[2])}
local all = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #all, 2 do
  answer[#answer + 1] = math.max(0, math.floor(now - tonumber(all[i + 1])))
  answer[#answer + 1] = all[i]
end
return answer`,
  },
  /** Takes one from a caller's rate. KEYS: bucket. ARGV: milliseconds for each, how many at once. Returns the wait. */
  takeRate: {
    numberOfKeys: 1,
    lua: `${NOW}
local every, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = math.max(now, tonumber(redis.call('GET', KEYS[1]) or now))
local wait = full - now + every - burst * every
if wait > 0 then return math.ceil(wait) end
redis.call('SET', KEYS[1], string.format('%.3f', full + every), 'PX', math.ceil(full + every - now))
return 0`,
  },
  /** Returns a text and the milliseconds that it has left. KEYS: it. */
  getWithEnd: {
    numberOfKeys: 1,
    lua: `local text = redis.call('GET', KEYS[1])
if not text then return {} end
return {text, redis.call('PTTL', KEYS[1])}`,
  },
  /** Returns a text and deletes it: of two callers at once only one gets it. KEYS: it. */
  takeText: {
    numberOfKeys: 1,
    lua: `local text = redis.call('GET', KEYS[1])
if text then redis.call('DEL', KEYS[1]) end
return text`,
  },
  /** Deletes the key if it holds exactly this text. KEYS: it. ARGV: the text. */
  dropText: {
    numberOfKeys: 1,
    lua: `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`,
  },
  /** Puts a text if there is none, for some milliseconds, and returns the stored one. KEYS: it. ARGV: text, end. */
  markText: {
    numberOfKeys: 1,
    lua: `redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])
return redis.call('GET', KEYS[1])`,
  },
  /** How many milliseconds the store has remembered everything. KEYS: the mark of its beginning. */
  ageOf: {
    numberOfKeys: 1,
    lua: `${NOW}
redis.call('SET', KEYS[1], string.format('%d', now), 'NX')
return now - tonumber(redis.call('GET', KEYS[1]))`,
  },
} as const;

export type ScriptName = keyof typeof SCRIPTS;
