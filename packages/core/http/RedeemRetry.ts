/**
 * Asking a sign-in service again that failed to answer.
 * Decides how often: a few times with growing pauses where it was a fault. A definite refusal is final.
 */
import { Effect, Schedule } from "effect"
import { type BackoffLimits, backoffMillis } from "./Backoff.ts"

export const redeemWithRetry = <A, E extends { readonly mayRepeat: boolean }>(
  redeem: Effect.Effect<A, E>,
  limits: BackoffLimits & { readonly attemptsMax: number }
): Effect.Effect<A, E> =>
  Effect.retry(redeem, {
    times: limits.attemptsMax - 1,
    while: ({ mayRepeat }) => mayRepeat,
    schedule: Schedule.modifyDelay(Schedule.forever, ({ attempt }) => backoffMillis(limits, attempt))
  })
