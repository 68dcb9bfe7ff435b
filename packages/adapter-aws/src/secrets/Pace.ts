/**
 * How often a second something may be done.
 * Decides who waits, and who is told at once that the wait would be too long. Never lets two happen closer than the pace.
 */
import { Clock, Effect } from "effect"

export interface Pace {
  /** Waits for its turn; false: there are too many before it. */
  readonly turn: Effect.Effect<boolean>
}

export const makePace = (perSecond: number, waitMillisMax: number): Pace => {
  const spacing = 1_000 / perSecond
  let next = -Infinity
  return {
    turn: Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const at = Math.max(now, next)
      if (at - now > waitMillisMax) return Effect.succeed(false)
      next = at + spacing
      return Effect.as(at > now ? Effect.sleep(Math.ceil(at - now)) : Effect.void, true)
    })
  }
}
