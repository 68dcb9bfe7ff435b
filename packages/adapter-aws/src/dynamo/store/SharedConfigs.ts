/**
 * Configurations that rows share: read for whoever gives rows, written with rows that come to refer to one, and removed.
 *
 * Decides that none goes which something refers to. A transaction in which a row comes to refer to one writes it, also if it is
 * there: so whoever has read it before, and has found nothing that refers to it, finds another writer and leaves it. It is not
 * written where a row of the transaction goes on referring to it, which holds only while that row is as it was read: whoever
 * looks sees that row, before and after. That another row gives it up in the same transaction is no reason: a transaction
 * may be seen in parts.
 */
import type { Bot, SharedConfigs, UserId } from "@punctual/core"
import { Effect } from "effect"
import { type Action, chunksOf } from "../table/Batches.ts"
import { type Item, unchanged } from "../table/Item.ts"
import type { Range } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { toBot } from "./items/Bot.ts"
import { configKey, configsOf, feedOf, ofConfig, ownerIn, partitionOf } from "./items/Keys.ts"
import { type ConfigOf, configItem, digestsIn, toConfig } from "./items/SharedConfig.ts"
import { changedMeanwhile } from "./OptimisticRetry.ts"

/**
 * What the items refer to, each read and parsed once; nothing is asked where none refers to any. One that went meanwhile went
 * with what referred to it: a false condition, so that whoever asks reads again.
 */
export const configsIn = Effect.fnUntraced(function* (
  table: Table,
  items: ReadonlyArray<Item>
): Effect.fn.Return<ConfigOf, TableError> {
  const keys = items.flatMap((item) => digestsIn(item).map((digest) => configKey(ownerIn(item["pk"]), digest)))
  const distinct = [...new Map(keys.map((key) => [JSON.stringify([key.pk, key.sk]), key])).values()]
  const found = distinct.length === 0 ? [] : yield* table.getMany(distinct)
  if (found.includes(null)) return yield* Effect.fail(changedMeanwhile)
  // Two users' are told apart by nothing here: equal digests are of equal configurations.
  const configs = new Map(found.flatMap((item) => (item === null ? [] : [[item["digest"], toConfig(item)] as const])))
  return (digest) => configs.get(digest) ?? null
})

export const wholeBots = (table: Table, items: ReadonlyArray<Item>): Effect.Effect<ReadonlyArray<Bot>, TableError> =>
  Effect.map(configsIn(table, items), (configOf) => items.map((item) => toBot(item, configOf)))

/** A row as it was read and must be, and as it is written. */
interface Rewritten {
  readonly known: Item | null
  readonly put: Item
}

/** What a transaction writes besides rows, so that they may refer to what was gathered. */
export const puttingConfigs = (
  userId: UserId,
  gathered: ReadonlyArray<SharedConfigs>,
  rows: ReadonlyArray<Rewritten>
): ReadonlyArray<Action> => {
  const kept = new Set(rows.flatMap(({ known, put }) => (known?.["config"] === put["config"] ? [put["config"]] : [])))
  const all = new Map(gathered.flatMap(({ found }) => [...found]))
  return [...all].flatMap(([digest, config]) => (kept.has(digest) ? [] : [{ put: configItem(userId, digest, config) }]))
}

/** Looked at by one request. */
const pageSize = 20

const atOnce = 8

/** Removes a user's that nothing refers to any more, at most about so many, and counts them. */
export const removeUnusedConfigs = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  limit: number
): Effect.fn.Return<number, TableError> {
  let gone = 0
  for (let after: string | null = null, isOver = false; !isOver && gone < limit;) {
    const items: ReadonlyArray<Item> = yield* table.partition(configsOf(userId), after, pageSize)
    for (const part of chunksOf(items, limit - gone)) {
      const removed = yield* Effect.forEach(part, (item) => removeUnused(table, userId, item), { concurrency: atOnce })
      gone += removed.filter((isRemoved) => isRemoved).length
    }
    after = String(items.at(-1)?.["sk"])
    isOver = items.length < pageSize
  }
  return gone
})

const removeUnused = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  item: Item
): Effect.fn.Return<boolean, TableError> {
  const digest = String(item["digest"])
  const place = ofConfig(digest)
  const own = { low: place, high: place, isKeysOnly: true }
  const ranges: ReadonlyArray<Range> = [
    { ...own, index: "by_calendar", partition: partitionOf(userId) },
    { ...own, index: "by_calendar", partition: feedOf(userId) },
    { ...own, index: "by_series", partition: feedOf(userId) }
  ]
  for (const range of ranges) if ((yield* table.page(range, 1, null)).items.length > 0) return false
  yield* table.deleteIf(configKey(userId, digest), unchanged(item))
  return true
})
