/**
 * Whether a meeting will have a bot, when it joins, and why.
 */
import { Clock, Effect } from "effect"
import { explain } from "../../decide/desired/Explain.ts"
import { currentState } from "../../decide/reschedule/SeriesChange.ts"
import { liveBot } from "../../domain/BotStatus.ts"
import type { EventId, UserId } from "../../domain/Ids.ts"
import { refuse } from "../../domain/Refusal.ts"
import { Store } from "../../ports/Store.ts"
import { findTarget } from "../account/FindTarget.ts"
import { connectionsOf } from "../account/OpenAccount.ts"
import type { Explanation, Failure } from "../contract/Contract.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"

/** Whether a bot will join, when, and the ordered reasons, from the same code that decides. */
export const explainBot = Effect.fn("Punctual.explain")(function* (
  userId: UserId,
  eventId: EventId
): Effect.fn.Return<Explanation, Failure, Store> {
  const store = yield* Store
  const policy = yield* CurrentPolicy
  yield* connectionsOf(userId)
  const { event: found } = yield* findTarget(userId, eventId)
  if (found === null) return yield* Effect.fail(refuse("event_not_found", "No such event."))
  const now = yield* Clock.currentTimeMillis
  const scope = {
    kind: "meetings",
    meetings: [found.meeting],
    series: found.seriesKey === null ? [] : [found.seriesKey]
  } as const
  // As `decide` does it: intents and bots of a series that moved are under its new dates.
  const slice = currentState(yield* store.slice(userId, scope, now), now)
  return {
    event: found,
    ...explain(slice, found.meeting, { policy, now }),
    bot: liveBot(slice.bots.filter(({ meeting }) => meeting === found.meeting))
  }
})
