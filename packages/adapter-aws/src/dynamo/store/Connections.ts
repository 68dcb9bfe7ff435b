/**
 * Connections: who is connected, and what is left of who is not.
 * Decides whether a connection's row may be written. Never asks the time; rows are removed by `Erasure.ts`.
 *
 * The user's calendars learn in the same transaction whether the provider may be asked for them. Where there are more
 * than it takes, they learn early what makes them ready sooner, and late what makes them wait.
 */
import { Conflict, type Connection, type UserId } from "@punctual/core"
import { Effect, Option } from "effect"
import { type Action, chunksOf } from "../table/Batches.ts"
import { unchanged } from "../table/Item.ts"
import { allOf } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { calendarItem, openAtOf, toHeldCalendar } from "./items/Calendar.ts"
import {
  type State,
  connectedList,
  erasingList,
  isConnected,
  isDisconnecting,
  stateItem,
  toState
} from "./items/State.ts"
import { allOfKind } from "./items/Keys.ts"
import { readState, usersIn, verified } from "./States.ts"
import { optimisticRetry } from "./OptimisticRetry.ts"

export const connection = (table: Table, userId: UserId): Effect.Effect<Option.Option<Connection>, TableError> =>
  Effect.map(readState(table, userId), ({ state }) => Option.fromNullOr(state.connection))

export const saveConnection = (
  table: Table,
  row: Connection,
  expected: number | null
): Effect.Effect<void, TableError | Conflict> => optimisticRetry(save(table, row, expected))

/** Calendars in the transaction that writes the connection. */
const calendarsMax = 90

const save = Effect.fnUntraced(function* (
  table: Table,
  row: Connection,
  expected: number | null
): Effect.fn.Return<void, TableError | Conflict> {
  const { item, state } = yield* readState(table, row.userId)
  if ((state.connection?.revision ?? null) !== expected) return yield* new Conflict()
  const next: State = { ...state, connection: row, isErasing: state.isErasing && row.status === "disconnected" }
  const opened = yield* openings(table, state.connection, row)
  const parts = chunksOf(opened, calendarsMax)
  const [first = [], ...rest] = parts
  const before = openAtOf(state.connection) ?? Infinity
  const isSooner = (openAtOf(row) ?? Infinity) < before
  const others = Effect.forEach(rest, (part) => table.transact(part), { discard: true })
  if (isSooner) yield* others
  yield* table.transact([{ put: stateItem(next), condition: unchanged(item) }, ...first])
  // A calendar that changes at this very moment goes on as it was: whoever claims it puts it right.
  if (!isSooner)
    yield* Effect.catchIf(
      others,
      ({ kind }) => kind === "condition",
      () => Effect.void
    )
})

/** What the calendars have to learn. */
const openings = Effect.fnUntraced(function* (
  table: Table,
  known: Connection | null,
  row: Connection
): Effect.fn.Return<ReadonlyArray<Action>, TableError> {
  const openAt = openAtOf(row)
  if (known === null || openAtOf(known) === openAt) return []
  const items = yield* allOf(table.page, allOfKind(row.userId, "CAL#"))
  return items.flatMap((item): ReadonlyArray<Action> => {
    const held = toHeldCalendar(row.userId, item)
    return held.openAt === openAt ? [] : [{ put: calendarItem({ ...held, openAt }), condition: unchanged(item) }]
  })
})

export const connections = (
  table: Table,
  after: UserId | null,
  limit: number
): Effect.Effect<ReadonlyArray<Connection>, TableError> => listed(table, connectedList, after, limit, isConnected)

export const disconnecting = (table: Table, limit: number): Effect.Effect<ReadonlyArray<Connection>, TableError> =>
  listed(table, erasingList, null, limit, isDisconnecting)

const listed = (
  table: Table,
  list: string,
  after: UserId | null,
  limit: number,
  isOne: (state: State) => boolean
): Effect.Effect<ReadonlyArray<Connection>, TableError> =>
  verified(table, usersIn(table, "by_standing", list, after), limit, (items) =>
    Effect.succeed(
      items
        .map(toState)
        .filter(isOne)
        .flatMap((state) => state.connection ?? [])
    )
  )
