/**
 * One request to EventBridge Scheduler, SQS or SSM, with its retries.
 * Decides how often and how soon a request is repeated. A definite answer is never repeated.
 */
import { Effect, Schedule } from "effect"
import { type AwsFailure, awsFailure } from "./AwsFailure.ts"

/** Requests for one thing, the first included. What fails then is left to whoever comes back to it. */
const attemptsMax = 5

/** From 50 ms to 0.4 s. */
const backoff = Schedule.jittered(Schedule.exponential("50 millis", 2))

/** The same request each time: what is in it that tells a repetition apart, such as a client token, stays. */
export const retryAws = <A>(run: (abortSignal: AbortSignal) => Promise<A>): Effect.Effect<A, AwsFailure> =>
  Effect.tryPromise({ try: run, catch: awsFailure }).pipe(
    Effect.retry({ times: attemptsMax - 1, schedule: backoff, while: (failure) => failure.isRetryable })
  )
