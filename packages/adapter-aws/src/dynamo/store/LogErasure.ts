/**
 * What a disconnect removes from the partitions beside a user's own: the log, and what the mirror's writes changed.
 * Decides what of it goes. Never removes: see `Erasure.ts`.
 */
import type { ConnectionId, UserId } from "@punctual/core"
import { Effect } from "effect"
import type { Item } from "../table/Item.ts"
import { allOf, merged, prefixed } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { isCalendarOf, toHeldCalendar } from "./items/Calendar.ts"
import { bareChange, isEntryItem } from "./items/Change.ts"
import { allOfKind, feedOf, updatesOf } from "./items/Keys.ts"

/**
 * So many. Of the log its head stays, so that no number is given twice, and that a connection was taken down; of the mirror how
 * far its past was forgotten.
 */
export const besides = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  limit: number
): Effect.fn.Return<ReadonlyArray<Item>, TableError> {
  const partitions = [
    { partition: feedOf(userId), ...prefixed("E#") },
    { partition: updatesOf(userId), ...prefixed("N#") }
  ]
  const cursor = yield* merged(table.page, partitions, (item) => String(item["sk"]), pageSize)
  const found: Array<Item> = []
  while (found.length < limit) {
    const item = yield* cursor.next
    if (item === null) break
    if (!isEntryItem(item) || isPersonal(item)) found.push(item)
  }
  return found
})

const pageSize = 100

/** A connection that was taken down is told of without anything personal. */
const isPersonal = (item: Item): boolean => bareChange(item).type !== "connection.disconnected"

/**
 * Of the log what was told of a connection and its calendars: bots outlive it while others stand, and so does what is told of
 * them. The whole log is read: it is as long as it is kept, and a connection seldom goes while others stand.
 */
export const toldOf = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  connectionId: ConnectionId,
  calendars: ReadonlyArray<Item>
): Effect.fn.Return<ReadonlyArray<Item>, TableError> {
  const gone = new Set(calendars.map((item) => toHeldCalendar(userId, item).calendar.id))
  const all = yield* allOf(table.page, { partition: feedOf(userId), ...prefixed("E#") })
  return all.filter((item) => {
    const change = bareChange(item)
    return "connection" in change.data
      ? change.data.connection.id === connectionId && isPersonal(item)
      : change.type === "calendar.synced" && gone.has(change.data.calendarId)
  })
})

export const calendarsOf = (
  table: Table,
  userId: UserId,
  connectionId: ConnectionId
): Effect.Effect<ReadonlyArray<Item>, TableError> =>
  Effect.map(allOf(table.page, allOfKind(userId, "CAL#")), (all) =>
    all.filter((each) => isCalendarOf(connectionId, each))
  )
