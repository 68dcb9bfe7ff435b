/**
 * Limits how often a second something is done, by spacing it evenly.
 * Decides who waits, and who is told at once that the wait would be too long.
 */
import { Clock, Effect } from "effect"
import { type TokenBucket, reserve } from "@punctual/core/http"

export interface RateLimiter {
  /** Waits for its turn; false: there are too many before it. */
  readonly acquire: Effect.Effect<boolean>
}

export const makeRateLimiter = (perSecond: number, waitMillisMax: number): RateLimiter => {
  const evenly = { perSecond, burst: 1 }
  let bucket: TokenBucket | undefined
  return {
    acquire: Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const reserved = reserve(bucket, now, evenly)
      if (reserved.waitMillis > waitMillisMax) return Effect.succeed(false)
      bucket = reserved.bucket
      return Effect.as(reserved.waitMillis > 0 ? Effect.sleep(reserved.waitMillis) : Effect.void, true)
    })
  }
}
