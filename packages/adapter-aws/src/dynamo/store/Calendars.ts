/**
 * Calendars: which there are, which are selected, which are due and subscribed.
 * Decides what a listing, a patch and a notification change. Never touches the mirror: see `Mirror.ts`.
 */
import {
  type Calendar,
  type CalendarId,
  type CalendarListing,
  type CalendarPatch,
  Fenced,
  type Instant,
  listedCalendar,
  patchedCalendar,
  type UserId
} from "@punctual/core"
import { Effect } from "effect"
import { type Action, chunksOf } from "../table/Batches.ts"
import { type Item, unchanged } from "../table/Item.ts"
import { allOf } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { calendarItem, compareCalendars, openAtOf, toHeldCalendar } from "./items/Calendar.ts"
import { stateItem } from "./items/State.ts"
import { allOfKind, calendarKey, stateKey } from "./items/Keys.ts"
import { heldState, isOfGeneration } from "./States.ts"
import { pointers } from "./Subscriptions.ts"
import { optimisticRetry, putIfUnchanged } from "./OptimisticRetry.ts"

export const calendars = (table: Table, userId: UserId): Effect.Effect<ReadonlyArray<Calendar>, TableError> =>
  Effect.map(allOf(table.page, allOfKind(userId, "CAL#")), (items) => calendarsIn(userId, items))

export const calendarsIn = (userId: UserId, items: ReadonlyArray<Item>): ReadonlyArray<Calendar> =>
  items.map((item) => toHeldCalendar(userId, item).calendar).toSorted(compareCalendars)

/** Calendars in one transaction; a listing of more is written in parts, each of which stands by itself. */
const listedMax = 90

export const listCalendars = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  generation: number,
  listings: ReadonlyArray<CalendarListing>,
  dueAt: Instant
): Effect.fn.Return<ReadonlyArray<Calendar>, TableError | Fenced> {
  // The provider may name a calendar twice.
  const once = [...new Map(listings.map((listing, position) => [listing.id, { listing, position }])).values()]
  const parts = once.length === 0 ? [[]] : chunksOf(once, listedMax)
  for (const part of parts) yield* optimisticRetry(listPart(table, userId, generation, part, dueAt))
  return yield* calendars(table, userId)
})

interface Listed {
  readonly listing: CalendarListing
  readonly position: number
}

/** The connection's row is written too, so that one who changes it at this moment sees the new calendars. */
const listPart = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  generation: number,
  part: ReadonlyArray<Listed>,
  dueAt: Instant
): Effect.fn.Return<void, TableError | Fenced> {
  const [found = null, ...items] = yield* table.getMany([
    stateKey(userId),
    ...part.map(({ listing }) => calendarKey(userId, listing.id))
  ])
  const { item, state } = heldState(userId, found)
  if (state.connection?.generation !== generation) return yield* new Fenced()
  const openAt = openAtOf(state.connection)
  const puts = part.map(({ listing, position }, at): Action => {
    const known = items[at] ?? null
    const held = known === null ? null : toHeldCalendar(userId, known).calendar
    const calendar = listedCalendar(held, listing, position, dueAt)
    return { put: calendarItem({ userId, calendar, generation, openAt }), condition: unchanged(known) }
  })
  yield* table.transact([{ put: stateItem(state), condition: unchanged(item) }, ...puts])
})

export const patchCalendar = (
  table: Table,
  userId: UserId,
  generation: number,
  calendarId: CalendarId,
  patch: CalendarPatch
): Effect.Effect<void, TableError | Fenced> =>
  optimisticRetry(
    Effect.gen(function* () {
      const [found = null, item = null] = yield* table.getMany([stateKey(userId), calendarKey(userId, calendarId)])
      const { state } = heldState(userId, found)
      if (item === null || state.connection?.generation !== generation) return yield* new Fenced()
      const held = toHeldCalendar(userId, item)
      const next = { ...held, calendar: patchedCalendar(held.calendar, patch) }
      yield* table.transact([
        { check: stateKey(userId), condition: isOfGeneration(generation) },
        { put: calendarItem(next), condition: unchanged(item) },
        ...pointers(held, next)
      ])
    })
  )

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
