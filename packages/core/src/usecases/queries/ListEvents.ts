/**
 * Lists events with their series and bots, synced first where that was asked for.
 * Decides when a listing syncs first, and that after a failed sync the mirror as it was is shown. Never decides about
 * bots.
 */
import { Clock, Effect, Option } from "effect"
import type { Calendar } from "../../domain/Calendar.ts"
import type { EventId, SeriesId, UserId } from "../../domain/Ids.ts"
import { type Refusal, refuse } from "../../domain/Refusal.ts"
import type { Span } from "../../domain/Time.ts"
import { type Account, type EventListing, Store, type StoreError } from "../../ports/Store.ts"
import { listingOf } from "../../ports/StoreParts.ts"
import { findTarget } from "../account/FindTarget.ts"
import { accountOf, calendarNamed } from "../account/OpenAccount.ts"
import type { EventsPage, EventsRequest, Failure, ListedEvent, SyncMode } from "../contract/Contract.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import type { SyncRequirements } from "../sync/SyncCalendar.ts"
import type { SyncWaits } from "../sync/SyncWaits.ts"
import { readBeyond, syncTogether } from "../sync/SyncNow.ts"
import { PageReads } from "./PageReads.ts"

/**
 * A page of events, synced first where the mode or the age of the mirror asks for it. Refused only where there is nothing
 * to show instead: `calendar_not_connected`, `calendar_not_found`, `reauthorization_required`, `provider_unavailable`.
 */
export const events = Effect.fn("Punctual.events")(function* (
  userId: UserId,
  request: EventsRequest,
  sync: SyncMode
): Effect.fn.Return<EventsPage, Failure, PageReads | SyncRequirements | SyncWaits> {
  const account = yield* accountOf(userId)
  const chosen = yield* choose(account.calendars, request)
  const refusals = sync === "never" ? [] : yield* freshen(userId, chosen, request.span, sync)
  const reads = yield* PageReads
  const page = yield* reads.join(userId, pageKey(chosen, request), readPage(userId, account, chosen, request))
  return { ...page, ...staleness(refusals) }
})

/** What an answer says of syncs that did not succeed. */
export const staleness = ([first]: ReadonlyArray<Refusal>): Pick<EventsPage, "stalePlatform" | "staleReason"> => ({
  staleReason: first?.code ?? null,
  ...(first?.platform !== undefined && { stalePlatform: first.platform })
})

/** The calendars that a request names are told apart by what they are now, not by how they were named. */
const pageKey = (chosen: ReadonlyArray<Calendar>, request: EventsRequest): string =>
  JSON.stringify([chosen.map(({ id, selected }) => [id, selected]), request])

const readPage = Effect.fnUntraced(function* (
  userId: UserId,
  account: Account,
  chosen: ReadonlyArray<Calendar>,
  request: EventsRequest
): Effect.fn.Return<Pick<EventsPage, "hasMore" | "items">, Failure, Store> {
  const store = yield* Store
  const page = yield* store.listing({
    userId,
    calendarIds: chosen.filter(({ selected }) => selected).map(({ id }) => id),
    span: request.span,
    includeDeleted: request.includeDeleted,
    uniqueMeetings: request.uniqueMeetings,
    limit: request.limit,
    place: request.place,
    backwards: request.backwards
  })
  return { items: yield* withContext(account, userId, page.items), hasMore: page.hasMore }
})

/** One event with its series and bots. Refused: `calendar_not_connected`, `event_not_found`. */
export const event = Effect.fn("Punctual.event")(function* (
  userId: UserId,
  eventId: EventId
): Effect.fn.Return<ListedEvent, Failure, Store> {
  const account = yield* accountOf(userId)
  const store = yield* Store
  const { event: found } = yield* findTarget(userId, eventId)
  const row = found === null ? [] : [listingOf(found, yield* store.botsOf(userId, [found.meeting]))]
  const [listed] = yield* withContext(account, userId, row)
  return listed ?? (yield* Effect.fail(refuse("event_not_found", "No such event.")))
})

