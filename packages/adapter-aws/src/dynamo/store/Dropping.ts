/**
 * A calendar that is given up: every row of it becomes a tombstone.
 * Decides that this goes part by part, each raising the mirror number with what it buried; a part that was done before
 * does nothing the second time.
 */
import { type CalendarId, type ConnectionGeneration, Fenced, type Instant, type UserId } from "@punctual/core"
import { Effect } from "effect"
import { chunksOf } from "../table/Batches.ts"
import { type Item, type Key, unchanged } from "../table/Item.ts"
import { allOf } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { eventItem, isEventItem, seriesItem, toEvent, toSeries } from "./items/Mirrored.ts"
import { toHeldCalendar } from "./items/Calendar.ts"
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
  if (connected?.["generation"] !== generation || calendar === null) return yield* new Fenced()
  if (toHeldCalendar(userId, calendar).calendar.connectionId !== id) return yield* new Fenced()
  const buried = items.flatMap((item) => (item === null ? [] : (tombstone(userId, item, now) ?? [])))
  if (buried.length === 0) return 0
  yield* table.transact([
    ...raised(
      heldState(userId, found),
      buried.map(({ concerns }) => concerns)
    ),
    { check: connectionAt, condition: isOfGeneration(generation) },
    ...buried.map(({ known, put }) => ({ put, condition: unchanged(known) }))
  ])
  return buried.length
})

interface Buried {
  readonly known: Item
  readonly put: Item & Key
  readonly concerns: Concerns
}

/** Null: it is one already. */
const tombstone = (userId: UserId, known: Item, updatedAt: Instant): Buried | null => {
  if (isEventItem(known)) {
    const row = toEvent(known)
    if (row.isDeleted) return null
    const put = eventItem(userId, { ...row, isDeleted: true, updatedAt })
    return { known, put, concerns: { families: [row.family], series: [] } }
  }
  const row = toSeries(known)
  if (row.isDeleted) return null
  const put = seriesItem(userId, { ...row, isDeleted: true, updatedAt })
  return { known, put, concerns: { families: [], series: [row.key] } }
}
