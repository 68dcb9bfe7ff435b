/**
 * One request to EventBridge Scheduler, SQS or SSM, with its time limit and its retries.
 * Decides how long an answer is waited for, how often and how soon a request is repeated. A definite answer is never
 * repeated. That the SDK's own limit may fail to act is counted on: it is only as good as the handler under it.
 */
import { Effect, Schedule } from "effect"
import { AwsFailure, awsFailure } from "./AwsFailure.ts"

/**
 * One request from its first byte to its last: the time to connect and to answer, and what no handler limits, such as
 * the wait for a socket or for credentials.
 */
export const callMillisUsual = 7_000

/** Requests for one thing, the first included. What fails then is left to whoever comes back to it. */
const attemptsMax = 5

/** No repetition begins later than this after the first failure: whoever waits has others to see to. */
const repeatMillisMax = 15_000

/** From 50 ms to 0.4 s. */
const backoff = Schedule.exponential("50 millis", 2).pipe(
  Schedule.jittered,
  Schedule.upTo({ duration: repeatMillisMax })
)

/** What one request needs beyond the usual. */
export interface Asking {
  /** How long the answer may be held back on purpose. */
  readonly holdMillis?: number
  /** Before each attempt, repetitions too: a place in a quota. */
  readonly turn?: Effect.Effect<void, AwsFailure>
}

/** The same request each time: what is in it that tells a repetition apart, such as a client token, stays. */
export type Ask = <A>(run: (abortSignal: AbortSignal) => Promise<A>, asking?: Asking) => Effect.Effect<A, AwsFailure>

export const makeAsk =
  (callMillisMax: number = callMillisUsual): Ask =>
  (run, { holdMillis = 0, turn = Effect.void } = {}) => {
    const attempt = Effect.tryPromise({ try: run, catch: awsFailure }).pipe(
      Effect.timeoutOrElse({
        duration: callMillisMax + holdMillis,
        orElse: () => Effect.fail(unanswered(callMillisMax + holdMillis))
      })
    )
    return Effect.andThen(turn, attempt).pipe(
      Effect.retry({ times: attemptsMax - 1, schedule: backoff, while: (failure) => failure.isRetryable })
    )
  }

const unanswered = (millis: number): AwsFailure =>
  new AwsFailure({
    kind: "unavailable",
    error: "TimeoutError",
    message: `TimeoutError: no answer within ${millis} ms`
  })