/** The calendars a request names: all, one, or the primary. */
export const choose = Effect.fnUntraced(function* (
  all: ReadonlyArray<Calendar>,
  { calendarId }: Pick<EventsRequest, "calendarId">
): Effect.fn.Return<ReadonlyArray<Calendar>, Failure> {
  // By rank, so the first connection's come first.
  if (calendarId === "all") return all.filter(({ selected }) => selected)
  const one = calendarId === null ? (all.find(({ isPrimary }) => isPrimary) ?? all[0]) : calendarNamed(all, calendarId)
  return one === undefined ? yield* Effect.fail(refuse("calendar_not_found", "No such calendar.")) : [one]
})

/**
 * Syncs what is due, and reads what of a span is not mirrored. Succeeds with the refusals of calendars whose mirror can be
 * shown all the same.
 */
export const freshen = Effect.fnUntraced(function* (
  userId: UserId,
  chosen: ReadonlyArray<Calendar>,
  span: Span | null,
  sync: SyncMode
) {
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const isDue = (calendar: Calendar): boolean =>
    sync === "force" ||
    calendar.lastSyncedAt === null ||
    calendar.dueAt <= now ||
    now - calendar.lastSyncedAt > policy.staleAfterMillis
  const results = yield* Effect.forEach(
    chosen.filter(({ selected }) => selected),
    (calendar) => {
      const beyond =
        span === null || isMirrored(calendar, span) ? Effect.succeed(null) : readBeyond(userId, calendar.id, span)
      return isDue(calendar)
        ? Effect.flatMap(syncTogether(userId, calendar.id), (refusal) =>
            refusal === null ? beyond : Effect.succeed(refusal)
          )
        : beyond
    },
    { concurrency: 4 }
  )
  const refusals = results.filter((refusal) => refusal !== null)
  const isBare = chosen.every((calendar) => calendar.lastSyncedAt === null)
  const first = refusals[0]
  return isBare && first !== undefined && refusals.length === results.length ? yield* Effect.fail(first) : refusals
})

/** Known from the calendar as it was loaded: what was mirrored then is kept up by every pass since. */
const isMirrored = ({ window }: Calendar, span: Span): boolean =>
  window !== null && window.from <= span.from && span.to <= window.to

/** With calendar, provider and series. A calendar that was taken out while the page was read takes its rows along. */
export const withContext = Effect.fnUntraced(function* (
  { calendars, connections }: Account,
  userId: UserId,
  rows: ReadonlyArray<EventListing>
): Effect.fn.Return<ReadonlyArray<ListedEvent>, StoreError, Store> {
  const platforms = new Map(connections.map(({ id, platform }) => [id, platform]))
  const places = new Map(
    calendars.map((calendar) => [calendar.id, { calendar, platform: platforms.get(calendar.connectionId) ?? "" }])
  )
  return (yield* withSeries(userId, rows)).flatMap((row) => {
    const place = places.get(row.event.calendarId)
    return place === undefined ? [] : [{ ...row, ...place }]
  })
})

const withSeries = Effect.fnUntraced(function* (
  userId: UserId,
  rows: ReadonlyArray<EventListing>
): Effect.fn.Return<ReadonlyArray<Omit<ListedEvent, "calendar" | "platform">>, StoreError, Store> {
  const seriesIds = [...new Set(rows.flatMap(({ event: { seriesId } }) => (seriesId === null ? [] : [seriesId])))]
  if (seriesIds.length === 0) return rows.map((row) => ({ ...row, series: null, isRecurringEnabled: false }))
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  const series = new Map(
    (yield* Effect.forEach(seriesIds, (id: SeriesId) => store.series(userId, id), { concurrency: 8 })).flatMap(
      (found) => (Option.isSome(found) ? [[found.value.id, found.value] as const] : [])
    )
  )
  const keys = [...new Set([...series.values()].map(({ key }) => key))]
  const chained =
    keys.length === 0
      ? new Set<string>()
      : new Set<string>(
          (yield* store.slice(userId, { kind: "meetings", meetings: [], series: keys }, now)).intents.flatMap(
            (intent) => (intent.kind === "recurring" ? [intent.series] : [])
          )
        )
  return rows.map((row) => {
    const { seriesId } = row.event
    const own = seriesId === null ? null : (series.get(seriesId) ?? null)
    return { ...row, series: own, isRecurringEnabled: own !== null && chained.has(own.key) }
  })
})
