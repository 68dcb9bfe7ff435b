/**
 * One request to DynamoDB, repeated while that may help.
 * Decides how often and how soon. Never repeats what was refused or found false.
 */
import { Effect, Schedule } from "effect"
import { type TableError, tableError } from "./TableError.ts"

/** Requests for one thing, the first included. */
const attemptsMax = 8

/** From 20 ms to 1.3 s. */
const backoff = Schedule.jittered(Schedule.exponential("20 millis", 2))

export const asking = <A>(run: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, TableError> =>
  Effect.tryPromise({ try: run, catch: tableError }).pipe(
    Effect.retry({ times: attemptsMax - 1, schedule: backoff, while: (error) => error.isRetryable })
  )
