/**
 * Subscriptions: whose one is, and which end soon.
 * Decides that a calendar's own row has the last word: a pointer to it, or an index, may be behind.
 */
import type { CalendarId, Instant, SubscribedCalendar, UserId } from "@punctual/core"
import { Effect } from "effect"
import type { Action } from "../table/Batches.ts"
import type { Item } from "../table/Item.ts"
import { merged } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { type HeldCalendar, endingList, toHeldCalendar } from "./items/Calendar.ts"
import { isConnected, toState } from "./items/State.ts"
import { calendarKey, everyShard, ordered, ownerOf, stateKey, subscriptionKey } from "./items/Keys.ts"
import { ownersOf, verified } from "./States.ts"

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
  return pointed.flatMap(({ id, userId }, index) => {
    const item = items[index] ?? null
    const found = item === null ? null : subscribed(userId, item)
    return found !== null && found.subscription.id === id ? [found] : []
  })
})

export const subscriptionsEnding = (
  table: Table,
  before: Instant,
  limit: number
): Effect.Effect<ReadonlyArray<SubscribedCalendar>, TableError> => {
  const ranges = everyShard("by_work", endingList, { high: ordered(before) })
  const cursor = merged(table.page, ranges, (item) => String(item["wsk"]), pageSize)
  return verified(
    table,
    cursor,
    limit,
    Effect.fnUntraced(function* (items) {
      const owners = [...new Set(ownersOf(items))]
      const states = yield* table.getMany(owners.map(stateKey))
      const live = new Set(
        states.flatMap((item) => {
          const state = item === null ? null : toState(item)
          return state !== null && (state.connection === null || isConnected(state)) ? [state.userId] : []
        })
      )
      return items
        .flatMap((item) => subscribed(ownerOf(item["pk"]), item) ?? [])
        .filter((found) => live.has(found.userId) && found.subscription.expiresAt < before)
    })
  )
}

const pageSize = 50

const subscribed = (userId: UserId, item: Item): SubscribedCalendar | null => {
  const { calendar, generation } = toHeldCalendar(userId, item)
  return calendar.subscription === null
    ? null
    : { userId, generation, calendarId: calendar.id, subscription: calendar.subscription }
}
