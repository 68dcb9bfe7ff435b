/**
 * Connections: who is connected, and what is left of who is not.
 * Decides whether a connection's row may be written. Never asks the time; rows are removed by `Erasure.ts`.
 *
 * The user's version rises in the same transaction: what was decided from other connections is not committed. The
 * connection's calendars learn in it whether the provider may be asked for them. Where there are more than it takes, they
 * learn early what makes them ready sooner, and late what makes them wait.
 */
import { Conflict, type Connection, type ConnectionChange, type UserId } from "@punctual/core"
import { Effect } from "effect"
import { type Action, chunksOf } from "../table/Batches.ts"
import { unchanged } from "../table/Item.ts"
import { allOf } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { calendarItem, isCalendarOf, openAtOf, toHeldCalendar } from "./items/Calendar.ts"
import {
  connectedList,
  connectionItem,
  connectionsIn,
  erasingList,
  isDisconnecting,
  isStanding,
  toConnection,
  toConnectionOrNull
} from "./items/Connection.ts"
import { type State, stateItem } from "./items/State.ts"
import { allOfKind, connectionKey, headKey, stateKey } from "./items/Keys.ts"
import { appending } from "./Appending.ts"
import { heldState, usersIn, verified } from "./States.ts"
import { optimisticRetry } from "./OptimisticRetry.ts"

export const connections = (table: Table, userId: UserId): Effect.Effect<ReadonlyArray<Connection>, TableError> =>
  Effect.map(allOf(table.page, allOfKind(userId, "CON#")), connectionsIn)

export const saveConnection = (
  table: Table,
  row: Connection,
  expected: number | null,
  change: ConnectionChange | null = null,
  marksJudging = false
): Effect.Effect<void, TableError | Conflict> => optimisticRetry(save(table, row, expected, change, marksJudging))

/** Calendars in the transaction that writes the connection. */
const calendarsMax = 90

const save = Effect.fnUntraced(function* (
  table: Table,
  row: Connection,
  expected: number | null,
  change: ConnectionChange | null,
  marksJudging: boolean
): Effect.fn.Return<void, TableError | Conflict> {
  const { userId } = row
  const [found = null, item = null, head = null] = yield* table.getMany([
    stateKey(userId),
    connectionKey(userId, row.id),
    headKey(userId)
  ])
  const held = heldState(userId, found)
  const known = toConnectionOrNull(item)
  if ((known?.revision ?? null) !== expected) return yield* new Conflict()
  const next: State = {
    ...held.state,
    version: held.state.version + 1,
    judgeMark: marksJudging ? held.state.version + 1 : held.state.judgeMark,
    // Whoever connects keeps what is there.
    isErasing: held.state.isErasing && !isStanding(row)
  }
  const opened = yield* openings(table, known, row)
  const parts = chunksOf(opened, calendarsMax)
  const [first = [], ...rest] = parts
  const before = openAtOf(known) ?? Infinity
  const isSooner = (openAtOf(row) ?? Infinity) < before
  const others = Effect.forEach(rest, (part) => table.transact(part), { discard: true })
  if (isSooner) yield* others
  yield* table.transact([
    { put: stateItem(next), condition: unchanged(held.item) },
    { put: connectionItem(row), condition: unchanged(item) },
    ...(yield* appending({ userId, head, workspaceId: next.workspaceId }, change === null ? [] : [change])),
    ...first
  ])
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
    return !isCalendarOf(row.id, item) || held.openAt === openAt
      ? []
      : [{ put: calendarItem({ ...held, openAt }), condition: unchanged(item) }]
  })
})

/** A user with several connections is found several times and counts once. */
export const connectedUsers = (
  table: Table,
  after: UserId | null,
  limit: number
): Effect.Effect<ReadonlyArray<UserId>, TableError> =>
  Effect.suspend(() => {
    const met = new Set<UserId>()
    return verified(table, usersIn(table, "by_standing", connectedList, after), limit, (items) =>
      Effect.sync(() => {
        const found = new Set(
          items
            .map(toConnection)
            .filter(isStanding)
            .map(({ userId }) => userId)
            .filter((userId) => !met.has(userId))
        )
        for (const userId of found) met.add(userId)
        return [...found]
      })
    )
  })

export const disconnecting = (table: Table, limit: number): Effect.Effect<ReadonlyArray<Connection>, TableError> =>
  verified(table, usersIn(table, "by_standing", erasingList, null), limit, (items) =>
    Effect.succeed(items.map(toConnection).filter(isDisconnecting))
  )
