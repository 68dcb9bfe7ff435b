/**
 * Pauses, and the forecast of a user's coming meetings. Translates between HTTP and the use cases, and decides nothing.
 */
import { Clock, Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Punctual } from "@punctual/core"
import { Api } from "../api/Api.ts"
import { makeLauncherHealth } from "../launchers/LauncherHealth.ts"
import { callingUser } from "./CallingUser.ts"
import { forecastOf } from "./DecisionView.ts"
import { refusalToProblem } from "./RefusalToProblem.ts"
import { forecastEnd, notAhead } from "./TimesAhead.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "launchesAhead",
  Effect.fnUntraced(function* (handlers) {
    const punctual = yield* Punctual
    const health = yield* makeLauncherHealth
    const notConnected = refusalToProblem(["calendar_not_connected"])
    return handlers.handleAll({
      pause: Effect.fnUntraced(function* ({ payload: { until } }) {
        const isAhead = until > (yield* Clock.currentTimeMillis)
        if (!isAhead) return yield* Effect.die(notAhead("until", "body"))
        return { paused_until: yield* punctual.pause(yield* callingUser, until).pipe(notConnected) }
      }),
      resume: Effect.fnUntraced(function* () {
        return { paused_until: yield* punctual.pause(yield* callingUser, null).pipe(notConnected) }
      }),
      forecast: Effect.fnUntraced(function* ({ query }) {
        const until = yield* forecastEnd(query.time_max)
        const told = yield* punctual.forecast(yield* callingUser, until, yield* health).pipe(notConnected)
        return forecastOf(told, until)
      })
    })
  })
)
