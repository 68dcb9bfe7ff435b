/**
 * One request to DynamoDB, with its retries.
 * Decides how often and how soon a request is repeated. A refusal or a false condition is never repeated.
 */
import { Effect, Schedule } from "effect"
import { type TableError, tableError } from "./TableError.ts"

/** Requests for one thing, the first included. Their pauses add up to 2.5 s: throttling and contention are mostly over by then. */
const attemptsMax = 8

/** From 20 ms to 1.3 s. */
const backoff = Schedule.jittered(Schedule.exponential("20 millis", 2))

export const retryDynamo = <A>(run: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, TableError> =>
  Effect.tryPromise({ try: run, catch: tableError }).pipe(
    Effect.retry({ times: attemptsMax - 1, schedule: backoff, while: (error) => error.isRetryable })
  )
