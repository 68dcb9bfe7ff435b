/**
 * After a pass: asks the provider by id about rows that it did not list or said to be removed.
 * Decides which rows to ask about. Only the answer to a question by id deletes a row; an error leaves the row as it is.
 * Cancels no bot: it writes tombstones, and the next decision cancels.
 */
import { Clock, Effect, Option, Stream } from "effect"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { EventId } from "../../domain/Ids.ts"
import type { Series } from "../../domain/Series.ts"
import type { Span } from "../../domain/Time.ts"
import { eventRow, tombstone } from "../../mirror/EventRow.ts"
import { beside, isBeside } from "../../mirror/SameDay.ts"
import { seriesId } from "../../domain/DeterministicIds.ts"
import type { CalendarError } from "../../ports/CalendarProvider.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { lookUpSeries } from "./SyncPass.ts"
import { type SyncProgress, fetchSeries, putRows } from "./SyncProgress.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"

/** Requests to one mailbox at once. */
const askConcurrency = 4

/** Unseen rows loaded at a time. */
const unseenPageSize = 200

/**
 * After an incremental pass: asks about what was said to be removed, and about occurrences that their series no longer
 * lists.
 */
export const confirmAfterIncremental = Effect.fn("Punctual.confirmAfterIncremental")(function* (
  notes: SyncProgress,
  window: Span
): Effect.fn.Return<void, CalendarError | StoreError, Store> {
  const store = yield* Store
  const { calendar, userId } = notes.claim
  yield* askRemoved(notes)
  // A series is said to be removed when its last occurrence in the window was; the series may still exist.
  const named = new Set([
    ...notes.sent,
    ...notes.retold,
    ...[...notes.removed].map((id) => seriesId(calendar.namespace, id))
  ])
  const listed = yield* store.occurrencesOf(userId, [...named])
  yield* askEvents(
    notes,
    listed.filter((event) => isOurs(notes, event) && overlaps(event, window) && !notes.seen.has(event.id))
  )
})

/**
 * After a full pass: asks about everything in the window that it did not list, and about rows outside it with a bot or
 * an intent.
 */
export const confirmAfterFull = Effect.fn("Punctual.confirmAfterFull")(function* (
  notes: SyncProgress,
  window: Span
): Effect.fn.Return<void, CalendarError | StoreError, Store> {
  const store = yield* Store
  yield* askRemoved(notes)
  const unseen = Stream.paginate(null as EventId | null, (after) =>
    Effect.map(
      store.unseen(notes.claim, window, after, unseenPageSize),
      (rows) => [rows, rows.length < unseenPageSize ? Option.none() : Option.fromUndefinedOr(rows.at(-1)?.id)] as const
    )
  )
  yield* Stream.runForEachArray(unseen, (rows) =>
    askEvents(
      notes,
      rows.filter((event) => !notes.seen.has(event.id))
    )
  )
  yield* askBeyond(notes, window)
})

const askRemoved = Effect.fnUntraced(function* (
  notes: SyncProgress
): Effect.fn.Return<void, CalendarError | StoreError, Store> {
  if (notes.removed.size === 0) return
  const store = yield* Store
  const { calendar, userId } = notes.claim
  const known = yield* store.mirrored(userId, calendar.id, {
    events: [],
    series: [...notes.removed].map((id) => seriesId(calendar.namespace, id)),
    providerIds: [...notes.removed]
  })
  yield* askSeries(
    notes,
    known.series.filter((row) => isOurs(notes, row) && !row.isDeleted && !notes.sent.has(row.id))
  )
  yield* askEvents(
    notes,
    known.events.filter((event) => isOurs(notes, event) && !event.isDeleted && !notes.seen.has(event.id))
  )
})

/** Asks about rows outside the window: those that carry a bot, and series that an intent names. */
const askBeyond = Effect.fnUntraced(function* (
  notes: SyncProgress,
  window: Span
): Effect.fn.Return<void, CalendarError | StoreError, Store> {
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  const { calendar, userId } = notes.claim
  const beyond = { from: window.to, to: Number.MAX_SAFE_INTEGER }
  const slice = yield* store.slice(userId, { kind: "span", span: beyond }, now)
  const wished = new Set<string>(slice.intents.flatMap((intent) => ("series" in intent ? [intent.series] : [])))
  yield* askSeries(
    notes,
    slice.series.filter(
      (row) => row.calendarId === calendar.id && !row.isDeleted && !notes.sent.has(row.id) && wished.has(row.key)
    )
  )
  const spoken = new Set(slice.bots.filter((bot) => bot.status === "Scheduled").map((bot) => bot.meeting))
  yield* askEvents(
    notes,
    slice.events.filter(
      (event) =>
        event.calendarId === calendar.id &&
        !event.isDeleted &&
        !event.isVirtual &&
        !notes.seen.has(event.id) &&
        !overlaps(event, window) &&
        spoken.has(event.meeting)
    )
  )
})

