/**
 * Retries the redemption of a refresh token.
 *
 * Decides by the refusal alone: a definite one is final, a fault is tried again a few times with growing pauses.
 */
import { Effect, Random } from "effect"
import type { Limits } from "../client/Limits.ts"
import type { Granted } from "./Redeem.ts"
import type { Refusal } from "./Refusal.ts"

export const redeemWithRetry = Effect.fnUntraced(function* (
  redeem: Effect.Effect<Granted, Refusal>,
  limits: Limits
): Effect.fn.Return<Granted, Refusal> {
  for (let attempt = 1; ; attempt++) {
    const outcome = yield* Effect.result(redeem)
    if (outcome._tag === "Success") return outcome.success
    if (!outcome.failure.mayRepeat || attempt >= limits.attemptsMax) return yield* Effect.fail(outcome.failure)
    const ceiling = Math.min(limits.backoffMaxMillis, limits.backoffMinMillis * 2 ** (attempt - 1))
    yield* Effect.sleep(Math.ceil(ceiling / 2 + ((yield* Random.next) * ceiling) / 2))
  }
})
