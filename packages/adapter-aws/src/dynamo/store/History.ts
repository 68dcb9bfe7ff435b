/**
 * What the store forgets of a user's past.
 * Decides what goes with an event that has ended, a few at a time, each few a transaction that holds only while the mirror and
 * what was decided stand as they were read.
 */
import type { CalendarEvent, Instant, Kept, SeriesKey, UserId } from "@punctual/core"
import { Effect } from "effect"
import { randomUUID } from "node:crypto"
import { type Action, chunksOf } from "../table/Batches.ts"
import { type Item, type Key, unchanged } from "../table/Item.ts"
import { type Range, allOf, last, merged } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { bareBot, isBotItem, isLive } from "./items/Bot.ts"
import { bareIntent, isIntentItem } from "./items/Intent.ts"
import {
  allOfKind,
  eventKey,
  ofMaster,
  ofMeeting,
  ofSeries,
  ordered,
  overrideKey,
  partitionOf,
  prunedKey,
  stateKey,
  updatesOf
} from "./items/Keys.ts"
import { eventItem, isApartItem, isEventItem, mirrorNumberOf, toApart, toEvent, toSeries } from "./items/Mirrored.ts"
import { type Pruned, prunedItem, toPruned, toUpdate } from "./items/Update.ts"
import { optimisticRetry } from "./OptimisticRetry.ts"
import { removeUnusedConfigs } from "./SharedConfigs.ts"

export const pruneHistory = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  kept: Kept,
  limit: number
): Effect.fn.Return<number, TableError> {
  const events = yield* pruneEvents(table, userId, kept, limit)
  const bots = yield* pruneBots(table, userId, kept.rowsFrom, limit)
  const series = yield* pruneSeries(table, userId, kept.rowsFrom, limit)
  const items = yield* pruneItems(table, userId, kept.itemsFrom, limit)
  const updates = yield* pruneUpdates(table, userId, kept.rowsFrom, limit)
  // Last: what went has referred to some of them.
  return events + bots + series + items + updates + (yield* removeUnusedConfigs(table, userId, limit))
})

const keyOf = ({ pk, sk }: Item): Key => ({ pk: String(pk), sk: String(sk) })

/** Everything of these kinds that stands in time before an instant, from an instant on, earliest first. */
const before = (table: Table, userId: UserId, kinds: ReadonlyArray<string>, to: Instant, from?: Instant) =>
  merged(
    table.page,
    kinds.map((kind): Range => ({
      index: "by_time",
      partition: partitionOf(userId),
      low: `${kind}${from === undefined ? "" : ordered(from)}`,
      high: `${kind}${ordered(to - 1)}${last}`
    })),
    (item) => String(item["atTime"]).slice("E#".length),
    pageSize
  )

const pageSize = 100

/** In one transaction, with what goes along with each. */
const eventsAtOnce = 15

const pruneEvents = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  { rowsFrom, series }: Kept,
  limit: number
): Effect.fn.Return<number, TableError> {
  const counted = new Set<SeriesKey | null>(series)
  const cursor = yield* before(table, userId, ["E#", "L#"], rowsFrom)
  const past: Array<CalendarEvent> = []
  while (past.length < limit) {
    const item = yield* cursor.next
    if (item === null) break
    const row = toEvent(item)
    if (row.end < rowsFrom && !counted.has(row.seriesKey)) past.push(row)
  }
  for (const part of chunksOf(past, eventsAtOnce)) yield* optimisticRetry(forgetEvents(table, userId, part, rowsFrom))
  return past.length
})

const forgetEvents = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  part: ReadonlyArray<CalendarEvent>,
  rowsFrom: Instant
): Effect.fn.Return<void, TableError> {
  const [state = null, pruned = null, ...items] = yield* table.getMany([
    stateKey(userId),
    prunedKey(userId),
    ...part.map(({ id }) => eventKey(userId, id))
  ])
  const gone = items.filter((item) => item !== null).filter((item) => toEvent(item).end < rowsFrom)
  if (gone.length === 0) return
  const ids = new Set(gone.map((item) => toEvent(item).id))
  const meetings = new Set(gone.map((item) => toEvent(item).meeting))
  const others = yield* Effect.forEach(meetings, (meeting) => alongWith(table, userId, meeting, ids), {
    concurrency: 8
  })
  const tombstones = gone.filter((item) => toEvent(item).isDeleted)
  const known = toPruned(pruned)
  yield* table.transact([
    { check: stateKey(userId), condition: unchanged(state) },
    ...(tombstones.length === 0
      ? []
      : [
          {
            put: prunedItem(userId, { ...known, tombstones: latest(known, tombstones) }, randomUUID()),
            condition: unchanged(pruned)
          }
        ]),
    ...gone.map((item): Action => ({ remove: keyOf(item), condition: unchanged(item) })),
    ...others.flat().map((key): Action => ({ remove: key }))
  ])
})

const latest = ({ tombstones }: Pruned, gone: ReadonlyArray<Item>): Pruned["tombstones"] => ({
  mirrorNumber: Math.max(tombstones?.mirrorNumber ?? 0, ...gone.map((item) => mirrorNumberOf(item) ?? 0)),
  at: Math.max(tombstones?.at ?? 0, ...gone.map((item) => toEvent(item).updatedAt))
})

