/**
 * What people read from the in-memory store, page by page.
 *
 * Decides which rows are shown and in what order. Never writes.
 */
import { Option } from "effect"
import type { Bot } from "../../../src/domain/Bot.ts"
import type { CalendarEvent } from "../../../src/domain/Event.ts"
import type { CalendarId, EventId, SeriesId, UserId } from "../../../src/domain/Ids.ts"
import type { Series } from "../../../src/domain/Series.ts"
import type {
  BotsQuery,
  EventsQuery,
  MirrorPlace,
  Page,
  Place,
  UpdatedPage,
  UpdatedQuery
} from "../../../src/ports/Store.ts"
import { type Tenants, compareIds, comparePlaces, overlaps, tenantOf } from "./Tenant.ts"

export const event = (tenants: Tenants, userId: UserId, eventId: EventId): Option.Option<CalendarEvent> =>
  Option.fromUndefinedOr(tenantOf(tenants, userId).events.get(eventId)?.row)

export const series = (tenants: Tenants, userId: UserId, seriesId: SeriesId): Option.Option<Series> =>
  Option.fromUndefinedOr(tenantOf(tenants, userId).series.get(seriesId)?.row)

export const events = (tenants: Tenants, query: EventsQuery): Page<CalendarEvent> => {
  const tenant = tenantOf(tenants, query.userId)
  const shown = new Set(query.calendarIds)
  const rows = [...tenant.events.values()]
    .map(({ row }) => row)
    .filter((row) => shown.has(row.calendarId) && overlaps(row, query.span))
    .filter((row) => query.includeDeleted || !row.isDeleted)
  const unique = query.uniqueMeetings ? oneEach(rows, query.calendarIds) : rows
  return page(unique, (row) => ({ at: row.start, id: row.id }), query)
}

export const bots = (tenants: Tenants, query: BotsQuery): Page<Bot> => {
  const { joinAfter, status } = query
  const rows = [...tenantOf(tenants, query.userId).bots.values()].filter(
    (row) => (status === null || row.status === status) && (joinAfter === null || row.joinAt > joinAfter)
  )
  return page(rows, (row) => ({ at: row.joinAt, id: row.id }), query)
}

export const updatedEvents = (tenants: Tenants, query: UpdatedQuery): UpdatedPage<CalendarEvent> => {
  const tenant = tenantOf(tenants, query.userId)
  const shown = new Set(query.calendarIds)
  const { from, limit } = query
  const found = [...tenant.events.values()]
    .filter(({ row }) => shown.has(row.calendarId) && !row.isVirtual)
    .filter(({ changedAt, row }) =>
      "at" in from ? row.updatedAt >= from.at : comparePlaces(placeOf(changedAt, row), inList(from)) > 0
    )
    .toSorted((a, b) => comparePlaces(placeOf(a.changedAt, a.row), placeOf(b.changedAt, b.row)))
  const items = found.slice(0, limit)
  const last = items.at(-1)
  const hasMore = found.length > limit
  const { pruned } = tenant
  return {
    items: items.map(({ row }) => row),
    // Beyond the last one there is nothing of this number: who goes on from here need not look at it again.
    next:
      hasMore && last !== undefined
        ? { mirrorNumber: last.changedAt, id: last.row.id }
        : { mirrorNumber: tenant.mirrorNumber + 1, id: "" },
    hasMore,
    isExpired: pruned !== null && ("at" in from ? from.at <= pruned.at : from.mirrorNumber <= pruned.mirrorNumber)
  }
}

const placeOf = (changedAt: number, { id }: CalendarEvent): Place => ({ at: changedAt, id })

const inList = ({ id, mirrorNumber }: MirrorPlace): Place => ({ at: mirrorNumber, id })

/** One row for each meeting and start, of the calendar that is named first; a copy that is gone stands behind all others. */
const oneEach = (
  rows: ReadonlyArray<CalendarEvent>,
  calendarIds: ReadonlyArray<CalendarId>
): ReadonlyArray<CalendarEvent> => {
  const rank = new Map(calendarIds.map((id, index) => [id, index]))
  const rankOf = (row: CalendarEvent): number => rank.get(row.calendarId) ?? calendarIds.length
  const firsts = new Map<string, CalendarEvent>()
  const ordered = rows.toSorted(
    (a, b) => Number(a.isDeleted) - Number(b.isDeleted) || rankOf(a) - rankOf(b) || compareIds(a.id, b.id)
  )
  for (const row of ordered) {
    const key = `${row.start} ${row.meeting}`
    if (!firsts.has(key)) firsts.set(key, row)
  }
  return [...firsts.values()]
}

const page = <Row>(
  rows: ReadonlyArray<Row>,
  placeOf: (row: Row) => Place,
  { backwards, limit, place }: { readonly backwards: boolean; readonly limit: number; readonly place: Place | null }
): Page<Row> => {
  const ordered = rows.toSorted((a, b) => comparePlaces(placeOf(a), placeOf(b)))
  const beyond = ordered.filter((row) => {
    if (place === null) return true
    const order = comparePlaces(placeOf(row), place)
    return backwards ? order < 0 : order > 0
  })
  const from = backwards ? Math.max(0, beyond.length - limit) : 0
  return { items: beyond.slice(from, from + Math.min(limit, beyond.length)), hasMore: beyond.length > limit }
}
