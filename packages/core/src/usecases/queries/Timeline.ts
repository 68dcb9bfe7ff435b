/**
 * What happened to one meeting or one bot, newest first.
 * Decides whose entries those are: a meeting's own, and those of its bots, which it may have got under another name (a series
 * that moved to other days, an entry that became one of several). It outlives the event's deletion.
 */
import { Effect, Option } from "effect"
import { occurrenceNamed } from "../../domain/DeterministicIds.ts"
import type { BotId, EventId, MeetingKey, UserId } from "../../domain/Ids.ts"
import { quotaLimits } from "../../domain/Limits.ts"
import type { LoggedChange } from "../../domain/LoggedChange.ts"
import { occurrenceMeetingKey } from "../../domain/MeetingKey.ts"
import { botNotFound, eventNotFound } from "../../domain/Refusal.ts"
import { type Page, Store, type StoreError, type TimelineQuery } from "../../ports/Store.ts"
import { findEvent } from "../account/FindTarget.ts"
import type { Failure } from "../contract/Contract.ts"
import type { TimelineRequest } from "../contract/FollowContract.ts"

/** Refused: `event_not_found`, `bot_not_found`. */
export const timeline = Effect.fn("Punctual.timeline")(function* (
  userId: UserId,
  of: { readonly eventId: EventId } | { readonly botId: BotId },
  request: TimelineRequest
): Effect.fn.Return<Page<LoggedChange>, Failure, Store> {
  const store = yield* Store
  if ("botId" in of) {
    if (Option.isNone(yield* store.bot(userId, of.botId))) return yield* Effect.fail(botNotFound)
    return yield* store.timeline({ userId, of, ...request })
  }
  const { isStored, meeting } = yield* meetingOf(userId, of.eventId)
  const found = yield* ofMeeting(userId, meeting, request)
  // Of a date that nothing is stored of, the series itself says whether it is one of its own.
  if (!isStored && request.before === null && found.items.length === 0) yield* findEvent(userId, of.eventId)
  return found
})

/** Also of an event that is deleted, and of an occurrence of which no row is stored. */
const meetingOf = Effect.fnUntraced(function* (
  userId: UserId,
  eventId: EventId
): Effect.fn.Return<{ readonly meeting: MeetingKey; readonly isStored: boolean }, Failure, Store> {
  const store = yield* Store
  const row = Option.getOrNull(yield* store.event(userId, eventId))
  if (row !== null) return { meeting: row.meeting, isStored: true }
  const named = occurrenceNamed(eventId)
  const series = named === null ? null : Option.getOrNull(yield* store.series(userId, named.series))
  if (named === null || series === null) return yield* Effect.fail(eventNotFound)
  return { meeting: occurrenceMeetingKey(series.key, named.date), isStored: false }
})

const ofMeeting = Effect.fnUntraced(function* (
  userId: UserId,
  meeting: MeetingKey,
  request: TimelineRequest
): Effect.fn.Return<Page<LoggedChange>, StoreError, Store> {
  const store = yield* Store
  const bots = (yield* store.botsOf(userId, [meeting])).slice(0, quotaLimits.botsOfOneEventMax)
  const all: ReadonlyArray<TimelineQuery["of"]> = [{ meeting }, ...bots.map(({ id }) => ({ botId: id }))]
  const pages = yield* Effect.forEach(all, (of) => store.timeline({ userId, of, ...request }), { concurrency: 2 })
  return newestOfAll(pages, request.limit)
})

const newestOfAll = (pages: ReadonlyArray<Page<LoggedChange>>, limit: number): Page<LoggedChange> => {
  const bySequence = new Map(pages.flatMap(({ items }) => items.map((change) => [change.sequence, change] as const)))
  const found = [...bySequence.values()].toSorted((a, b) => b.sequence - a.sequence)
  return { items: found.slice(0, limit), hasMore: found.length > limit || pages.some(({ hasMore }) => hasMore) }
}
