/**
 * What a round asks of the mirror: rows by their ids, what it has not seen, what belongs to a series.
 * Decides what belongs to each list. Every one is read consistently.
 */
import {
  type CalendarEvent,
  type CalendarId,
  type Claim,
  type EventId,
  Fenced,
  type SeriesId,
  type Span,
  type UserId
} from "@punctual/core"
import { Effect } from "effect"
import { chunksOf } from "../table/Batches.ts"
import type { Item } from "../table/Item.ts"
import { type Range, allOf, prefixed } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { holds } from "./Claims.ts"
import { compareEvents, isEventItem, isSeriesItem, overlaps, toEvent, toSeries } from "./items/Mirrored.ts"
import {
  calendarKey,
  connectionKey,
  eventKey,
  ofCalendar,
  ofCalendarPrefix,
  ofMaster,
  partitionOf,
  seenKey,
  seriesKeyOf
} from "./items/Keys.ts"
import type { Rows } from "./Mirror.ts"

/** What is asked for: rows by their own ids, or by the provider's within one calendar. */
interface Ids {
  readonly events: ReadonlyArray<EventId>
  readonly series: ReadonlyArray<SeriesId>
  readonly providerIds: ReadonlyArray<string>
}

export const mirrored = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  calendarId: CalendarId,
  ids: Ids
): Effect.fn.Return<Rows, TableError> {
  const byId = yield* table.getMany([
    ...ids.events.map((id) => eventKey(userId, id)),
    ...ids.series.map((id) => seriesKeyOf(userId, id))
  ])
  const told = yield* toldOf(table, userId, calendarId, [...new Set(ids.providerIds)])
  const found = byKey([...byId.filter((item) => item !== null), ...told])
  return {
    events: found
      .filter(isEventItem)
      .map(toEvent)
      .filter((row) => !row.isVirtual),
    series: found.filter(isSeriesItem).map(toSeries)
  }
})

/** Rows of the calendar with these provider ids: one by one, or when there are many, by the list of all that it has. */
const toldOf = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  calendarId: CalendarId,
  providerIds: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<Item>, TableError> {
  const places = providerIds.map((providerId) => ofCalendar(calendarId, providerId))
  const partition = partitionOf(userId)
  if (places.length <= oneByOneMax) {
    const at = (place: string) => allOf(table.page, { index: "by_calendar", partition, low: place, high: place })
    return (yield* Effect.forEach(places, at, { concurrency: readsAtOnce })).flat()
  }
  const wanted = new Set<unknown>(places)
  const listed = yield* allOf(table.page, ofCalendarKeys(userId, calendarId))
  const keys = listed.filter((item) => wanted.has(item["ofCalendar"]))
  return (yield* table.getMany(keys.map(({ sk }) => ({ pk: partition, sk: String(sk) })))).filter(
    (item) => item !== null
  )
})

const oneByOneMax = 24
const readsAtOnce = 16

const byKey = (items: ReadonlyArray<Item>): ReadonlyArray<Item> => [
  ...new Map(items.map((item) => [item["sk"], item])).values()
]

export const unseen = Effect.fnUntraced(function* (
  table: Table,
  claim: Claim,
  span: Span,
  after: EventId | null,
  limit: number
): Effect.fn.Return<ReadonlyArray<CalendarEvent>, TableError | Fenced> {
  const { calendar, userId } = claim
  const [connected = null, claimed = null] = yield* table.getMany([
    connectionKey(userId, claim.connection.id),
    calendarKey(userId, calendar.id)
  ])
  if (!holds(claim, connected, claimed)) return yield* new Fenced()
  const batches = yield* allOf(table.page, {
    partition: partitionOf(userId),
    ...prefixed(seenKey(userId, calendar.id, calendar.syncGeneration, "").sk)
  })
  const seen = new Set(batches.flatMap((batch) => (batch["ids"] as ReadonlyArray<string>).map(skOf(userId))))
  const listed = yield* allOf(table.page, ofCalendarKeys(userId, calendar.id))
  const from = after === null ? "" : skOf(userId)(after)
  const left = listed
    .filter((item) => isEventItem(item) && String(item["sk"]) > from && !seen.has(String(item["sk"])))
    .map(({ sk }) => ({ pk: partitionOf(userId), sk: String(sk) }))
    .toSorted((a, b) => (a.sk < b.sk ? -1 : 1))
  const rows: Array<CalendarEvent> = []
  for (const part of chunksOf(left, Math.max(limit, rowsMin))) {
    if (rows.length >= limit) break
    const items = yield* table.getMany(part)
    const alive = items.flatMap((item) => (item === null ? [] : [toEvent(item)]))
    rows.push(...alive.filter((row) => !row.isDeleted && !row.isVirtual && overlaps(row, span)))
  }
  return rows.slice(0, limit)
})

/** Read at once, since some of them may turn out not to be asked for. */
const rowsMin = 25

const skOf =
  (userId: UserId) =>
  (id: string): string =>
    eventKey(userId, id as EventId).sk

/** Keys of everything that stands in the calendar. */
export const ofCalendarKeys = (userId: UserId, calendarId: CalendarId): Range => ({
  index: "by_calendar",
  partition: partitionOf(userId),
  isKeysOnly: true,
  ...prefixed(ofCalendarPrefix(calendarId))
})

export const occurrencesOf = (
  table: Table,
  userId: UserId,
  series: ReadonlyArray<SeriesId>
): Effect.Effect<ReadonlyArray<CalendarEvent>, TableError> =>
  Effect.forEach(
    new Set(series),
    (id) => {
      const place = ofMaster(id)
      return allOf(table.page, { index: "by_master", partition: partitionOf(userId), low: place, high: place })
    },
    { concurrency: readsAtOnce }
  ).pipe(
    Effect.map((found) =>
      found
        .flat()
        .map(toEvent)
        .filter((row) => !row.isDeleted)
        .toSorted(compareEvents)
    )
  )
