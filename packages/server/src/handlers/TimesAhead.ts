/**
 * Times of requests that must lie ahead.
 * Decides until when a forecast reaches, and how a time that has passed is refused.
 */
import { Clock, Effect } from "effect"
import type { InvalidRequest, Mistake } from "../api/Problems.ts"
import type { Instant } from "@punctual/core"
import { decisionLimits } from "../http/Limits.ts"
import { invalidRequest } from "../http/RequestValidation.ts"

const dayMillis = 86_400_000

export const notAhead = (path: string, where: Mistake["in"]): InvalidRequest =>
  invalidRequest([{ path, message: "Expected a time that lies ahead", in: where }])

/** A day ahead unless asked otherwise. Dies with the problem of a time that has passed, or lies too far ahead. */
export const forecastEnd = Effect.fnUntraced(function* (asked: Instant | undefined): Effect.fn.Return<Instant> {
  const now = yield* Clock.currentTimeMillis
  const until = asked ?? now + dayMillis
  if (until <= now) return yield* Effect.die(notAhead("time_max", "query"))
  const { forecastDaysMax } = decisionLimits
  if (until <= now + forecastDaysMax * dayMillis) return until
  const message = `Expected a time at most ${forecastDaysMax} days ahead`
  return yield* Effect.die(invalidRequest([{ path: "time_max", message, in: "query" }]))
})
