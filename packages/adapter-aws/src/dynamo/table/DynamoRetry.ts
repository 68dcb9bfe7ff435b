/**
 * One request to DynamoDB, with its time limit and its retries.
 * Decides how long an answer is waited for, how often and how soon a request is repeated. A refusal or a false condition
 * is never repeated.
 */
import { Effect, Schedule } from "effect"
import { callMillisUsual } from "../../client/AwsRetry.ts"
import { TableError, tableError } from "./TableError.ts"

/** Requests for one thing, the first included. Their pauses add up to 2.5 s: throttling and contention are mostly over by then. */
const attemptsMax = 8

/** No repetition begins later than this after the first failure: whoever waits has others to see to. */
const repeatMillisMax = 15_000

/** From 20 ms to 1.3 s. */
const backoff = Schedule.exponential("20 millis", 2).pipe(
  Schedule.jittered,
  Schedule.upTo({ duration: repeatMillisMax })
)

/** A transaction that is still under way under our token: AWS asks to look once more after five seconds. */
const progressMillis = 5_500
const progressLooksMax = 2

/** `tell` hands contention back at once, to whoever has something else to do than to wait for another's write. */
export type OnContention = "wait" | "tell"

export const retryDynamo = <A>(
  run: (signal: AbortSignal) => Promise<A>,
  onContention: OnContention = "wait"
): Effect.Effect<A, TableError> =>
  Effect.tryPromise({ try: run, catch: tableError }).pipe(
    Effect.timeoutOrElse({ duration: callMillisUsual, orElse: () => Effect.fail(unanswered) }),
    Effect.retry({
      times: attemptsMax - 1,
      schedule: backoff,
      while: (error) => error.isRetryable && (onContention === "wait" || error.kind !== "contention")
    }),
    Effect.retry({
      times: progressLooksMax,
      schedule: Schedule.spaced(progressMillis),
      while: ({ kind }) => kind === "in_progress"
    })
  )

const unanswered = new TableError({
  kind: "unknown",
  detail: `TimeoutError: no answer within ${callMillisUsual} ms`,
  reasons: [],
  writer: null
})
