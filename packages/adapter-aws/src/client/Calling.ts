/**
 * One request to AWS, repeated while that may help.
 * Decides how often and how soon. Never repeats what was answered.
 */
import { Effect, Schedule } from "effect"
import { type AwsFailure, awsFailure } from "./AwsFailure.ts"

/** Requests for one thing, the first included. What fails then is left to whoever comes back to it. */
const attemptsMax = 5

/** From 50 ms to 0.4 s. */
const backoff = Schedule.jittered(Schedule.exponential("50 millis", 2))

/** The same request each time: what is in it that tells a repetition apart, such as a client token, stays. */
export const calling = <A>(run: (abortSignal: AbortSignal) => Promise<A>): Effect.Effect<A, AwsFailure> =>
  Effect.tryPromise({ try: run, catch: awsFailure }).pipe(
    Effect.retry({ times: attemptsMax - 1, schedule: backoff, while: (failure) => failure.isRetryable })
  )

/** Null where there is nothing of that name. */
export const orNull = <A>(effect: Effect.Effect<A, AwsFailure>): Effect.Effect<A | null, AwsFailure> =>
  Effect.catchIf(
    effect,
    ({ kind }) => kind === "absent",
    () => Effect.succeed(null)
  )
