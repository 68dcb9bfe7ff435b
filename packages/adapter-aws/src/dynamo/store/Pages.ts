/**
 * What people read, page by page.
 * Decides which rows are shown and in what order. Never writes.
 *
 * Events of up to a day stand in one order, longer ones in another, so that an overlap with a span is found from a day
 * before it on.
 */
import type {
  Bot,
  BotsQuery,
  CalendarEvent,
  CalendarId,
  EventId,
  EventsQuery,
  Page,
  Place,
  Series,
  SeriesId,
  Span,
  UserId
} from "@punctual/core"
import { Effect, Option } from "effect"
import type { Item } from "../table/Item.ts"
import { type Cursor, type Range, last, merged } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { bareBot, kindOfStatus } from "./items/Bot.ts"
import { compareEvents, overlaps, shortMillis, toEvent, toSeries } from "./items/Mirrored.ts"
import { optimisticRetry } from "./OptimisticRetry.ts"
import { wholeBots } from "./SharedConfigs.ts"
import { type TimeKind, eventKey, ordered, partitionOf, seriesKeyOf } from "./items/Keys.ts"

export const event = (
  table: Table,
  userId: UserId,
  eventId: EventId
): Effect.Effect<Option.Option<CalendarEvent>, TableError> =>
  Effect.map(table.get(eventKey(userId, eventId)), (item) => Option.map(Option.fromNullOr(item), toEvent))

export const series = (
  table: Table,
  userId: UserId,
  seriesId: SeriesId
): Effect.Effect<Option.Option<Series>, TableError> =>
  Effect.map(table.get(seriesKeyOf(userId, seriesId)), (item) => Option.map(Option.fromNullOr(item), toSeries))

/** Every event that overlaps the span. */
export const eventsIn = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  span: Span
): Effect.fn.Return<ReadonlyArray<CalendarEvent>, TableError> {
  const cursor = yield* spanning(table, userId, span, -Infinity, Infinity, false, pageSizeMax)
  const found: Array<CalendarEvent> = []
  for (;;) {
    const item = yield* cursor.next
    if (item === null) return found
    const row = toEvent(item)
    if (overlaps(row, span)) found.push(row)
  }
})

export const events = Effect.fnUntraced(function* (
  table: Table,
  query: EventsQuery
): Effect.fn.Return<Page<CalendarEvent>, TableError> {
  const { backwards, limit, place, span, userId } = query
  const ranks = query.uniqueMeetings ? ranksOf(query.calendarIds) : null
  const from = place === null || backwards ? -Infinity : place.at
  const to = place === null || !backwards ? Infinity : place.at
  const pageSize = Math.min(limit + 1, pageSizeMax)
  const cursor = yield* spanning(table, userId, span, from, to, backwards, pageSize)
  const shown = new Set(query.calendarIds)
  const found: Array<CalendarEvent> = []
  let group: Array<CalendarEvent> = []
  // Rows of one start together, since copies of a meeting are told apart among those.
  const close = (): void => {
    const rows = (ranks === null ? group : oneEach(group, ranks)).toSorted(compareEvents)
    found.push(...(backwards ? rows.toReversed() : rows).filter((row) => isBeyond(placeOf(row), place, backwards)))
    group = []
  }
  while (found.length <= limit) {
    const item = yield* cursor.next
    const row = item === null ? null : toEvent(item)
    if (group[0] !== undefined && group[0].start !== row?.start) close()
    if (row === null) break
    const isShown = shown.has(row.calendarId) && overlaps(row, span) && (query.includeDeleted || !row.isDeleted)
    if (isShown) group.push(row)
  }
  return pageOf(found, limit, backwards)
})

export const bots = Effect.fnUntraced(function* (
  table: Table,
  { backwards, joinAfter: after, limit, place, status, userId }: BotsQuery
): Effect.fn.Return<Page<Bot>, TableError> {
  const joinAfter = after ?? -Infinity
  const kinds = status === null ? Object.values(kindOfStatus) : [kindOfStatus[status]]
  const from = place === null || backwards ? joinAfter : Math.max(joinAfter, place.at)
  const to = place === null || !backwards ? Infinity : place.at
  const ranges = kinds.map((kind): Range => ({ ...timed(kind, from, to), partition: partitionOf(userId), backwards }))
  const cursor = yield* merged(table.page, ranges, timeOf, Math.min(limit + 1, pageSizeMax))
  const found: Array<Item> = []
  while (found.length <= limit) {
    const item = yield* cursor.next
    if (item === null) break
    const bot = bareBot(item)
    const isShown = (status === null || bot.status === status) && bot.joinAt > joinAfter
    if (isShown && isBeyond({ at: bot.joinAt, id: bot.id }, place, backwards)) found.push(item)
  }
  const { hasMore, items } = pageOf(found, limit, backwards)
  return { items: yield* wholeBots(table, items), hasMore }
}, optimisticRetry)

const pageSizeMax = 100

const pageOf = <Row>(found: ReadonlyArray<Row>, limit: number, backwards: boolean): Page<Row> => {
  const items = found.slice(0, limit)
  return { items: backwards ? items.toReversed() : items, hasMore: found.length > limit }
}

/** What may overlap the span and starts between the two instants, both included, by start and id. */
const spanning = (
  table: Table,
  userId: UserId,
  span: Span,
  from: number,
  to: number,
  backwards: boolean,
  pageSize: number
): Effect.Effect<Cursor> => {
  const until = Math.min(to, span.to)
  const ranges = [timed("E#", Math.max(from, span.from - shortMillis), until), timed("L#", from, until)]
  const inPartition = ranges.map((range): Range => ({ ...range, partition: partitionOf(userId), backwards }))
  return merged(table.page, inPartition, timeOf, pageSize)
}

const timed = (kind: TimeKind, from: number, to: number) => ({
  index: "by_time" as const,
  low: `${kind}${from === -Infinity ? "" : ordered(from)}`,
  high: `${kind}${to === Infinity ? "" : ordered(to)}${last}`
})

/** Start and id, whatever the kind. */
const timeOf = (item: Item): string => String(item["atTime"]).slice(2)

const placeOf = (row: CalendarEvent): Place => ({ at: row.start, id: row.id })

const isBeyond = (one: Place, place: Place | null, backwards: boolean): boolean => {
  if (place === null) return true
  const order = one.at - place.at || (one.id < place.id ? -1 : one.id > place.id ? 1 : 0)
  return backwards ? order < 0 : order > 0
}

const ranksOf = (calendarIds: ReadonlyArray<CalendarId>): ReadonlyMap<CalendarId, number> =>
  new Map(calendarIds.map((id, index) => [id, index]))

/** One row for each meeting, of the calendar that is named first; a copy that is gone stands behind all others. */
const oneEach = (
  rows: ReadonlyArray<CalendarEvent>,
  ranks: ReadonlyMap<CalendarId, number>
): ReadonlyArray<CalendarEvent> => {
  const rankOf = (row: CalendarEvent): number => ranks.get(row.calendarId) ?? ranks.size
  const inOrder = rows.toSorted(
    (a, b) => Number(a.isDeleted) - Number(b.isDeleted) || rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : 1)
  )
  const firsts = new Map<string, CalendarEvent>()
  for (const row of inOrder) if (!firsts.has(row.meeting)) firsts.set(row.meeting, row)
  return [...firsts.values()]
}
