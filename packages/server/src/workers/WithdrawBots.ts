/**
 * Withdraws bots from meetings that have changed since the hand-over: bots in meetings are looked at again and again.
 *
 * Decides how often they are looked at and how many at once. Which are withdrawn, and what is kept of it, the core decides:
 * this process remembers nothing that another would have to know.
 */
import { Effect, Schedule } from "effect"
import { Launcher, type Place, Punctual } from "@punctual/core"
import { wordFor } from "./Jobs.ts"

/** Looked at this often: 15 seconds. */
const lookMillis = 15_000
/** Of more bots than these pages hold the next look goes on where this one ended. */
const pagesPerLookMax = 8

/** Never ends. Where the service takes no bot back there is nothing to do. */
export const withdrawBots: Effect.Effect<unknown, never, Launcher | Punctual> = Effect.gen(function* () {
  const launcher = yield* Launcher
  if (!launcher.capabilities.withdraw) return yield* Effect.never
  let after: Place | null = null
  const look = Effect.map(
    Effect.suspend(() => lookFrom(after)),
    (next) => {
      after = next
    }
  )
  return yield* Effect.repeat(look, Schedule.spaced(lookMillis))
})

/** Succeeds with where the next look goes on; null: at the beginning. */
export const lookFrom = Effect.fnUntraced(
  function* (from: Place | null) {
    const punctual = yield* Punctual
    let place = from
    for (let page = 0; page < pagesPerLookMax; page++) {
      place = (yield* punctual.withdrawBots(place)).next
      if (place === null) break
    }
    return place
  },
  Effect.catch((error) => Effect.as(Effect.logWarning("bots handed over were not looked at", wordFor(error)), null))
)
