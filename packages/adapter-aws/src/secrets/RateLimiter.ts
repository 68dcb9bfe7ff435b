/**
 * Limits how often a second something is done, by spacing it evenly, in two lanes.
 * Decides who is next: whoever signs in, before whoever renews what still works; and who is told at once that the wait
 * would be too long.
 */
import { Clock, Effect } from "effect"

/** `first` goes before `later`, always. */
export type Lane = "first" | "later"

export interface RateLimiter {
  /** Waits for its turn; false: there are too many before it. */
  readonly acquire: (lane: Lane) => Effect.Effect<boolean>
}

export const makeRateLimiter = (perSecond: number, waitMillisMax: Readonly<Record<Lane, number>>): RateLimiter => {
  const spacing = 1_000 / perSecond
  const lanes = { first: new Set<symbol>(), later: new Set<symbol>() }
  let next = -Infinity
  const isNext = (ticket: symbol): boolean => [...lanes.first, ...lanes.later][0] === ticket
  return {
    acquire: (lane) =>
      Effect.gen(function* () {
        const ahead = lanes.first.size + (lane === "later" ? lanes.later.size : 0)
        if (Math.max(0, next - (yield* Clock.currentTimeMillis)) + ahead * spacing > waitMillisMax[lane]) return false
        const ticket = Symbol(lane)
        lanes[lane].add(ticket)
        return yield* Effect.gen(function* () {
          for (;;) {
            const now = yield* Clock.currentTimeMillis
            if (next <= now && isNext(ticket)) {
              next = now + spacing
              return true
            }
            // Whoever is not next looks again at the next turn.
            yield* Effect.sleep(Math.max(1, Math.ceil(next - now)))
          }
        }).pipe(Effect.ensuring(Effect.sync(() => lanes[lane].delete(ticket))))
      })
  }
}
