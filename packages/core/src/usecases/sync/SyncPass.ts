/**
 * One sync pass: reads a calendar's changes, page by page, into the mirror.
 * Fills thin occurrences, which the provider tells by their times alone, from their series: of this pass, of the
 * mirror, or fetched. Decides nothing about deletion: it collects what was seen and what was said to be removed for
 * `ConfirmDeletions.ts`.
 */
import { Clock, Effect, Option, Stream } from "effect"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { EventId, SeriesId } from "../../domain/Ids.ts"
import type { ChangePage, ProviderSeries } from "../../domain/Provider.ts"
import type { Series } from "../../domain/Series.ts"
import type { Span } from "../../domain/Time.ts"
import { itemRows } from "../../mirror/EventRow.ts"
import { seriesRow } from "../../mirror/SeriesRow.ts"
import { seriesId } from "../../domain/DeterministicIds.ts"
import type { CalendarError, CalendarSession } from "../../ports/CalendarProvider.ts"
import { type Claim, Store, type StoreError } from "../../ports/Store.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"

/** As many as a mailbox takes. */
const requestsAtOnce = 4

/** What is known while a pass is read. Lives as long as the pass, in one fiber. */
export interface SyncProgress {
  readonly claim: Claim
  readonly session: CalendarSession
  /** Rows written by this pass. */
  readonly seen: Set<EventId>
  /** Series that the provider sent in this pass, or that were fetched since it named them. */
  readonly sent: Set<SeriesId>
  /** Series of which the provider listed occurrences in this pass: all that there are in the window. */
  readonly retold: Set<SeriesId>
  /** Series looked up in this pass; null: confirmed to be gone. */
  readonly series: Map<SeriesId, Series | null>
  /** Provider ids said to be removed. */
  readonly removed: Set<string>
  /** Rows that changed, items that could not be understood, and questions by id that got no answer. */
  changed: number
  rejected: number
  unanswered: number
}

/** A pass that has read nothing yet. */
export const newPass = (claim: Claim, session: CalendarSession): SyncProgress => {
  const known = { seen: new Set<EventId>(), sent: new Set<SeriesId>(), retold: new Set<SeriesId>() }
  const told = { series: new Map<SeriesId, Series | null>(), removed: new Set<string>() }
  return { claim, session, ...known, ...told, changed: 0, rejected: 0, unanswered: 0 }
}

/** Pages of a long pass after which `sofar` is run. */
const pagesTogether = 20

/**
 * Reads to the end; `sofar` runs after every `pagesTogether` pages. Succeeds with the cursor for the next pass; null
 * from a provider that broke off.
 */
export const readPass = Effect.fn("Punctual.readPass")(function* <R>(
  notes: SyncProgress,
  from: { readonly window: Span } | { readonly cursor: string },
  sofar: Effect.Effect<unknown, StoreError, R>
): Effect.fn.Return<string | null, CalendarError | StoreError, Store | R> {
  let pages = 0
  const last = yield* notes.session.changes(notes.claim.calendar.id, from).pipe(
    Stream.mapEffect((page) =>
      readPage(notes, page).pipe(
        Effect.andThen(Effect.suspend(() => (++pages % pagesTogether === 0 ? Effect.asVoid(sofar) : Effect.void))),
        Effect.as(page.cursor)
      )
    ),
    Stream.runLast
  )
  return Option.getOrNull(last)
})

/** Writes one page and keeps the claim alive. */
export const readPage = Effect.fnUntraced(function* (
  notes: SyncProgress,
  page: ChangePage
): Effect.fn.Return<void, CalendarError | StoreError, Store> {
  const store = yield* Store
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  notes.rejected += page.rejected
  const sent = yield* readSeries(notes, page, now)
  yield* fetchRetold(notes, page, now)
  yield* lookUpSeries(notes, seriesNamed(page), now)
  const gone = yield* goneWithSeries(notes, page)
  const events = page.items.flatMap((item) =>
    itemRows(notes.claim.calendar.id, item, (id) => notes.series.get(id) ?? null, gone, now)
  )
  for (const item of page.items) if (item.kind === "removed") notes.removed.add(item.providerId)
  yield* putRows(notes, events, sent)
  yield* store.extendLease(notes.claim, now + policy.leaseMillis)
})

/** Writes rows and notes them as seen. */
export const putRows = Effect.fnUntraced(function* (
  notes: SyncProgress,
  events: ReadonlyArray<CalendarEvent>,
  series: ReadonlyArray<Series>
): Effect.fn.Return<void, StoreError, Store> {
  if (events.length === 0 && series.length === 0) return
  const store = yield* Store
  // An item may come twice in one page: the last one counts.
  const lastEvents = [...new Map(events.map((event) => [event.id, event])).values()]
  const lastSeries = [...new Map(series.map((row) => [row.id, row])).values()]
  notes.changed += yield* store.putMirror(notes.claim, { events: lastEvents, series: lastSeries })
  for (const event of lastEvents) notes.seen.add(event.id)
  for (const row of lastSeries) notes.series.set(row.id, row)
})

/** Makes sure that the series with these provider ids are in the notes. */
export const lookUpSeries = Effect.fnUntraced(function* (
  notes: SyncProgress,
  providerIds: ReadonlyArray<string>,
  now: number
): Effect.fn.Return<void, CalendarError | StoreError, Store> {
  const store = yield* Store
  const { calendar, userId } = notes.claim
  const unknown = new Map(
    providerIds.map((providerId) => [seriesId(providerId), providerId] as const).filter(([id]) => !notes.series.has(id))
  )
  if (unknown.size === 0) return
  const stored = yield* store.mirrored(userId, calendar.id, {
    events: [],
    series: [...unknown.keys()],
    providerIds: []
  })
  for (const row of stored.series) {
    if (row.isDeleted) continue
    notes.series.set(row.id, row)
    unknown.delete(row.id)
  }
  yield* fetchAll(notes, unknown, now)
})

