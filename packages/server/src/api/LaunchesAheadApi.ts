/**
 * Launches to come: held by a pause, and whether they will succeed.
 * Decides shapes and addresses alone.
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { ForecastAnswer } from "./DecisionSchemas.ts"
import { IdempotencyHeader } from "./Fields.ts"
import { Authorization, Idempotent, RateLimit, WellFormed } from "./Middleware.ts"
import { CalendarNotConnected, Unavailable } from "./Problems.ts"
import { Instant, InstantParameter } from "./Time.ts"

const PauseAnswer = Schema.Struct({ paused_until: Schema.NullOr(Instant) }).annotate({ identifier: "PauseAnswer" })

export class LaunchesAheadApi extends HttpApiGroup.make("launchesAhead")
  .add(
    HttpApiEndpoint.post("pause", "/pause", {
      headers: IdempotencyHeader,
      payload: Schema.Struct({ until: Instant }),
      success: PauseAnswer,
      error: [CalendarNotConnected, Unavailable]
    })
      .annotateMerge(OpenApi.annotations({ summary: "Launch nothing until an instant" }))
      .middleware(Idempotent),
    HttpApiEndpoint.delete("resume", "/pause", {
      success: PauseAnswer,
      error: [CalendarNotConnected, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "End a pause" })),
    HttpApiEndpoint.get("forecast", "/forecast", {
      query: { time_max: Schema.optionalKey(InstantParameter) },
      success: ForecastAnswer,
      error: [CalendarNotConnected, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "Whether the bots of the coming meetings will be there" }))
  )
  .middleware(WellFormed)
  .middleware(RateLimit)
  .middleware(Authorization)
  .prefix("/api/v1/calendar")
  .annotateMerge(OpenApi.annotations({ title: "Pauses and forecast" })) {}
