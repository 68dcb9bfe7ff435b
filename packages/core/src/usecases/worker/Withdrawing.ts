/**
 * Looks at bots that are in meetings, again and again, and withdraws those whose meeting has changed since the hand-over.
 * Decides how often and how many at once. Which are withdrawn is decided by `launch/WithdrawBots.ts`; what is left to do is
 * told by the store alone, so this process remembers nothing that another would have to know.
 */
import { Effect, Schedule } from "effect"
import { Launcher } from "../../ports/Launcher.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import type { Place, Store, StoreError } from "../../ports/Store.ts"
import type { WithdrawCounts } from "../contract/Contract.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import type { UserShares } from "../account/UserShares.ts"
import { withdrawBots } from "../launch/WithdrawBots.ts"

/** Of more bots than these pages hold the next look goes on where this one ended. */
const pagesPerLookMax = 8

/** Never ends. Where the service takes no bot back there is nothing to do. */
export const withdrawing: Effect.Effect<unknown, never, Launcher | Scheduler | Store | UserShares> = Effect.gen(
  function* () {
    const launcher = yield* Launcher
    const { withdrawMillis } = yield* CurrentPolicy
    if (!launcher.capabilities.withdraw) return yield* Effect.never
    let after: Place | null = null
    const look = Effect.map(
      Effect.suspend(() => lookFrom(withdrawBots, after)),
      (next) => {
        after = next
      }
    )
    return yield* Effect.repeat(look, Schedule.spaced(withdrawMillis))
  }
)

/** Succeeds with where the next look goes on; null: at the beginning. */
export const lookFrom = Effect.fnUntraced(
  function* <R>(look: (after: Place | null) => Effect.Effect<WithdrawCounts, StoreError, R>, from: Place | null) {
    let place = from
    for (let page = 0; page < pagesPerLookMax; page++) {
      place = (yield* look(place)).next
      if (place === null) break
    }
    return place
  },
  Effect.catch((error) => Effect.as(Effect.logWarning("bots handed over were not looked at", error.message), null))
)
