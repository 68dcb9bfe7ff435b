/**
 * The mirror in the in-memory store: what the provider listed, under a claim.
 *
 * Decides which members of a known row stay and what counts as a change. Never decides what is asked of the provider.
 */
import { Equal, Result } from "effect"
import type { CalendarEvent } from "../../../src/domain/Event.ts"
import type { ConnectionGeneration } from "../../../src/domain/Connection.ts"
import type { CalendarId, EventId, SeriesId, UserId } from "../../../src/domain/Ids.ts"
import type { Series } from "../../../src/domain/Series.ts"
import type { Instant, Span } from "../../../src/domain/Time.ts"
import type { MirrorCounts } from "../../../src/domain/LoggedChange.ts"
import { countedAs, noCounts } from "../../../src/domain/MirrorCounts.ts"
import type { Claim, Fenced } from "../../../src/ports/Store.ts"
import { count, tellCounts } from "./Append.ts"
import { fencedCalendar } from "./Calendars.ts"
import { underClaim } from "./Claims.ts"
import { type Mirrored, type Tenants, compareIds, comparePlaces, overlaps, tenantOf } from "./Tenant.ts"

/** Rows of the mirror, as they are written and found. */
export interface Rows {
  readonly events: ReadonlyArray<CalendarEvent>
  readonly series: ReadonlyArray<Series>
}

/** What is asked for: rows by their own ids, or by the provider's within one calendar. */
export interface Ids {
  readonly events: ReadonlyArray<EventId>
  readonly series: ReadonlyArray<SeriesId>
  readonly providerIds: ReadonlyArray<string>
}

export const mirrored = (tenants: Tenants, userId: UserId, calendarId: CalendarId, ids: Ids): Rows => {
  const tenant = tenantOf(tenants, userId)
  const providerIds = new Set(ids.providerIds)
  const isTold = (row: CalendarEvent | Series): boolean =>
    row.calendarId === calendarId && providerIds.has(row.providerId)
  const eventIds = new Set(ids.events)
  const seriesIds = new Set(ids.series)
  return {
    events: rowsOf(tenant.events).filter((row) => !row.isVirtual && (eventIds.has(row.id) || isTold(row))),
    series: rowsOf(tenant.series).filter((row) => seriesIds.has(row.id) || isTold(row))
  }
}

export const putMirror = (tenants: Tenants, claim: Claim, rows: Rows): Result.Result<number, Fenced> =>
  Result.map(underClaim(tenants, claim), ({ tenant }) => {
    const next = tenant.mirrorNumber + 1
    const seenBy = claim.calendar.syncGeneration
    count(tenant, claim.calendar.id, countsOf(tenant.events, rows.events))
    const changed =
      put(tenant.events, rows.events, keepEvent, next, seenBy) +
      put(tenant.series, rows.series, keepSeries, next, seenBy)
    if (changed > 0) tenant.mirrorNumber = next
    return changed
  })

export const unseen = (
  tenants: Tenants,
  claim: Claim,
  span: Span,
  after: EventId | null,
  limit: number
): Result.Result<ReadonlyArray<CalendarEvent>, Fenced> =>
  Result.map(underClaim(tenants, claim), ({ tenant }) =>
    [...tenant.events.values()]
      .filter(({ row, seenBy }) => row.calendarId === claim.calendar.id && seenBy !== claim.calendar.syncGeneration)
      .map(({ row }) => row)
      .filter((row) => !row.isDeleted && !row.isVirtual && overlaps(row, span) && (after === null || row.id > after))
      .toSorted((a, b) => compareIds(a.id, b.id))
      .slice(0, limit)
  )

export const occurrencesOf = (
  tenants: Tenants,
  userId: UserId,
  series: ReadonlyArray<SeriesId>
): ReadonlyArray<CalendarEvent> => {
  const wanted = new Set(series)
  return rowsOf(tenantOf(tenants, userId).events)
    .filter((row) => row.kind !== "single" && row.seriesId !== null && wanted.has(row.seriesId) && !row.isDeleted)
    .toSorted((a, b) => comparePlaces({ at: a.start, id: a.id }, { at: b.start, id: b.id }))
}

