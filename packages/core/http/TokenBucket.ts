/**
 * A token bucket as a function of bucket and time: a burst after a quiet time, and a steady refill besides.
 *
 * Decides how long a turn has to be waited for. Never waits, keeps nothing and never reads a clock: whoever finds the wait
 * too long throws the answer away, and nothing was taken.
 */
export interface TokenBucket {
  /** Negative: turns that were reserved ahead of time. */
  readonly tokens: number
  /** When it held so many. */
  readonly at: number
}

export interface Rate {
  readonly perSecond: number
  /** The most at once, after a quiet time. */
  readonly burst: number
}

export interface Reserved {
  /** The bucket without the token. */
  readonly bucket: TokenBucket
  /** 0: now. Otherwise the turn comes after so many milliseconds. */
  readonly waitMillis: number
}

/** One turn. No bucket yet: a full one. */
export const reserve = (bucket: TokenBucket | undefined, now: number, rate: Rate): Reserved => {
  const tokens = tokensAt(bucket, now, rate) - 1
  return { bucket: { tokens, at: now }, waitMillis: tokens >= 0 ? 0 : Math.ceil((-tokens / rate.perSecond) * 1_000) }
}

/** Whether nothing is lost by forgetting it. */
export const isFull = (bucket: TokenBucket | undefined, now: number, rate: Rate): boolean =>
  tokensAt(bucket, now, rate) >= rate.burst

/** A clock that was set back gives nothing and takes nothing. */
const tokensAt = (bucket: TokenBucket | undefined, now: number, { burst, perSecond }: Rate): number =>
  bucket === undefined ? burst : Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1_000) * perSecond)
