/**
 * Whether a meeting will have a bot, when it joins, and why.
 */
import { Clock, Effect } from "effect"
import { contextOf } from "../../decide/desired/DecisionContext.ts"
import { type Explained, explain, explainIn } from "../../decide/desired/Explain.ts"
import { sentenceOf } from "../../decide/desired/Sentence.ts"
import { currentState } from "../../decide/reschedule/SeriesChange.ts"
import { indexState } from "../../decide/state/StateIndex.ts"
import { liveBot } from "../../domain/BotStatus.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { EventId, MeetingKey, UserId } from "../../domain/Ids.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { findEvent } from "../account/FindTarget.ts"
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
  const now = yield* Clock.currentTimeMillis
  const { event: found, isStored } = yield* findEvent(userId, eventId)
  const scope = {
    kind: "meetings",
    meetings: [found.meeting],
    series: found.seriesKey === null ? [] : [found.seriesKey]
  } as const
  // As `decide` does it: intents and bots of a series that moved are under its new dates.
  const slice = currentState(yield* store.slice(userId, scope, now), now)
  // Virtual ones count only where an intent reaches them: this one is asked about as if it were listed.
  const state = isStored ? slice : { ...slice, events: [...slice.events, { ...found, isVirtual: false }] }
  const explained = explain(state, found.meeting, { policy, now })
  return {
    event: found,
    ...explained,
    sentence: sentenceOf(explained, slice.auto),
    config: explained.willJoin && explained.verdict.kind === "wanted" ? explained.verdict.bot.config : null,
    bot: liveBot(slice.bots.filter(({ meeting }) => meeting === found.meeting))
  }
})

/** Of many meetings at once, by meeting: those of a page. */
export const explainMeetings = Effect.fn("Punctual.explainMeetings")(function* (
  userId: UserId,
  events: ReadonlyArray<Pick<CalendarEvent, "meeting" | "seriesKey">>
): Effect.fn.Return<ReadonlyMap<MeetingKey, Explained>, StoreError, Store> {
  const store = yield* Store
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const meetings = [...new Set(events.map(({ meeting }) => meeting))]
  const series = [...new Set(events.flatMap(({ seriesKey }) => (seriesKey === null ? [] : [seriesKey])))]
  const slice = currentState(yield* store.slice(userId, { kind: "meetings", meetings, series }, now), now)
  const context = contextOf(indexState(slice), { policy, now })
  return new Map(meetings.map((meeting) => [meeting, explainIn(context, meeting)]))
})