/** Of a meeting that no event is left of, and no bot is to come to, nothing is asked for any more. */
const alongWith = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  meeting: CalendarEvent["meeting"],
  gone: ReadonlySet<string>
): Effect.fn.Return<ReadonlyArray<Key>, TableError> {
  const standing = (place: string) =>
    allOf(table.page, { index: "by_meeting", partition: partitionOf(userId), low: place, high: place })
  const own = yield* standing(ofMeeting(meeting))
  const apart = own.filter((item) => isApartItem(item) && toApart(item).meeting === meeting)
  const families = new Set(apart.map((item) => toApart(item).family))
  const rest = yield* Effect.forEach(families, (family) => standing(ofMeeting(family)))
  const isLeft = [...own, ...rest.flat()].some((item) => {
    if (!isEventItem(item)) return isBotItem(item) && bareBot(item).meeting === meeting && isLive(bareBot(item))
    const row = toEvent(item)
    return row.meeting === meeting && !gone.has(row.id)
  })
  if (isLeft) return []
  const intents = own.filter((item) => {
    const intent = isIntentItem(item) ? bareIntent(item) : null
    return intent !== null && "meeting" in intent && intent.meeting === meeting
  })
  return [...intents.map(keyOf), ...apart.map(keyOf), overrideKey(userId, meeting)]
})

const deletesAtOnce = 8

const pruneBots = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  rowsFrom: Instant,
  limit: number
): Effect.fn.Return<number, TableError> {
  const cursor = yield* before(table, userId, ["H#", "F#", "X#"], rowsFrom)
  const past: Array<Item> = []
  while (past.length < limit) {
    const item = yield* cursor.next
    if (item === null) break
    if (bareBot(item).end < rowsFrom) past.push(item)
  }
  yield* Effect.forEach(past, (item) => table.deleteIf(keyOf(item), unchanged(item)), {
    concurrency: deletesAtOnce,
    discard: true
  })
  return past.length
})

/** Few to a user. One that is asked for, or has an event left, stays. */
const pruneSeries = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  rowsFrom: Instant,
  limit: number
): Effect.fn.Return<number, TableError> {
  const old = (yield* allOf(table.page, allOfKind(userId, "SRS#"))).filter(
    (item) => toSeries(item).updatedAt < rowsFrom
  )
  let gone = 0
  for (const { sk } of old) {
    if (gone >= limit) break
    gone += yield* optimisticRetry(forgetSeries(table, userId, { pk: partitionOf(userId), sk: String(sk) }, rowsFrom))
  }
  return gone
})

const forgetSeries = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  key: Key,
  rowsFrom: Instant
): Effect.fn.Return<number, TableError> {
  const [state = null, item = null] = yield* table.getMany([stateKey(userId), key])
  if (item === null || toSeries(item).updatedAt >= rowsFrom) return 0
  const partition = partitionOf(userId)
  const { id, key: named } = toSeries(item)
  const [master, place] = [ofMaster(id), ofSeries(named)]
  const occurrences = yield* table.page({ index: "by_master", partition, low: master, high: master }, 1, null)
  if (occurrences.items.length > 0) return 0
  const about = yield* allOf(table.page, { index: "by_series", partition, low: place, high: place })
  const isAsked = about.some((each) => {
    const intent = isIntentItem(each) ? bareIntent(each) : null
    return intent !== null && "series" in intent && intent.series === named
  })
  if (isAsked) return 0
  yield* table.transact([
    { check: stateKey(userId), condition: unchanged(state) },
    { remove: key, condition: unchanged(item) }
  ])
  return 1
})

/** What lasts longer keeps the provider's own item until its row goes. */
const longestMillis = 7 * 24 * 60 * 60 * 1000

/** Goes on where it was the last time: what has ended before has lost its item, unless it was read in since. */
const pruneItems = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  itemsFrom: Instant,
  limit: number
): Effect.fn.Return<number, TableError> {
  const done = toPruned(yield* table.get(prunedKey(userId))).itemsFrom
  const cursor = yield* before(table, userId, ["E#", "L#"], itemsFrom, done === null ? undefined : done - longestMillis)
  let emptied = 0
  for (let isOver = false; !isOver && emptied < limit;) {
    const item = yield* cursor.next
    isOver = item === null
    const row = item === null ? null : toEvent(item)
    if (item === null || row === null || row.end >= itemsFrom || row.raw === null) continue
    yield* table.putIf(eventItem(userId, { ...row, raw: null }, mirrorNumberOf(item)), unchanged(item))
    emptied += 1
  }
  if (emptied < limit && itemsFrom > (done ?? -Infinity)) yield* optimisticRetry(noteItems(table, userId, itemsFrom))
  return emptied
})

const noteItems = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  itemsFrom: Instant
): Effect.fn.Return<void, TableError> {
  const item = yield* table.get(prunedKey(userId))
  const known = toPruned(item)
  if (item === null && (yield* table.get(stateKey(userId))) === null) return
  yield* table.transact([
    { put: prunedItem(userId, { ...known, itemsFrom }, randomUUID()), condition: unchanged(item) }
  ])
})

/** What a write says that it changed, once no event stands any more as it left it. */
const pruneUpdates = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  rowsFrom: Instant,
  limit: number
): Effect.fn.Return<number, TableError> {
  const range: Range = { index: "by_time", partition: updatesOf(userId), high: `${ordered(rowsFrom - 1)}${last}` }
  const { items } = yield* table.page(range, limit, null)
  const updates = items.map((item) => ({ item, ...toUpdate(item) }))
  const events = yield* table.getMany(updates.flatMap(({ ids }) => ids.map((id) => eventKey(userId, id))))
  const standing = new Set(events.map((item) => mirrorNumberOf(item)))
  const over = updates.filter(({ mirrorNumber }) => !standing.has(mirrorNumber))
  yield* table.writeMany(over.map(({ item }) => ({ remove: keyOf(item) })))
  return over.length
})
