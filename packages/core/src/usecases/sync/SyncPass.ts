/**
 * One sync pass: reads a calendar's changes, page by page, into the mirror.
 * Fills thin occurrences, which the provider tells by their times alone, from their series: of this pass, of the
 * mirror, or fetched. Decides nothing about deletion: it collects what was seen and what was said to be removed for
 * `ConfirmDeletions.ts`.
 */
import { Clock, Effect, Option, Stream } from "effect"
import type { SeriesId } from "../../domain/Ids.ts"
import type { ChangePage, ProviderSeries } from "../../domain/Provider.ts"
import type { Series } from "../../domain/Series.ts"
import { itemRows } from "../../mirror/EventRow.ts"
import { lastTold } from "../../mirror/FormerNames.ts"
import { apart } from "../../mirror/SameDay.ts"
import { seriesRow } from "../../mirror/SeriesRow.ts"
import { seriesId } from "../../domain/DeterministicIds.ts"
import type { CalendarError, CalendarSession } from "../../ports/CalendarProvider.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { type SyncProgress, fetchSeries, putRows } from "./SyncProgress.ts"

/** As many as a mailbox takes. */
const requestsAtOnce = 4

/** Pages of a long pass after which what was read so far is handed on. */
const pagesTogether = 20

/**
 * Reads to the end; `sofar` runs after every `pagesTogether` pages. Succeeds with the cursor for the next pass; null
 * from a provider that broke off.
 */
export const readPass = Effect.fn("Punctual.readPass")(function* <R>(
  notes: SyncProgress,
  from: Parameters<CalendarSession["changes"]>[1],
  sofar: Effect.Effect<unknown, StoreError, R>
): Effect.fn.Return<string | null, CalendarError | StoreError, Store | R> {
  let pages = 0
  const last = yield* notes.session.changes(notes.claim.calendar.providerId, from).pipe(
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
  told: ChangePage
): Effect.fn.Return<void, CalendarError | StoreError, Store> {
  const store = yield* Store
  const policy = yield* CurrentPolicy
  const page = { ...told, items: lastTold(told.items) }
  const now = yield* Clock.currentTimeMillis
  notes.rejected += page.rejected
  const sent = yield* readSeries(notes, page, now)
  yield* fetchRetold(notes, page, now)
  yield* lookUpSeries(notes, seriesNamed(page), now)
  const gone = yield* goneWithSeries(notes, page)
  const seriesBy = (id: SeriesId): Series | null => notes.series.get(id) ?? null
  const { calendar } = notes.claim
  const rows = page.items.flatMap((item) => itemRows(calendar, item, seriesBy, gone, now, policy.links))
  const events = apart(calendar.namespace, rows, seriesBy)
  for (const item of page.items) if (item.kind === "removed") notes.removed.add(item.providerId)
  yield* putRows(notes, events, sent)
  yield* store.extendLease(notes.claim, now + policy.leaseMillis)
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
    providerIds
      .map((providerId) => [seriesId(calendar.namespace, providerId), providerId] as const)
      .filter(([id]) => !notes.series.has(id))
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
      fetchListed(notes, providerId, now).pipe(
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

/** What is listed, and not there when asked for, is asked for once more: one answer may come from a place that lags. */
const fetchListed = (
  notes: SyncProgress,
  providerId: string,
  now: number
): Effect.Effect<Series | null, CalendarError> =>
  Effect.flatMap(fetchSeries(notes, providerId, now), (found) =>
    found === null ? fetchSeries(notes, providerId, now) : Effect.succeed(found)
  )

/**
 * Thin occurrences say that their series changed. Where the series does not come with them, the stored row is old, so
 * it is fetched.
 */
const fetchRetold = Effect.fnUntraced(function* (
  notes: SyncProgress,
  page: ChangePage,
  now: number
): Effect.fn.Return<void, CalendarError | StoreError, Store> {
  const { namespace } = notes.claim.calendar
  const thin = new Map<SeriesId, string>()
  for (const item of page.items) {
    if (item.kind === "event" && item.event.kind === "exception" && item.event.seriesProviderId !== null) {
      notes.retold.add(seriesId(namespace, item.event.seriesProviderId))
    }
    if (item.kind !== "occurrence") continue
    const id = seriesId(namespace, item.seriesProviderId)
    notes.retold.add(id)
    if (!notes.sent.has(id)) thin.set(id, item.seriesProviderId)
  }
  yield* fetchAll(notes, thin, now)
  yield* doubt(notes, [...thin.keys()])
})

/**
 * The provider lists occurrences of these series. One that it says is not there all the same is an open question; until
 * it is answered, what is held of it speaks for it.
 */
const doubt = Effect.fnUntraced(function* (
  notes: SyncProgress,
  listed: ReadonlyArray<SeriesId>
): Effect.fn.Return<void, StoreError, Store> {
  const absent = listed.filter((id) => notes.series.get(id) === null)
  if (absent.length === 0) return
  const store = yield* Store
  const { calendar, userId } = notes.claim
  for (const id of absent) notes.doubted.add(id)
  const held = yield* store.mirrored(userId, calendar.id, { events: [], series: absent, providerIds: [] })
  for (const row of held.series) if (!row.isDeleted) notes.series.set(row.id, row)
})

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
  const { links } = yield* CurrentPolicy
  const rows = sent.map((series) => seriesRow(calendar, series, now, links))
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
  { claim, doubted, series, session }: SyncProgress,
  page: ChangePage
): Effect.fn.Return<ReadonlySet<string>, CalendarError> {
  const orphans = page.items.flatMap((item) => {
    if (item.kind !== "event" || item.event.seriesProviderId === null) return []
    const { providerId, seriesProviderId } = item.event
    const id = seriesId(claim.calendar.namespace, seriesProviderId)
    return series.get(id) === null ? [{ providerId, isOpen: doubted.has(id) }] : []
  })
  // Whether it stands alone is as open as whether there is its series.
  const open = orphans.filter(({ isOpen }) => isOpen).map(({ providerId }) => providerId)
  const alone = orphans.filter(({ isOpen }) => !isOpen).map(({ providerId }) => providerId)
  const gone = yield* Effect.forEach(
    new Set(alone),
    (providerId) =>
      session.event(claim.calendar.providerId, providerId).pipe(
        Effect.map((found) => (Option.isNone(found) ? [providerId] : [])),
        // It was listed, and may not be read: what the page says has to do.
        Effect.catchIf(
          (error) => error.isAboutOne,
          () => Effect.succeed([])
        )
      ),
    { concurrency: requestsAtOnce }
  )
  return new Set([...open, ...gone.flat()])
})