const fetchAll = Effect.fnUntraced(function* (
  notes: SyncProgress,
  wanted: ReadonlyMap<SeriesId, string>,
  now: number
): Effect.fn.Return<void, CalendarError | StoreError, Store> {
  const fetched = yield* Effect.forEach(
    wanted,
    ([id, providerId]) =>
      fetchSeries(notes, providerId, now).pipe(
        Effect.map((row) => [{ id, row }]),
        // A series that may be listed and not read: its stored row has to do.
        Effect.catchIf(
          (error) => error.isAboutOne,
          () => Effect.succeed([])
        )
      ),
    { concurrency: requestsAtOnce }
  )
  for (const { id, row } of fetched.flat()) {
    notes.sent.add(id)
    notes.series.set(id, row)
  }
  yield* putRows(
    notes,
    [],
    fetched.flat().flatMap(({ row }) => (row === null ? [] : [row]))
  )
})

/**
 * Thin occurrences say that their series changed. Where the series does not come with them, the stored row is old, so
 * it is fetched.
 */
const fetchRetold = Effect.fnUntraced(function* (
  notes: SyncProgress,
  page: ChangePage,
  now: number
): Effect.fn.Return<void, CalendarError | StoreError, Store> {
  const thin = new Map<SeriesId, string>()
  for (const item of page.items) {
    if (item.kind === "event" && item.event.kind === "exception" && item.event.seriesProviderId !== null) {
      notes.retold.add(seriesId(item.event.seriesProviderId))
    }
    if (item.kind !== "occurrence") continue
    const id = seriesId(item.seriesProviderId)
    notes.retold.add(id)
    if (!notes.sent.has(id)) thin.set(id, item.seriesProviderId)
  }
  yield* fetchAll(notes, thin, now)
})

/** A series with its cancelled and changed occurrences, asked for by id; null: confirmed that it is not there. */
export const fetchSeries = (
  notes: Pick<SyncProgress, "claim" | "session">,
  providerId: string,
  now: number
): Effect.Effect<Series | null, CalendarError> =>
  Effect.map(
    notes.session.series(notes.claim.calendar.id, providerId),
    Option.match({ onNone: () => null, onSome: (series) => seriesRow(notes.claim.calendar.id, series, now) })
  )

/**
 * The series of a page. Those that an intent or a bot names are fetched with their exceptions, which changes do not
 * carry.
 */
const readSeries = Effect.fnUntraced(function* (
  notes: SyncProgress,
  page: ChangePage,
  now: number
): Effect.fn.Return<ReadonlyArray<Series>, CalendarError | StoreError, Store> {
  const store = yield* Store
  const { calendar, userId } = notes.claim
  const sent = page.items.flatMap((item): ReadonlyArray<ProviderSeries> =>
    item.kind === "series" ? [item.series] : []
  )
  if (sent.length === 0) return []
  const rows = sent.map((series) => seriesRow(calendar.id, series, now))
  for (const row of rows) {
    notes.sent.add(row.id)
    notes.series.set(row.id, row)
  }
  const slice = yield* store.slice(userId, { kind: "meetings", meetings: [], series: rows.map((row) => row.key) }, now)
  const spoken = new Set<string>(
    slice.intents.map((intent) => ("series" in intent ? intent.series : intent.meeting.slice(14)))
  )
  return yield* Effect.forEach(
    rows,
    (row) =>
      spoken.has(row.key) && row.exceptions === null
        ? fetchSeries(notes, row.providerId, now).pipe(
            Effect.map((detailed) => detailed ?? row),
            Effect.catchIf(
              (error) => error.isAboutOne,
              () => Effect.succeed(row)
            )
          )
        : Effect.succeed(row),
    { concurrency: requestsAtOnce }
  )
})

const seriesNamed = (page: ChangePage): ReadonlyArray<string> =>
  page.items.flatMap((item) => {
    if (item.kind === "occurrence") return [item.seriesProviderId]
    if (item.kind === "event" && item.event.seriesProviderId !== null) return [item.event.seriesProviderId]
    return []
  })

/**
 * Exceptions of this page that are gone together with their series, by provider id. An exception without a series may
 * be a single invitation, which stays; or its series was deleted since the page was written, of which the provider may
 * report the series alone. So each is asked about by id.
 */
const goneWithSeries = Effect.fnUntraced(function* (
  { claim, series, session }: SyncProgress,
  page: ChangePage
): Effect.fn.Return<ReadonlySet<string>, CalendarError> {
  const alone = page.items.flatMap((item) => {
    if (item.kind !== "event" || item.event.seriesProviderId === null) return []
    return series.get(seriesId(item.event.seriesProviderId)) === null ? [item.event.providerId] : []
  })
  const gone = yield* Effect.forEach(
    new Set(alone),
    (providerId) =>
      session.event(claim.calendar.id, providerId).pipe(
        Effect.map((found) => (Option.isNone(found) ? [providerId] : [])),
        // It was listed, and may not be read: what the page says has to do.
        Effect.catchIf(
          (error) => error.isAboutOne,
          () => Effect.succeed([])
        )
      ),
    { concurrency: requestsAtOnce }
  )
  return new Set(gone.flat())
})
