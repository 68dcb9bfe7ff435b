/**
 * The forecast of a user's coming meetings: loaded, told.
 * Decides nothing: what endangers a bot is `decide/Forecast.ts`.
 */
import { Clock, Effect } from "effect"
import { type Forecast, type LauncherState, forecast } from "../../decide/Forecast.ts"
import type { UserId } from "../../domain/Ids.ts"
import type { Instant } from "../../domain/Time.ts"
import { Store } from "../../ports/Store.ts"
import { connectionsOf } from "../account/OpenAccount.ts"
import type { Failure } from "../contract/Contract.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"

/** Meetings that start before `until`. Refused: `calendar_not_connected`. */
export const forecastBots = Effect.fn("Punctual.forecast")(function* (
  userId: UserId,
  until: Instant,
  launcher: LauncherState
): Effect.fn.Return<Forecast, Failure, Store> {
  yield* connectionsOf(userId)
  const store = yield* Store
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const span = { from: now, to: Math.max(now, until) }
  const slice = yield* store.slice(userId, { kind: "span", span }, now)
  return forecast(slice, { policy, now, span, launcher })
})
