/**
 * A calendar that is given up: every row of it becomes a tombstone.
 * Decides that this goes part by part, each raising the mirror number with what it buried; a part that was done before
 * does nothing the second time.
 */
import { type CalendarId, Fenced, type Instant, type UserId } from "@punctual/core"
import { Effect } from "effect"
import { chunksOf } from "../table/Batches.ts"
import { type Item, type Key, unchanged } from "../table/Item.ts"
import { allOf } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { eventItem, isEventItem, seriesItem, toEvent, toSeries } from "./items/Mirrored.ts"
import { partitionOf, stateKey } from "./items/Keys.ts"
import { type Concerns, raised } from "./Mirror.ts"
import { ofCalendarKeys } from "./MirrorLists.ts"
import { heldState } from "./States.ts"
import { optimisticRetry } from "./OptimisticRetry.ts"

/** Rows in one transaction: 4 MB of them, each as large as bodies get. */
const rowsMax = 40

export const dropMirror = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  generation: number,
  calendarId: CalendarId,
  now: Instant,
  limit: number
): Effect.fn.Return<number, TableError | Fenced> {
  const listed = yield* allOf(table.page, ofCalendarKeys(userId, calendarId))
  const keys = listed.map(({ sk }) => ({ pk: partitionOf(userId), sk: String(sk) }))
  const parts = chunksOf(keys, rowsMax)
  let dropped = 0
  for (const part of parts.length === 0 ? [[]] : parts) {
    dropped += yield* optimisticRetry(bury(table, userId, generation, part, now))
    if (dropped >= limit) break
  }
  return dropped
})

const bury = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  generation: number,
  keys: ReadonlyArray<Key>,
  now: Instant
): Effect.fn.Return<number, TableError | Fenced> {
  const [found = null, ...items] = yield* table.getMany([stateKey(userId), ...keys])
  const held = heldState(userId, found)
  if (held.state.connection?.generation !== generation) return yield* new Fenced()
  const buried = items.flatMap((item) => (item === null ? [] : (tombstone(userId, item, now) ?? [])))
  if (buried.length === 0) return 0
  yield* table.transact([
    ...raised(
      held,
      buried.map(({ concerns }) => concerns)
    ),
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
    return { known, put, concerns: { meetings: [row.meeting], series: [] } }
  }
  const row = toSeries(known)
  if (row.isDeleted) return null
  const put = seriesItem(userId, { ...row, isDeleted: true, updatedAt })
  return { known, put, concerns: { meetings: [], series: [row.key] } }
}
