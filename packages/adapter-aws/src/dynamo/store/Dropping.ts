/**
 * A calendar that is given up: every row of it becomes a tombstone.
 * Decides that this goes part by part, each raising the mirror number with what it buried; a part that was done before
 * does nothing the second time.
 */
import {
  type CalendarId,
  type ConnectionGeneration,
  type EventId,
  Fenced,
  type Instant,
  type UserId,
  addCounts,
  calendarSynced,
  noCounts
} from "@punctual/core"
import { Effect } from "effect"
import { type Action, chunksOf } from "../table/Batches.ts"
import { type Item, type Key, unchanged } from "../table/Item.ts"
import { allOf } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { eventItem, isEventItem, seriesItem, toEvent, toSeries } from "./items/Mirrored.ts"
import { appending, logOf } from "./Appending.ts"
import { calendarItem, isCalendarOf, toHeldCalendar } from "./items/Calendar.ts"
import { isOfGeneration } from "./items/Connection.ts"
import { calendarKey, connectionKey, partitionOf, stateKey } from "./items/Keys.ts"
import { type Concerns, raised } from "./Mirror.ts"
import { ofCalendarKeys } from "./MirrorLists.ts"
import { heldState } from "./States.ts"
import { optimisticRetry } from "./OptimisticRetry.ts"

/** Rows in one transaction: 4 MB of them, each as large as bodies get. */
const rowsMax = 40

export const dropMirror = Effect.fnUntraced(function* (
  table: Table,
  of: ConnectionGeneration,
  calendarId: CalendarId,
  now: Instant,
  limit: number
): Effect.fn.Return<number, TableError | Fenced> {
  const { userId } = of
  const listed = yield* allOf(table.page, ofCalendarKeys(userId, calendarId))
  const keys = listed.map(({ sk }) => ({ pk: partitionOf(userId), sk: String(sk) }))
  const parts = chunksOf(keys, rowsMax)
  let dropped = 0
  for (const part of parts.length === 0 ? [[]] : parts) {
    dropped += yield* optimisticRetry(bury(table, of, calendarId, part, now))
    if (dropped >= limit) break
  }
  return dropped
})

const bury = Effect.fnUntraced(function* (
  table: Table,
  { generation, id, userId }: ConnectionGeneration,
  calendarId: CalendarId,
  keys: ReadonlyArray<Key>,
  now: Instant
): Effect.fn.Return<number, TableError | Fenced> {
  const connectionAt = connectionKey(userId, id)
  const [found = null, connected = null, calendar = null, ...items] = yield* table.getMany([
    stateKey(userId),
    connectionAt,
    calendarKey(userId, calendarId),
    ...keys
  ])
  if (connected?.["generation"] !== generation || !isCalendarOf(id, calendar)) return yield* new Fenced()
  const state = heldState(userId, found)
  const next = state.state.mirrorNumber + 1
  const buried = items.flatMap((item) => (item === null ? [] : (tombstone(userId, item, now, next) ?? [])))
  if (buried.length === 0 || calendar === null) return 0
  const ids = buried.flatMap(({ eventId }) => eventId ?? [])
  yield* table.transact([
    ...raised(
      state,
      buried.map(({ concerns }) => concerns),
      { ids, at: now }
    ),
    { check: connectionAt, condition: isOfGeneration(generation) },
    ...(yield* telling(table, userId, calendar, ids.length, now)),
    ...buried.map(({ known, put }) => ({ put, condition: unchanged(known) }))
  ])
  return buried.length
})

/** With what was still to be told of the calendar. */
const telling = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  item: Item,
  deleted: number,
  now: Instant
): Effect.fn.Return<ReadonlyArray<Action>, TableError> {
  const held = toHeldCalendar(userId, item)
  const counts = addCounts(held.counts, { ...noCounts, deleted })
  const synced = deleted === 0 ? null : calendarSynced(held.calendar.id, counts, now)
  if (synced === null) return []
  const told = yield* appending(yield* logOf(table, userId), [synced])
  return [{ put: calendarItem({ ...held, counts: noCounts }), condition: unchanged(item) }, ...told]
})

interface Buried {
  /** Null: a series. */
  readonly eventId: EventId | null
  readonly known: Item
  readonly put: Item & Key
  readonly concerns: Concerns
}

/** Null: it is one already. */
const tombstone = (userId: UserId, known: Item, updatedAt: Instant, next: number): Buried | null => {
  if (isEventItem(known)) {
    const row = toEvent(known)
    if (row.isDeleted) return null
    const put = eventItem(userId, { ...row, isDeleted: true, updatedAt }, next)
    return { eventId: row.id, known, put, concerns: { families: [row.family], series: [] } }
  }
  const row = toSeries(known)
  if (row.isDeleted) return null
  const put = seriesItem(userId, { ...row, isDeleted: true, updatedAt })
  return { eventId: null, known, put, concerns: { families: [], series: [row.key] } }
}
