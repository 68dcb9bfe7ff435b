/**
 * What goes by itself when its time is over: idempotency records and consent states.
 * Decides where such an item waits in the index and what a purge may remove: only what is still over when it is deleted.
 */
import type { Instant } from "@punctual/core"
import type { Accounts } from "@punctual/core/accounts"
import { Effect } from "effect"
import type { Table } from "../table/Table.ts"
import { shardOf, shards, sortable, timeToLiveAttribute } from "../table/TableDefinition.ts"
import { asPortError } from "./PortError.ts"

/** The attributes of an item under `pk` that is over at the instant. */
export const expiring = (pk: string, at: Instant) => ({
  ipk: `EXPIRY#${shardOf(pk)}`,
  isk: sortable(at),
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

const remove = (table: Table, keys: ReadonlyArray<{ readonly pk: string; readonly sk: string }>, now: Instant) =>
  Effect.forEach(keys, (key) => table.deleteIf(key, { expression: "isk <= :now", values: { ":now": sortable(now) } }), {
    concurrency: deletesAtOnce,
    discard: true
  })
