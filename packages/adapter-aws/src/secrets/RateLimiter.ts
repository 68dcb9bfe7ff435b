/**
 * Limits how often a second something is done, by spacing it evenly.
 * Decides who waits, and who is told at once that the wait would be too long.
 */
import { Clock, Effect } from "effect"

export interface RateLimiter {
  /** Waits for its turn; false: there are too many before it. */
  readonly acquire: Effect.Effect<boolean>
}

export const makeRateLimiter = (perSecond: number, waitMillisMax: number): RateLimiter => {
  const spacing = 1_000 / perSecond
  let next = -Infinity
  return {
    acquire: Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const at = Math.max(now, next)
      if (at - now > waitMillisMax) return Effect.succeed(false)
      next = at + spacing
      return Effect.as(at > now ? Effect.sleep(Math.ceil(at - now)) : Effect.void, true)
    })
  }
}
