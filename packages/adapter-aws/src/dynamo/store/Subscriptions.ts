/**
 * Subscriptions: whose one is, and which end soon.
 * Decides that a calendar's own row has the last word: a pointer to it, or an index, may be behind.
 */
import type { CalendarId, Instant, SubscribedCalendar, UserId } from "@punctual/core"
import { Effect } from "effect"
import type { Action } from "../table/Batches.ts"
import { merged } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { type HeldCalendar, endingList, toHeldCalendar } from "./items/Calendar.ts"
import { isStanding, toConnection } from "./items/Connection.ts"
import { calendarKey, connectionKey, everyShard, ordered, ownerOf, subscriptionKey } from "./items/Keys.ts"
import { verified } from "./States.ts"

/** What a change of a calendar's subscription changes beside its row. */
export const pointers = (before: HeldCalendar, after: HeldCalendar): ReadonlyArray<Action> => {
  const [old, next] = [before.calendar.subscription?.id, after.calendar.subscription?.id]
  if (old === next) return []
  const { calendar, userId } = after
  return [
    ...(old === undefined ? [] : [{ remove: subscriptionKey(old) }]),
    ...(next === undefined ? [] : [{ put: { ...subscriptionKey(next), userId, calendarId: calendar.id } }])
  ]
}

/** Found by base-table reads alone: a notification may come right after the subscription was made. */
export const subscriptions = Effect.fnUntraced(function* (
  table: Table,
  ids: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<SubscribedCalendar>, TableError> {
  const distinct = [...new Set(ids)]
  const pointers = yield* table.getMany(distinct.map(subscriptionKey))
  const pointed = pointers.flatMap((pointer, index) => {
    if (pointer === null) return []
    const userId = pointer["userId"] as UserId
    return [{ id: distinct[index], userId, key: calendarKey(userId, pointer["calendarId"] as CalendarId) }]
  })
  const items = yield* table.getMany(pointed.map(({ key }) => key))
  const named = pointed.flatMap(({ id, userId }, index) => {
    const item = items[index] ?? null
    const held = item === null ? null : toHeldCalendar(userId, item)
    return held !== null && held.calendar.subscription?.id === id ? [held] : []
  })
  return yield* subscribed(table, named)
})

export const subscriptionsEnding = (
  table: Table,
  before: Instant,
  limit: number
): Effect.Effect<ReadonlyArray<SubscribedCalendar>, TableError> => {
  const ranges = everyShard("by_work", endingList, { high: ordered(before) })
  const cursor = merged(table.page, ranges, (item) => String(item["wsk"]), pageSize)
  return verified(table, cursor, limit, (items) =>
    Effect.map(
      subscribed(
        table,
        items.map((item) => toHeldCalendar(ownerOf(item["pk"]), item))
      ),
      (found) => found.filter(({ subscription }) => subscription.expiresAt < before)
    )
  )
}

const pageSize = 50

/** Those that have a subscription, and a connection that stands. */
const subscribed = (
  table: Table,
  all: ReadonlyArray<HeldCalendar>
): Effect.Effect<ReadonlyArray<SubscribedCalendar>, TableError> =>
  Effect.map(table.getMany(all.map(({ calendar, userId }) => connectionKey(userId, calendar.connectionId))), (items) =>
    all.flatMap(({ calendar: { connectionId, id, subscription }, userId }, at): ReadonlyArray<SubscribedCalendar> => {
      const item = items[at] ?? null
      if (subscription === null || item === null) return []
      const connection = toConnection(item)
      return isStanding(connection)
        ? [{ userId, connectionId, generation: connection.generation, calendarId: id, subscription }]
        : []
    })
  )
