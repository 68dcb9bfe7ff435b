/**
 * Retries the redemption of a refresh token.
 *
 * Decides by the refusal alone: a definite one is final, a fault is tried again a few times with growing pauses.
 */
import { backoffMillis } from "@punctual/core/http"
import { Effect, Schedule } from "effect"
import type { Limits } from "../client/Limits.ts"
import type { Granted } from "./Redeem.ts"
import type { Refusal } from "./Refusal.ts"

export const redeemWithRetry = (
  redeem: Effect.Effect<Granted, Refusal>,
  limits: Limits
): Effect.Effect<Granted, Refusal> =>
  Effect.retry(redeem, {
    times: limits.attemptsMax - 1,
    while: ({ mayRepeat }) => mayRepeat,
    schedule: Schedule.modifyDelay(Schedule.forever, ({ attempt }) => backoffMillis(limits, attempt))
  })
