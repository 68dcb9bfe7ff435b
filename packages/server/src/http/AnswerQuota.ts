/**
 * How much is kept of one user's answers to requests with an idempotency key.
 *
 * Decides when a user has no room for another. The store is asked now and then; what this process stores meanwhile it adds
 * by itself, so that a request costs no look-up of its own. Where the store does not answer nobody is refused.
 */
import { Clock, Effect } from "effect"
import type { Instant, UserId } from "@punctual/core"
import type { Accounts, StoredAnswers } from "@punctual/core/accounts"
import { answerLimits } from "./Limits.ts"

interface Known extends StoredAnswers {
  readonly until: Instant
}

/** Beyond so many users all are asked for afresh. */
const usersMax = 10_000

export const answerQuota = (accounts: Pick<Accounts["Service"], "storedAnswers">) => {
  const { storedBytesOfOneUserMax, storedLookMillis, storedOfOneUserMax } = answerLimits
  const known = new Map<UserId, Known>()
  return {
    isFull: Effect.fnUntraced(function* (userId: UserId) {
      const now = yield* Clock.currentTimeMillis
      let stored = known.get(userId)
      if (stored === undefined || stored.until <= now) {
        const found = yield* Effect.orElseSucceed(accounts.storedAnswers(userId, now), () => null)
        if (found === null) return false
        if (known.size >= usersMax) known.clear()
        stored = { ...found, until: now + storedLookMillis }
        known.set(userId, stored)
      }
      return stored.count >= storedOfOneUserMax || stored.bytes >= storedBytesOfOneUserMax
    }),
    /** One more was stored. */
    note: (userId: UserId, bytes: number): void => {
      const before = known.get(userId)
      if (before !== undefined) known.set(userId, { ...before, count: before.count + 1, bytes: before.bytes + bytes })
    }
  }
}