/** A series that is gone takes its occurrences with it. */
const askSeries = Effect.fnUntraced(function* (
  notes: SyncProgress,
  rows: ReadonlyArray<Series>
): Effect.fn.Return<void, CalendarError | StoreError, Store> {
  if (rows.length === 0) return
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  const known = yield* answersFor(notes, rows, (row) => fetchSeries(notes, row.providerId, now))
  const gone = known.filter(({ found }) => found === null).map(({ row }) => row)
  const there = known.flatMap(({ found }) => (found === null ? [] : [found]))
  if (gone.length === 0) return yield* putRows(notes, [], there)
  const occurrences = yield* store.occurrencesOf(
    notes.claim.userId,
    gone.map((row) => row.id)
  )
  // Occurrences first: after a crash in between, the series is asked about again and the rest follows.
  yield* putRows(
    notes,
    occurrences.filter((event) => isOurs(notes, event)).map((event) => tombstone(event, now)),
    there
  )
  yield* putRows(
    notes,
    [],
    gone.map((row) => ({ ...row, isDeleted: true, updatedAt: now }))
  )
  for (const row of gone) notes.series.set(row.id, null)
})

const askEvents = Effect.fnUntraced(function* (
  notes: SyncProgress,
  rows: ReadonlyArray<CalendarEvent>
): Effect.fn.Return<void, CalendarError | StoreError, Store> {
  if (rows.length === 0) return
  const { calendar } = notes.claim
  const now = yield* Clock.currentTimeMillis
  const known = yield* answersFor(notes, rows, (row) =>
    Effect.map(notes.session.event(notes.claim.calendar.providerId, row.providerId), Option.getOrNull)
  )
  yield* lookUpSeries(
    notes,
    known.flatMap(({ found }) => ((found?.seriesProviderId ?? null) === null ? [] : [found?.seriesProviderId ?? ""])),
    now
  )
  const { links } = yield* CurrentPolicy
  const fresh = known.flatMap(({ found, row }): ReadonlyArray<Retold> => {
    if (found === null) return [{ row, told: null }]
    const id = found.seriesProviderId === null ? null : seriesId(calendar.namespace, found.seriesProviderId)
    const series = id === null ? null : (notes.series.get(id) ?? null)
    // Whether it stands alone is as open as whether there is its series.
    if (series === null && id !== null && notes.doubted.has(id)) return []
    return [{ row, told: eventRow(calendar, found, series, now, links) }]
  })
  const taken = yield* takenPlaces(notes, fresh)
  yield* putRows(
    notes,
    fresh.flatMap(({ row, told }) => {
      if (told === null) return [tombstone(row, now)]
      if (told.id === row.id) return [told]
      if (taken.get(told.id) !== undefined && taken.get(told.id) !== told.providerId)
        return [beside(calendar.namespace, told)]
      // The same item under another name, an occurrence made an exception of another date: the old row is not it.
      return [told, tombstone(row, now)]
    }),
    []
  )
})

/** Of rows that stand beside another of their series on the same date: who has the date's place, by the place. */
const takenPlaces = Effect.fnUntraced(function* (
  { claim }: SyncProgress,
  fresh: ReadonlyArray<Retold>
): Effect.fn.Return<ReadonlyMap<EventId, string>, StoreError, Store> {
  const places = fresh.flatMap(({ row, told }) =>
    told !== null && isBeside(claim.calendar.namespace, row) ? [told.id] : []
  )
  if (places.length === 0) return new Map()
  const store = yield* Store
  const ids = { events: places, series: [], providerIds: [] }
  const held = yield* store.mirrored(claim.userId, claim.calendar.id, ids)
  return new Map(held.events.flatMap((row) => (row.isDeleted ? [] : [[row.id, row.providerId] as const])))
})

/** A row that was asked about, and what it is now; null: it is gone. */
interface Retold {
  readonly row: CalendarEvent
  readonly told: CalendarEvent | null
}

interface Answer<Row, Found> {
  readonly row: Row
  /** Null: it is gone. */
  readonly found: Found | null
}

/** The provider's answer about each row. A row without an answer is not gone: it stays as it is. */
const answersFor = <Row, Found>(
  notes: SyncProgress,
  rows: ReadonlyArray<Row>,
  question: (row: Row) => Effect.Effect<Found | null, CalendarError>
): Effect.Effect<ReadonlyArray<Answer<Row, Found>>, CalendarError> =>
  Effect.forEach(
    rows,
    (row) =>
      question(row).pipe(
        Effect.map((found) => [{ row, found }]),
        Effect.catchIf(
          (error) => error.isRetryable,
          // The pass goes on, and the next one has to ask again.
          () =>
            Effect.sync(() => {
              notes.unanswered += 1
              return []
            })
        ),
        Effect.catchIf(
          (error) => error.isAboutOne,
          // Somebody else's private meeting, or one that makes no sense: its row stays, and the pass goes on.
          () => Effect.succeed([])
        )
      ),
    { concurrency: askConcurrency }
  ).pipe(Effect.map((answers) => answers.flat()))

/**
 * Whether the row belongs to this calendar. A meeting moved to another calendar keeps its id, and belongs to that one.
 */
const isOurs = ({ claim }: SyncProgress, row: CalendarEvent | Series): boolean => row.calendarId === claim.calendar.id

const overlaps = (event: CalendarEvent, window: Span): boolean => event.start < window.to && event.end > window.from
