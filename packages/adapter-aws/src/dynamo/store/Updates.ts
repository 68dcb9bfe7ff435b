/**
 * Events as they changed: how somebody follows the mirror.
 * Decides that an event is told where it changed last: each write notes what it changed, and an event bears the number of the
 * last of them. Never writes.
 */
import type { CalendarEvent, MirrorPlace, UpdatedPage, UpdatedQuery, UserId } from "@punctual/core"
import { Effect } from "effect"
import type { Item } from "../table/Item.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { eventKey, ordered, prunedKey, stateKey, updateKey, updatesOf } from "./items/Keys.ts"
import { mirrorNumberOf, toEvent } from "./items/Mirrored.ts"
import { toPruned, toUpdate } from "./items/Update.ts"
import { heldState } from "./States.ts"

/** Writes whose events are read at once. */
const writesMax = 50

/** Processes go by one clock, within seconds: what a write says of the time may be so much behind the one before it. */
const skewMillisMax = 600_000

export const updatedEvents = Effect.fnUntraced(function* (
  table: Table,
  { calendarIds, from, limit, userId }: UpdatedQuery
): Effect.fn.Return<UpdatedPage<CalendarEvent>, TableError> {
  const [stateItem = null, item = null] = yield* table.getMany([stateKey(userId), prunedKey(userId)])
  const head = heldState(userId, stateItem).state.mirrorNumber
  const { tombstones } = toPruned(item)
  const isExpired =
    tombstones !== null && ("at" in from ? from.at <= tombstones.at : from.mirrorNumber <= tombstones.mirrorNumber)
  const place = "at" in from ? yield* placeAt(table, userId, from.at, head) : from
  const shown = new Set(calendarIds)
  const isShown = (row: CalendarEvent): boolean =>
    shown.has(row.calendarId) && !row.isVirtual && (!("at" in from) || row.updatedAt >= from.at)
  const found = yield* eventsBeyond(table, userId, { place, head, limit: limit + 1, isShown })
  const items = found.slice(0, limit)
  const last = items.at(-1)
  const hasMore = found.length > limit
  return {
    items: items.map(({ row }) => row),
    next: hasMore && last !== undefined ? { mirrorNumber: last.mirrorNumber, id: last.row.id } : beyond(head),
    hasMore,
    isExpired
  }
})

const beyond = (mirrorNumber: number): MirrorPlace => ({ mirrorNumber: mirrorNumber + 1, id: "" })

/** Before the first write that may have told something at the instant or later. */
const placeAt = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  at: number,
  head: number
): Effect.fn.Return<MirrorPlace, TableError> {
  const range = { index: "by_time" as const, partition: updatesOf(userId), low: ordered(at - skewMillisMax) }
  const { items } = yield* table.page(range, 1, null)
  const [first] = items
  return first === undefined ? beyond(head) : { mirrorNumber: toUpdate(first).mirrorNumber, id: "" }
})

interface Changed {
  readonly mirrorNumber: number
  readonly row: CalendarEvent
}

interface Wanted {
  readonly place: MirrorPlace
  readonly head: number
  readonly limit: number
  readonly isShown: (row: CalendarEvent) => boolean
}

/** By number and id. */
const eventsBeyond = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  { head, isShown, limit, place }: Wanted
): Effect.fn.Return<ReadonlyArray<Changed>, TableError> {
  const range = {
    partition: updatesOf(userId),
    low: updateKey(userId, place.mirrorNumber).sk,
    high: updateKey(userId, head).sk
  }
  const found: Array<Changed> = []
  let next: Item | null = null
  do {
    const page: Effect.Success<ReturnType<Table["page"]>> = yield* table.page(range, writesMax, next)
    found.push(...(yield* changedBy(table, userId, page.items, place)).filter(({ row }) => isShown(row)))
    next = page.next
  } while (next !== null && found.length < limit)
  return found.slice(0, limit)
})

const changedBy = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  updates: ReadonlyArray<Item>,
  place: MirrorPlace
): Effect.fn.Return<ReadonlyArray<Changed>, TableError> {
  const named = updates
    .map(toUpdate)
    .flatMap(({ ids, mirrorNumber }) =>
      ids.toSorted().flatMap((id) => (mirrorNumber > place.mirrorNumber || id > place.id ? [{ id, mirrorNumber }] : []))
    )
  const items = yield* table.getMany(named.map(({ id }) => eventKey(userId, id)))
  return named.flatMap(({ mirrorNumber }, at) => {
    const item = items[at] ?? null
    return item === null || mirrorNumberOf(item) !== mirrorNumber ? [] : [{ mirrorNumber, row: toEvent(item) }]
  })
})
