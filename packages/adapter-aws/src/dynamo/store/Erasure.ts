/**
 * What a disconnect leaves: nothing but the tombstone, and bots that are being launched.
 *
 * Decides that everything in the user's partition goes, part by part, each part a transaction that holds only while
 * nobody is connected; whoever connects again meanwhile keeps what is theirs. No row is counted twice. While it goes on
 * no decision is taken; what is interrupted goes on from where it was. The counters of the tombstone go on, so that
 * nothing decided before can be mistaken for something decided after.
 */
import type { Erased, UserId } from "@punctual/core"
import { Effect } from "effect"
import type { Action } from "../table/Batches.ts"
import type { Condition, Item } from "../table/Item.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { isBotItem, toBot } from "./items/Bot.ts"
import { toHeldCalendar } from "./items/Calendar.ts"
import { isEventItem, toEvent } from "./items/Mirrored.ts"
import { autoNever, isConnected, stateItem } from "./items/State.ts"
import { partitionOf, stateKey, subscriptionKey } from "./items/Keys.ts"
import { readState } from "./States.ts"
import { optimisticRetry, putIfUnchanged } from "./OptimisticRetry.ts"

const nothing: Erased = { events: 0, liveBots: 0, isDone: true, keptBots: 0 }

export const erase = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  limit: number
): Effect.fn.Return<Erased, TableError> {
  if (!(yield* begin(table, userId))) return nothing
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
    const rows = page.items.filter(({ sk }) => sk !== stateKey(userId).sk)
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
    } else return { events, liveBots, isDone: true, keptBots }
  }
  yield* end(table, userId)
  return { events, liveBots, isDone: true, keptBots }
})

/** All but what the launch protocol has yet to find out about. */
const mayGo = (item: Item): boolean => !isBotItem(item) || toBot(item).status !== "Launching"

/** In one transaction, with a subscription's pointer for each at most. */
const rowsMax = 45

/** False: somebody is connected, or there is nobody. */
const begin = (table: Table, userId: UserId): Effect.Effect<boolean, TableError> =>
  optimisticRetry(
    Effect.gen(function* () {
      const { item, state } = yield* readState(table, userId)
      if (item === null || isConnected(state)) return false
      if (!state.isErasing) {
        yield* putIfUnchanged(table, stateItem({ ...state, isErasing: true }), item)
      }
      return true
    })
  )

const whileErasing: Condition = { expression: "isErasing = :yes", values: { ":yes": true } }
const isThere: Condition = { expression: "attribute_exists(pk)" }

/** A bot goes as it was read: it may be on its way by now. */
const asRead = (item: Item): Condition =>
  isBotItem(item) ? { expression: "revision = :revision", values: { ":revision": item["revision"] } } : isThere

const remove = (table: Table, userId: UserId, part: ReadonlyArray<Item>): Effect.Effect<boolean, TableError> =>
  table
    .transact([
      { check: stateKey(userId), condition: whileErasing },
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
  const calendars = items.filter(({ sk }) => String(sk).startsWith("CAL#"))
  const ids = calendars.flatMap((item) => toHeldCalendar(userId, item).calendar.subscription?.id ?? [])
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

const scheduledBotsIn = (items: ReadonlyArray<Item>): number =>
  items.filter((item) => isBotItem(item) && toBot(item).status === "Scheduled").length
