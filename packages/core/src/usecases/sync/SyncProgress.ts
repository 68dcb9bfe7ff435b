/**
 * What is known while one pass of changes is read, and how rows of it are written.
 * Decides what is noted. Never decides what an item says: that is `SyncPass.ts`, nor what is gone: `ConfirmDeletions.ts`.
 */
import { Clock, Effect, Option } from "effect"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { EventId, SeriesId } from "../../domain/Ids.ts"
import type { Series } from "../../domain/Series.ts"
import { tombstone } from "../../mirror/EventRow.ts"
import { type Rows, formerNames, retired } from "../../mirror/FormerNames.ts"
import { seriesRow } from "../../mirror/SeriesRow.ts"
import type { CalendarError, CalendarSession } from "../../ports/CalendarProvider.ts"
import { type Claim, Store, type StoreError } from "../../ports/Store.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"

/** What is known while a pass is read. Lives as long as the pass, in one fiber. */
export interface SyncProgress {
  readonly claim: Claim
  readonly session: CalendarSession
  /** Rows written by this pass. */
  readonly seen: Set<EventId>
  /** Series that the provider sent in this pass, or that were fetched since it told of them. */
  readonly sent: Set<SeriesId>
  /** Series of which the provider told occurrences in this pass: all that there are in the window. */
  readonly retold: Set<SeriesId>
  /** Series looked up in this pass; null: confirmed that it is not there. */
  readonly series: Map<SeriesId, Series | null>
  /** Series said not to be there while their occurrences are listed: open questions, for which the cursor is held. */
  readonly doubted: Set<SeriesId>
  /** Provider ids said to be removed. */
  readonly removed: Set<string>
  /** Rows that changed, items that could not be understood, and questions by id that got no answer. */
  changed: number
  rejected: number
  unanswered: number
  /** Zones of events that were told and not looked at yet, and whether events are gone. */
  readonly zones: Set<string>
  hasFewer: boolean
  /** The zone noted of the calendar's events. */
  zone: string | null
}

/** A pass that has read nothing yet. */
export const newPass = (claim: Claim, session: CalendarSession): SyncProgress => {
  const known = { seen: new Set<EventId>(), sent: new Set<SeriesId>(), retold: new Set<SeriesId>() }
  const told = { series: new Map<SeriesId, Series | null>(), removed: new Set<string>() }
  const zones = { zones: new Set<string>(), hasFewer: false, zone: claim.calendar.eventsZone }
  const counts = { changed: 0, rejected: 0, unanswered: 0 }
  return { claim, session, ...known, ...told, doubted: new Set<SeriesId>(), ...counts, ...zones }
}

/**
 * Writes rows and notes them as seen. What stood for the same things as another kind goes in the same write: nobody ever
 * sees a meeting twice.
 */
export const putRows = Effect.fnUntraced(function* (
  notes: SyncProgress,
  events: ReadonlyArray<CalendarEvent>,
  series: ReadonlyArray<Series>
): Effect.fn.Return<void, StoreError, Store> {
  if (events.length === 0 && series.length === 0) return
  const store = yield* Store
  // A thing may come twice in one page: the last word holds.
  const told: Rows = { events: lastById(events), series: lastById(series) }
  const former = yield* retireFormer(notes, told)
  const rows: Rows = {
    events: lastById([...former.events, ...told.events]),
    series: [...former.series, ...told.series]
  }
  notes.changed += yield* store.putMirror(notes.claim, rows)
  for (const event of rows.events) {
    notes.seen.add(event.id)
    if (event.isDeleted) notes.hasFewer = true
    else notes.zones.add(event.zone)
  }
  for (const row of told.series) notes.series.set(row.id, row)
  for (const row of former.series) notes.series.set(row.id, null)
})

const lastById = <Row extends { readonly id: string }>(rows: ReadonlyArray<Row>): ReadonlyArray<Row> => [
  ...new Map(rows.map((row) => [row.id, row])).values()
]

/** Tombstones of what bore the ids of these rows as another kind; a series takes its occurrences along. */
const retireFormer = Effect.fnUntraced(function* (
  { claim }: SyncProgress,
  told: Rows
): Effect.fn.Return<Rows, StoreError, Store> {
  const names = formerNames(claim.calendar.namespace, told)
  if (names.events.length + names.series.length + names.providerIds.length === 0) return { events: [], series: [] }
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  const held = yield* store.mirrored(claim.userId, claim.calendar.id, names)
  const gone = retired(claim.calendar.id, told, held)
  const occurrences =
    gone.series.length === 0
      ? []
      : yield* store.occurrencesOf(
          claim.userId,
          gone.series.map(({ id }) => id)
        )
  return {
    events: [...gone.events, ...occurrences.filter((row) => row.calendarId === claim.calendar.id)].map((event) =>
      tombstone(event, now)
    ),
    series: gone.series.map((row) => ({ ...row, isDeleted: true, updatedAt: now }))
  }
})

/** A series with its cancelled and changed occurrences, asked for by id; null: confirmed that it is not there. */
export const fetchSeries = (
  notes: Pick<SyncProgress, "claim" | "session">,
  providerId: string,
  now: number
): Effect.Effect<Series | null, CalendarError> =>
  Effect.flatMap(CurrentPolicy, ({ links }) =>
    Effect.map(
      notes.session.series(notes.claim.calendar.providerId, providerId),
      Option.match({ onNone: () => null, onSome: (series) => seriesRow(notes.claim.calendar, series, now, links) })
    )
  )