export const dropMirror = (
  tenants: Tenants,
  of: ConnectionGeneration,
  calendarId: CalendarId,
  now: Instant,
  limit: number
): Result.Result<number, Fenced> =>
  Result.map(fencedCalendar(tenants, of, calendarId), ({ tenant }) => {
    const next = tenant.mirrorNumber + 1
    const deleted = bury(tenant.events, calendarId, now, next, limit)
    const dropped = deleted + bury(tenant.series, calendarId, now, next, limit)
    if (dropped > 0) tenant.mirrorNumber = next
    count(tenant, calendarId, { ...noCounts, deleted })
    if (deleted > 0) tellCounts(tenants, tenant, calendarId, now)
    return dropped
  })

interface Buriable {
  readonly calendarId: CalendarId
  readonly isDeleted: boolean
  readonly updatedAt: Instant
}

interface Told extends Buriable {
  readonly raw: unknown
  readonly rawTruncated: boolean
}

const bury = <Id, Row extends Buriable>(
  held: Map<Id, Mirrored<Row>>,
  calendarId: CalendarId,
  updatedAt: Instant,
  changedAt: number,
  limit: number
): number => {
  const alive = [...held].filter(([, { row }]) => row.calendarId === calendarId && !row.isDeleted).slice(0, limit)
  for (const [id, { row, seenBy }] of alive) {
    held.set(id, { row: { ...row, isDeleted: true, updatedAt }, changedAt, seenBy })
  }
  return alive.length
}

/** Writes rows over those known and answers how many of them changed. */
const put = <Id, Row extends Told & { readonly id: Id }>(
  held: Map<Id, Mirrored<Row>>,
  rows: ReadonlyArray<Row>,
  keep: (known: Row, row: Row) => Row,
  mirrorNumber: number,
  seenBy: number
): number => {
  const changed = new Set<Id>()
  for (const given of rows) {
    const known = held.get(given.id)
    if (known !== undefined && isElsewhere(known.row, given)) continue
    const row = known === undefined ? given : keep(known.row, given)
    if (known !== undefined && isSame(known.row, row)) {
      const { raw, rawTruncated } = row
      held.set(row.id, { ...known, row: { ...known.row, raw, rawTruncated }, seenBy })
    } else {
      held.set(row.id, { row, changedAt: mirrorNumber, seenBy })
      changed.add(row.id)
    }
  }
  return changed.size
}

/** What of the rows changes, each as the last of its id says. */
const countsOf = (
  held: ReadonlyMap<EventId, Mirrored<CalendarEvent>>,
  rows: ReadonlyArray<CalendarEvent>
): MirrorCounts => {
  const counts = { ...noCounts }
  for (const given of new Map(rows.map((row) => [row.id, row])).values()) {
    const known = held.get(given.id)?.row ?? null
    const isChanged = known === null || (!isElsewhere(known, given) && !isSame(known, keepEvent(known, given)))
    if (isChanged) counts[countedAs(known, given)] += 1
  }
  return counts
}

/**
 * When a row was told says nothing about what it says: `updatedAt` is when it last changed. Neither does the provider's own
 * item, which is kept up to date and shown.
 */
const isSame = <Row extends Told>(known: Row, row: Row): boolean => {
  const { raw, rawTruncated, updatedAt } = known
  return Equal.equals(known, { ...row, raw, rawTruncated, updatedAt })
}

/** Moved to another calendar, which told of it first: what ends is its stay in this one. */
const isElsewhere = (known: Buriable, given: Buriable): boolean =>
  given.isDeleted && !known.isDeleted && known.calendarId !== given.calendarId

const keepEvent = (known: CalendarEvent, row: CalendarEvent): CalendarEvent => ({
  ...row,
  createdAt: known.createdAt,
  // What a decision took apart stays so until the next one.
  meeting: known.family === row.family ? known.meeting : row.meeting
})

const keepSeries = (known: Series, row: Series): Series => ({
  ...row,
  createdAt: known.createdAt,
  decidedTiming: known.decidedTiming,
  exceptions: row.exceptions ?? known.exceptions
})

const rowsOf = <Row>(held: ReadonlyMap<unknown, Mirrored<Row>>): ReadonlyArray<Row> =>
  [...held.values()].map(({ row }) => row)
