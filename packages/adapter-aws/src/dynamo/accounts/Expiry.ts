/**
 * What goes by itself when its time is over: idempotency records, consent states, and keys a while after they were revoked.
 * Decides where such an item waits in the index and what a purge may remove: only what is still over when it is deleted.
 */
import type { Instant } from "@punctual/core"
import type { Accounts } from "@punctual/core/accounts"
import { Effect } from "effect"
import type { Key } from "../table/Item.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { shardOf, shards, sortable, timeToLiveAttribute } from "../table/TableDefinition.ts"
import { asPortError } from "./PortError.ts"

/** Where an item under `pk` that is over at the instant waits for a purge. */
export const waiting = (pk: string, at: Instant) => ({ ipk: `EXPIRY#${shardOf(pk)}`, isk: sortable(at) })

/** The same of one that the table may also remove by itself. */
export const expiring = (pk: string, at: Instant) => ({
  ...waiting(pk, at),
  [timeToLiveAttribute]: Math.ceil(Math.max(0, at) / 1000)
})

export const purge =
  (table: Table): Accounts["Service"]["purge"] =>
  (now) =>
    Effect.forEach(
      Array.from({ length: shards }, (_, shard) => `EXPIRY#${shard}`),
      (ipk) => Effect.andThen(table.due(ipk, sortable(now)), (keys) => remove(table, keys, now)),
      { concurrency: shardsAtOnce, discard: true }
    ).pipe(asPortError("purge"))

const shardsAtOnce = 4
const deletesAtOnce = 8

const remove = (table: Table, keys: ReadonlyArray<Key>, now: Instant) =>
  Effect.forEach(
    keys,
    (key) =>
      Effect.andThen(
        forgetPointer(table, key),
        table.deleteIf(key, { expression: "isk <= :now", values: { ":now": sortable(now) } })
      ),
    { concurrency: deletesAtOnce, discard: true }
  )

/** What finds an API key by its digest goes before the key itself, and leads nowhere by then: the key was revoked. */
const forgetPointer = Effect.fnUntraced(function* (table: Table, key: Key): Effect.fn.Return<void, TableError> {
  if (!key.pk.startsWith(keysOf(""))) return
  const digest = (yield* table.get(key))?.["digest"] as string | undefined
  if (digest !== undefined) yield* table.deleteIf(pointerKey(digest), null)
})

/** The partition of a user's API keys. */
export const keysOf = (userId: string): string => `KEYS#${userId}`

export const pointerKey = (digest: string): Key => ({ pk: `KEY#${digest}`, sk: "-" })
