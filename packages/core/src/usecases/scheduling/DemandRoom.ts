/**
 * Whether a user may have more bots.
 * Decides by a count of those that are live; never makes or ends one. Bots of auto-scheduling and of series that are
 * chained come as calendars say and are not asked for here.
 */
import { Effect } from "effect"
import type { UserId } from "../../domain/Ids.ts"
import { quotaLimits } from "../../domain/Limits.ts"
import { Refusal } from "../../domain/Refusal.ts"
import { Store, type StoreError } from "../../ports/Store.ts"

/** Refused: `quota_exceeded`. */
export const demandRoom = Effect.fnUntraced(function* (
  userId: UserId
): Effect.fn.Return<void, StoreError | Refusal, Store> {
  const store = yield* Store
  const { liveBotsMax } = quotaLimits
  if ((yield* store.liveBots(userId)) < liveBotsMax) return
  const detail = `You have ${liveBotsMax} scheduled bots, which is the most. Unschedule some first.`
  return yield* Effect.fail(new Refusal({ code: "quota_exceeded", limit: "live_bots", detail }))
})
