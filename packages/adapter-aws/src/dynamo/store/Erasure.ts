/**
 * What a disconnect leaves: tombstones, and bots that are being launched. Of a user with another connection that stands,
 * everything but this one's calendars and their mirror.
 *
 * Decides that what goes goes part by part, each part a transaction that holds only while nobody is connected (of one
 * connection: while it is a tombstone); whoever connects again meanwhile keeps what is theirs. No row is counted twice.
 * While everything goes no decision is taken; what is interrupted goes on from where it was. The user's counters go on, so
 * that nothing decided before can be mistaken for something decided after.
 */
import { type ConnectionId, type Erased, type UserId, autoNever } from "@punctual/core"
import { Effect } from "effect"
import { type Action, chunksOf } from "../table/Batches.ts"
import { type Condition, type Item, unchanged } from "../table/Item.ts"
import { allOf, prefixed } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { connections } from "./Connections.ts"
import { isBotItem, toBot } from "./items/Bot.ts"
import { isCalendarItem, toHeldCalendar } from "./items/Calendar.ts"
import { besides, calendarsOf, toldOf } from "./LogErasure.ts"
import { isConnectionItem, isStanding, isTombstone } from "./items/Connection.ts"
import { isEventItem, toEvent } from "./items/Mirrored.ts"
import { stateItem } from "./items/State.ts"
import { allOfKind, connectionKey, partitionOf, seenOf, stateKey, subscriptionKey } from "./items/Keys.ts"
import { ofCalendarKeys } from "./MirrorLists.ts"
import { readState } from "./States.ts"
import { optimisticRetry, putIfUnchanged } from "./OptimisticRetry.ts"

const nothing: Erased = { events: 0, liveBots: 0, isDone: true, keptBots: 0 }

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
  let keptBots = 0
  let from: Item | null = null
  // No stream of pages: one that another run has begun is read anew, from the beginning.
  for (;;) {
    const page: Effect.Success<ReturnType<Table["page"]>> = yield* table.page(
      { partition: partitionOf(userId) },
      rowsMax,
      from
    )
    const rows = page.items.filter((item) => !isLast(item))
    const part = rows.filter(mayGo)
    if (part.length === 0 || (yield* remove(table, userId, part))) {
      events += eventsIn(part)
      liveBots += scheduledBotsIn(part)
      keptBots += rows.length - part.length
      if (page.next === null) break
      removed += part.length
      if (removed >= limit) return { events, liveBots, isDone: false, keptBots }
      from = page.next
    } else if (yield* isStillErasing(table, userId)) {
      // Another run took some of them, or a bot was written; what is left is found anew.
      from = null
      keptBots = 0
    } else {
      // Another run came to the end, or somebody connected: the next look tells which.
      return { events, liveBots, isDone: false, keptBots }
    }
  }
  // What lies in partitions of its own: the log, and what the mirror's writes changed.
  for (const part of chunksOf(yield* besides(table, userId, limit - removed), rowsMax)) {
    if (!(yield* remove(table, userId, part))) return { events, liveBots, isDone: false, keptBots }
    removed += part.length
  }
  if (removed >= limit) return { events, liveBots, isDone: false, keptBots }
  const calendars = yield* allOf(table.page, allOfKind(userId, "CAL#"))
  for (const part of chunksOf(calendars, rowsMax)) {
    if (!(yield* remove(table, userId, part))) return { events, liveBots, isDone: false, keptBots }
  }
  yield* end(table, userId)
  return { events, liveBots, isDone: true, keptBots }
})

const isLast = (item: Item): boolean => item["sk"] === "STATE" || isConnectionItem(item) || isCalendarItem(item)

/**
 * Calendars last: by them the other rows are found. The version rises with the last part: what was decided from what is gone
 * does not hold, and leaves no row in a calendar that is not there.
 */
const eraseCalendars = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  connectionId: ConnectionId,
  limit: number
): Effect.fn.Return<Erased, TableError> {
  let events = 0
  let removed = 0
  const told = yield* toldOf(table, userId, connectionId, yield* calendarsOf(table, userId, connectionId))
  for (const part of chunksOf(told.slice(0, limit), rowsMax)) {
    if (!(yield* removeOf(table, userId, connectionId, part, []))) return { ...nothing, isDone: false }
    removed += part.length
  }
  if (removed >= limit) return { ...nothing, isDone: false }
  for (;;) {
    const { item, state } = yield* readState(table, userId)
    const raise: Action = { put: stateItem({ ...state, version: state.version + 1 }), condition: unchanged(item) }
    const calendars = yield* calendarsOf(table, userId, connectionId)
    const size = Math.min(rowsMax, limit - removed)
    const rows = yield* firstRowsIn(table, userId, calendars, size)
    const part = rows ?? calendars.slice(0, rowsMax)
    removed += part.length
    const isDone = rows === null && part.length === calendars.length
    const isLastPart = rows === null || removed >= limit
    const isGone = rows?.length !== 0 && (yield* removeOf(table, userId, connectionId, part, isLastPart ? [raise] : []))
    // Another run took some of them, or somebody connected or decided: the next look tells which.
    if (!isGone) return { events, liveBots: 0, isDone: false, keptBots: 0 }
    events += eventsIn(part)
    if (isDone || removed >= limit) return { events, liveBots: 0, isDone, keptBots: 0 }
  }
})

/** Of what stands in the calendars, and what was seen there, so many, less what was just taken; null: there is nothing. */
const firstRowsIn = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  calendars: ReadonlyArray<Item>,
  size: number
): Effect.fn.Return<ReadonlyArray<Item> | null, TableError> {
  for (const item of calendars) {
    const { id } = toHeldCalendar(userId, item).calendar
    for (const range of [ofCalendarKeys(userId, id), { partition: partitionOf(userId), ...prefixed(seenOf(id)) }]) {
      const { items } = yield* table.page(range, size, null)
      const keys = items.map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) }))
      if (keys.length > 0) return (yield* table.getMany(keys)).filter((each) => each !== null)
    }
  }
  return null
})

/** All but what the launch protocol has yet to find out about. */
const mayGo = (item: Item): boolean => !isBotItem(item) || toBot(item).status !== "Launching"

/** In one transaction, with a subscription's pointer for each at most. */
const rowsMax = 45

const whileErasing: Condition = { expression: "isErasing = :yes", values: { ":yes": true } }
const isThere: Condition = { expression: "attribute_exists(pk)" }

/** A bot goes as it was read: it may be on its way by now. */
const asRead = (item: Item): Condition =>
  isBotItem(item) ? { expression: "revision = :revision", values: { ":revision": item["revision"] } } : isThere

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
      ...part.map((item): Action => ({
        remove: { pk: String(item["pk"]), sk: String(item["sk"]) },
        condition: asRead(item)
      })),
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
        judgeMark: null,
        auto: autoNever,
        pausedUntil: null,
        pending: null,
        isErasing: false
      }
      yield* putIfUnchanged(table, stateItem(next), item)
    })
  )

const eventsIn = (items: ReadonlyArray<Item>): number =>
  items.filter((item) => isEventItem(item) && !toEvent(item).isDeleted).length

const scheduledBotsIn = (items: ReadonlyArray<Item>): number =>
  items.filter((item) => isBotItem(item) && toBot(item).status === "Scheduled").length
