/**
 * What a disconnect leaves: nothing but tombstones. Of a user with another connection that stands, everything but this
 * one's calendars and their mirror.
 *
 * Decides that what goes goes part by part, each part a transaction that holds only while nobody is connected (of one
 * connection: while it is a tombstone); whoever connects again meanwhile keeps what is theirs. No row is counted twice.
 * While everything goes no decision is taken; what is interrupted goes on from where it was. The user's counters go on, so
 * that nothing decided before can be mistaken for something decided after.
 */
import type { ConnectionId, Erased, UserId } from "@punctual/core"
import { Effect } from "effect"
import { type Action, chunksOf } from "../table/Batches.ts"
import { type Condition, type Item, type Key, unchanged } from "../table/Item.ts"
import { allOf, prefixed } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { connections } from "./Connections.ts"
import { isBotItem, isLive, toBot } from "./items/Bot.ts"
import { isCalendarItem, toHeldCalendar } from "./items/Calendar.ts"
import { isConnectionItem, isStanding, isTombstone } from "./items/Connection.ts"
import { isEventItem, toEvent } from "./items/Mirrored.ts"
import { autoNever, stateItem } from "./items/State.ts"
import { allOfKind, connectionKey, partitionOf, seenOf, stateKey, subscriptionKey } from "./items/Keys.ts"
import { ofCalendarKeys } from "./MirrorLists.ts"
import { readState } from "./States.ts"
import { optimisticRetry, putIfUnchanged } from "./OptimisticRetry.ts"

const nothing: Erased = { events: 0, liveBots: 0, isDone: true }

export const erase = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  connectionId: ConnectionId,
  limit: number
): Effect.fn.Return<Erased, TableError> {
  switch (yield* begin(table, userId, connectionId)) {
    case "nothing":
      return nothing
    case "calendars":
      return yield* eraseCalendars(table, userId, connectionId, limit)
    case "everything":
      return yield* eraseEverything(table, userId, limit)
  }
})

/** What there is to be erased; the state is read first, so that whoever connects after that is met by the condition. */
const begin = (
  table: Table,
  userId: UserId,
  connectionId: ConnectionId
): Effect.Effect<"nothing" | "calendars" | "everything", TableError> =>
  optimisticRetry(
    Effect.gen(function* () {
      const { item, state } = yield* readState(table, userId)
      const all = yield* connections(table, userId)
      const own = all.find(({ id }) => id === connectionId)
      if (item === null || own === undefined || isStanding(own)) return "nothing"
      if (all.some(isStanding)) return "calendars"
      if (!state.isErasing) {
        yield* putIfUnchanged(table, stateItem({ ...state, isErasing: true }), item)
      }
      return "everything"
    })
  )

/** Calendars last: whoever connects another meanwhile leaves it to them what is this one's. */
const eraseEverything = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  limit: number
): Effect.fn.Return<Erased, TableError> {
  let events = 0
  let liveBots = 0
  let removed = 0
  let from: Item | null = null
  // No stream of pages: one that another run has begun is read anew, from the beginning.
  for (;;) {
    const page: Effect.Success<ReturnType<Table["page"]>> = yield* table.page(
      { partition: partitionOf(userId) },
      rowsMax,
      from
    )
    const part = page.items.filter((item) => !isLast(item))
    if (part.length === 0 || (yield* remove(table, userId, part))) {
      events += eventsIn(part)
      liveBots += liveBotsIn(part)
      if (page.next === null) break
      removed += part.length
      if (removed >= limit) return { events, liveBots, isDone: false }
      from = page.next
    } else if (yield* isStillErasing(table, userId)) {
      // Another run took some of them; what is left is found anew.
      from = null
    } else {
      // Another run came to the end, or somebody connected: the next look tells which.
      return { events, liveBots, isDone: false }
    }
  }
  const calendars = yield* allOf(table.page, allOfKind(userId, "CAL#"))
  for (const part of chunksOf(calendars, rowsMax)) {
    if (!(yield* remove(table, userId, part))) return { events, liveBots, isDone: false }
  }
  yield* end(table, userId)
  return { events, liveBots, isDone: true }
})

const isLast = (item: Item): boolean => item["sk"] === "STATE" || isConnectionItem(item) || isCalendarItem(item)

