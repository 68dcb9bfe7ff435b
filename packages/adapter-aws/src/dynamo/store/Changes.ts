/**
 * The log of changes, as it is read and pruned.
 * Decides how far it is read: a user's own up to the number that the head has given, since a transaction may be seen in parts;
 * everybody's by an index that lags behind, so that what was written in the last seconds is looked at again. Whoever is
 * found there is read from their own log, in which nothing lags: so a user's entries are told in their order.
 */
import {
  type ChangesPage,
  type ChangesQuery,
  Conflict,
  type CoverageChange,
  type Instant,
  type LoggedChange,
  type Page,
  type TimelineQuery,
  type UserId
} from "@punctual/core"
import { Effect } from "effect"
import { type Item, unchanged } from "../table/Item.ts"
import { type Range, last, merged, prefixed } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { appending, logOf } from "./Appending.ts"
import { bareChange, headItem, inStory, oldestList, toHead, toLogged } from "./items/Change.ts"
import { digestOf, entryKey, everyShard, feedOf, feedOwner, headKey, ordered } from "./items/Keys.ts"
import { optimisticRetry } from "./OptimisticRetry.ts"
import { configsIn } from "./SharedConfigs.ts"

export const changes = Effect.fnUntraced(function* (
  table: Table,
  { after, limit, types, userId }: ChangesQuery
): Effect.fn.Return<ChangesPage<number>, TableError> {
  const { sequence } = toHead(userId, yield* table.get(headKey(userId)))
  const range = { partition: feedOf(userId), low: entryKey(userId, after + 1).sk, high: entryKey(userId, sequence).sk }
  const cursor = yield* merged(table.page, [range], (item) => String(item["sk"]), Math.min(limit + 1, pageSizeMax))
  const found: Array<Item> = []
  while (found.length <= limit) {
    const item = yield* cursor.next
    if (item === null) break
    if (types === null || types.includes(bareChange(item).type)) found.push(item)
  }
  const items = yield* wholeEntries(table, found.slice(0, limit))
  const hasMore = found.length > limit
  return { items, next: hasMore ? (items.at(-1)?.sequence ?? after) : Math.max(after, sequence), hasMore }
}, optimisticRetry)

const wholeEntries = (
  table: Table,
  items: ReadonlyArray<Item>
): Effect.Effect<ReadonlyArray<LoggedChange>, TableError> =>
  Effect.map(configsIn(table, items), (configOf) => items.map((item) => toLogged(item, configOf)))

const pageSizeMax = 200

export const changePlace = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  at: Instant
): Effect.fn.Return<number, TableError> {
  const { sequence } = toHead(userId, yield* table.get(headKey(userId)))
  const { items } = yield* table.page(
    { index: "by_time", partition: feedOf(userId), low: ordered(Math.ceil(at)) },
    1,
    null
  )
  const first = items[0]?.["sequence"] as number | undefined
  return first === undefined ? sequence : first - 1
})

export const timeline = Effect.fnUntraced(function* (
  table: Table,
  { before, limit, of, userId }: TimelineQuery
): Effect.fn.Return<Page<LoggedChange>, TableError> {
  const [index, name] = "botId" in of ? (["by_master", of.botId] as const) : (["by_meeting", of.meeting] as const)
  const high = before === null ? `${digestOf(name)}#${last}` : inStory(name, before - 1)
  const range: Range = { index, partition: feedOf(userId), low: `${digestOf(name)}#`, high, backwards: true }
  const cursor = yield* merged(table.page, [range], (item) => String(item["sk"]), Math.min(limit + 1, pageSizeMax))
  const found: Array<Item> = []
  while (found.length <= limit) {
    const item = yield* cursor.next
    if (item === null) break
    found.push(item)
  }
  return { items: yield* wholeEntries(table, found.slice(0, limit)), hasMore: found.length > limit }
}, optimisticRetry)

export const tellCoverage = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  after: number,
  told: ReadonlyArray<CoverageChange>
): Effect.fn.Return<void, TableError | Conflict> {
  const log = yield* logOf(table, userId)
  if (toHead(userId, log.head).sequence !== after) return yield* new Conflict()
  yield* Effect.catchIf(
    table.transact(yield* appending(log, told)),
    ({ kind }) => kind === "condition",
    () => Effect.fail(new Conflict())
  )
})

/** User by user, those whose log begins earliest first. */
export const pruneChanges = Effect.fnUntraced(function* (
  table: Table,
  before: Instant,
  limit: number
): Effect.fn.Return<number, TableError> {
  const until = { high: ordered(Math.ceil(before)) }
  const cursor = yield* merged(
    table.page,
    everyShard("by_instant", oldestList, until),
    (item) => String(item["isk"]),
    100
  )
  let pruned = 0
  while (pruned < limit) {
    const found = yield* cursor.next
    if (found === null) break
    pruned += yield* pruneLog(table, feedOwner(found["pk"]), before, limit - pruned)
  }
  return pruned
})

const pruneLog = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  before: Instant,
  limit: number
): Effect.fn.Return<number, TableError> {
  const partition = feedOf(userId)
  const range: Range = {
    index: "by_time",
    partition,
    high: `${ordered(Math.ceil(before) - 1)}${last}`,
    isKeysOnly: true
  }
  const { items } = yield* table.page(range, limit, null)
  yield* table.writeMany(items.map(({ pk, sk }) => ({ remove: { pk: String(pk), sk: String(sk) } })))
  yield* optimisticRetry(noteOldest(table, userId))
  return items.length
})

/** What is written meanwhile raises the head, and is looked at again. */
const noteOldest = Effect.fnUntraced(function* (table: Table, userId: UserId): Effect.fn.Return<void, TableError> {
  const item = yield* table.get(headKey(userId))
  if (item === null) return
  const { items } = yield* table.page({ partition: feedOf(userId), ...prefixed("E#") }, 1, null)
  const oldestAt = (items[0]?.["toldAt"] as Instant | undefined) ?? null
  const head = toHead(userId, item)
  if (head.oldestAt === oldestAt) return
  yield* table.transact([{ put: headItem({ ...head, oldestAt }), condition: unchanged(item) }])
})
