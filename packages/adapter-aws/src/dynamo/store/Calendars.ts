/**
 * Calendars: which there are, which are selected, which are due and subscribed.
 * Decides what a listing, a patch and a notification change. Never touches the mirror: see `Mirror.ts`.
 */
import {
  type Account,
  type Calendar,
  type CalendarId,
  type CalendarPatch,
  type Connection,
  type ConnectionGeneration,
  Fenced,
  type Instant,
  type KnownListing,
  listedCalendar,
  noCounts,
  patchedCalendar,
  type UserId
} from "@punctual/core"
import { Effect } from "effect"
import { type Action, chunksOf } from "../table/Batches.ts"
import { type Item, unchanged } from "../table/Item.ts"
import { allOf } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { connections } from "./Connections.ts"
import { calendarItem, isCalendarOf, openAtOf, ranked, toHeldCalendar } from "./items/Calendar.ts"
import { connectionItem, isOfGeneration, toConnectionOrNull } from "./items/Connection.ts"
import { allOfKind, calendarKey, connectionKey, stateKey } from "./items/Keys.ts"
import { stateItem } from "./items/State.ts"
import { type HeldState, heldState } from "./States.ts"
import { pointers } from "./Subscriptions.ts"
import { optimisticRetry, putIfUnchanged } from "./OptimisticRetry.ts"

export const account = (table: Table, userId: UserId): Effect.Effect<Account, TableError> =>
  Effect.map(
    Effect.all([connections(table, userId), allOf(table.page, allOfKind(userId, "CAL#"))], { concurrency: 2 }),
    ([found, items]) => ({ connections: found, calendars: calendarsIn(userId, items, found) })
  )

export const calendars = (table: Table, userId: UserId): Effect.Effect<ReadonlyArray<Calendar>, TableError> =>
  Effect.map(account(table, userId), (found) => found.calendars)

export const calendarsIn = (
  userId: UserId,
  items: ReadonlyArray<Item>,
  of: ReadonlyArray<Connection>
): ReadonlyArray<Calendar> =>
  ranked(
    items.map((item) => toHeldCalendar(userId, item).calendar),
    of
  )

/** Calendars in one transaction; a listing of more is written in parts, each of which stands by itself. */
const listedMax = 90

export const listCalendars = Effect.fnUntraced(function* (
  table: Table,
  of: ConnectionGeneration,
  listings: ReadonlyArray<KnownListing>,
  dueAt: Instant
): Effect.fn.Return<ReadonlyArray<Calendar>, TableError | Fenced> {
  // The provider may name a calendar twice.
  const once = [...new Map(listings.map((listing, position) => [listing.id, { listing, position }])).values()]
  const parts = once.length === 0 ? [[]] : chunksOf(once, listedMax)
  for (const part of parts) yield* optimisticRetry(listPart(table, of, part, dueAt))
  return (yield* calendars(table, of.userId)).filter(({ connectionId }) => connectionId === of.id)
})

interface Listed {
  readonly listing: KnownListing
  readonly position: number
}

/** The connection's row is written too, so that one who changes it at this moment sees the new calendars. */
const listPart = Effect.fnUntraced(function* (
  table: Table,
  { generation, id, userId }: ConnectionGeneration,
  part: ReadonlyArray<Listed>,
  dueAt: Instant
): Effect.fn.Return<void, TableError | Fenced> {
  const [found = null, ...items] = yield* table.getMany([
    connectionKey(userId, id),
    ...part.map(({ listing }) => calendarKey(userId, listing.id))
  ])
  const connection = toConnectionOrNull(found)
  if (connection?.generation !== generation) return yield* new Fenced()
  const openAt = openAtOf(connection)
  const puts = part.map(({ listing, position }, at): Action => {
    const known = items[at] ?? null
    const held = known === null ? null : toHeldCalendar(userId, known)
    const calendar = listedCalendar(held?.calendar ?? null, listing, position, dueAt)
    const counts = held?.counts ?? noCounts
    return { put: calendarItem({ userId, calendar, openAt, counts }), condition: unchanged(known) }
  })
  yield* table.transact([{ put: connectionItem(connection), condition: unchanged(found) }, ...puts])
})

export const patchCalendar = (
  table: Table,
  { generation, id, userId }: ConnectionGeneration,
  calendarId: CalendarId,
  patch: CalendarPatch
): Effect.Effect<void, TableError | Fenced> =>
  optimisticRetry(
    Effect.gen(function* () {
      const connectionAt = connectionKey(userId, id)
      const keys = [connectionAt, calendarKey(userId, calendarId), stateKey(userId)]
      const [found = null, item = null, state = null] = yield* table.getMany(keys)
      const isHeld = found?.["generation"] === generation && isCalendarOf(id, item)
      if (item === null || !isHeld) return yield* new Fenced()
      const held = toHeldCalendar(userId, item)
      const next = { ...held, calendar: patchedCalendar(held.calendar, patch) }
      yield* table.transact([
        { check: connectionAt, condition: isOfGeneration(generation) },
        { put: calendarItem(next), condition: unchanged(item) },
        // What is decided from calendars that are selected or not is decided from others by then.
        ...(patch.selected === undefined ? [] : [raised(heldState(userId, state))]),
        ...pointers(held, next)
      ])
    })
  )

const raised = ({ item, state }: HeldState): Action => ({
  put: stateItem({ ...state, version: state.version + 1 }),
  condition: unchanged(item)
})

export const markChanged = (
  table: Table,
  marks: ReadonlyArray<{ readonly userId: UserId; readonly calendarId: CalendarId }>,
  dueAt: Instant
): Effect.Effect<void, TableError> =>
  Effect.forEach(marks, ({ calendarId, userId }) => mark(table, userId, calendarId, dueAt), {
    concurrency: marksAtOnce,
    discard: true
  })

const marksAtOnce = 8

/**
 * Of a burst the first mark makes the calendar due; those that follow only raise the number, which no two of them can
 * disturb each other at.
 */
const mark = (table: Table, userId: UserId, calendarId: CalendarId, dueAt: Instant): Effect.Effect<void, TableError> =>
  optimisticRetry(
    Effect.gen(function* () {
      const key = calendarKey(userId, calendarId)
      const raised = yield* table.updateIf(key, "changedMark = changedMark + :one", {
        expression: "dueAt <= :dueAt",
        values: { ":dueAt": dueAt, ":one": 1 }
      })
      const item = raised === null ? yield* table.get(key) : null
      if (item === null) return
      const held = toHeldCalendar(userId, item)
      const { calendar } = held
      const marked = { ...calendar, dueAt: Math.min(calendar.dueAt, dueAt), changedMark: calendar.changedMark + 1 }
      yield* putIfUnchanged(table, calendarItem({ ...held, calendar: marked }), item)
    })
  )