/** Calendars last: by them the other rows are found. */
const eraseCalendars = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  connectionId: ConnectionId,
  limit: number
): Effect.fn.Return<Erased, TableError> {
  let events = 0
  let removed = 0
  for (;;) {
    const { item, state } = yield* readState(table, userId)
    const calendars = yield* calendarsOf(table, userId, connectionId)
    const keys = (yield* Effect.forEach(calendars, (calendar) => keysIn(table, userId, calendar))).flat()
    if (keys.length === 0) {
      const first = calendars.slice(0, rowsMax)
      // The version rises with it: what was decided from what is gone would leave rows in no calendar.
      const next = stateItem({ ...state, version: state.version + 1 })
      const isWritten = yield* removeOf(table, userId, connectionId, first, [{ put: next, condition: unchanged(item) }])
      const isDone = isWritten && first.length === calendars.length
      if (isDone || !isWritten) return { events, liveBots: 0, isDone }
    }
    for (const part of chunksOf(keys, rowsMax)) {
      if (removed >= limit) return { events, liveBots: 0, isDone: false }
      const items = (yield* table.getMany(part)).filter((each) => each !== null)
      // Another run took some of them, or somebody connected: the next look tells which.
      if (!(yield* removeOf(table, userId, connectionId, items, []))) return { events, liveBots: 0, isDone: false }
      events += eventsIn(items)
      removed += items.length
    }
  }
})

const calendarsOf = (
  table: Table,
  userId: UserId,
  connectionId: ConnectionId
): Effect.Effect<ReadonlyArray<Item>, TableError> =>
  Effect.map(allOf(table.page, allOfKind(userId, "CAL#")), (items) =>
    items.filter((item) => toHeldCalendar(userId, item).calendar.connectionId === connectionId)
  )

/** All that stands in the calendar, and what was seen there. */
const keysIn = (table: Table, userId: UserId, item: Item): Effect.Effect<ReadonlyArray<Key>, TableError> => {
  const { id } = toHeldCalendar(userId, item).calendar
  const ranges = [ofCalendarKeys(userId, id), { partition: partitionOf(userId), ...prefixed(seenOf(id)) }]
  return Effect.map(
    Effect.forEach(ranges, (range) => allOf(table.page, range)),
    (found) => found.flat().map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) }))
  )
}

/** In one transaction, with a subscription's pointer for each at most. */
const rowsMax = 45

const whileErasing: Condition = { expression: "isErasing = :yes", values: { ":yes": true } }
const isThere: Condition = { expression: "attribute_exists(pk)" }

/** False: a condition was. */
const remove = (table: Table, userId: UserId, part: ReadonlyArray<Item>): Effect.Effect<boolean, TableError> =>
  removeWhile(table, userId, part, [{ check: stateKey(userId), condition: whileErasing }])

const removeOf = (
  table: Table,
  userId: UserId,
  connectionId: ConnectionId,
  part: ReadonlyArray<Item>,
  others: ReadonlyArray<Action>
): Effect.Effect<boolean, TableError> =>
  removeWhile(table, userId, part, [{ check: connectionKey(userId, connectionId), condition: isTombstone }, ...others])

const removeWhile = (
  table: Table,
  userId: UserId,
  part: ReadonlyArray<Item>,
  others: ReadonlyArray<Action>
): Effect.Effect<boolean, TableError> =>
  table
    .transact([
      ...others,
      ...part.map(({ pk, sk }): Action => ({ remove: { pk: String(pk), sk: String(sk) }, condition: isThere })),
      ...pointersOf(userId, part)
    ])
    .pipe(
      Effect.as(true),
      Effect.catchIf(
        ({ kind }) => kind === "condition",
        () => Effect.succeed(false)
      )
    )

/** What leads to the rows from outside the partition goes with them; each once. */
const pointersOf = (userId: UserId, items: ReadonlyArray<Item>): ReadonlyArray<Action> => {
  const ids = items
    .filter(isCalendarItem)
    .flatMap((item) => toHeldCalendar(userId, item).calendar.subscription?.id ?? [])
  return [...new Set(ids)].map((id) => ({ remove: subscriptionKey(id) }))
}

const isStillErasing = (table: Table, userId: UserId): Effect.Effect<boolean, TableError> =>
  Effect.map(readState(table, userId), ({ state }) => state.isErasing)

const end = (table: Table, userId: UserId): Effect.Effect<void, TableError> =>
  optimisticRetry(
    Effect.gen(function* () {
      const { item, state } = yield* readState(table, userId)
      if (!state.isErasing) return
      const next = {
        ...state,
        version: state.version + 1,
        decided: state.mirrorNumber,
        decideAt: null,
        auto: autoNever,
        pending: null,
        isErasing: false
      }
      yield* putIfUnchanged(table, stateItem(next), item)
    })
  )

const eventsIn = (items: ReadonlyArray<Item>): number =>
  items.filter((item) => isEventItem(item) && !toEvent(item).isDeleted).length

const liveBotsIn = (items: ReadonlyArray<Item>): number =>
  items.filter((item) => isBotItem(item) && isLive(toBot(item))).length
