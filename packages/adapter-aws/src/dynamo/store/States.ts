/**
 * Users' states, read.
 * Decides that a user never seen has an empty one. Asking for it leaves no trace.
 */
import type { UserId } from "@punctual/core"
import { Effect } from "effect"
import type { Item, Key } from "../table/Item.ts"
import { type Cursor, type Range, merged } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { type State, emptyState, toState } from "./items/State.ts"
import { everyShard, fit, stateKey } from "./items/Keys.ts"

export interface HeldState {
  readonly item: Item | null
  readonly state: State
}

export const heldState = (userId: UserId, item: Item | null | undefined): HeldState => ({
  item: item ?? null,
  state: item === null || item === undefined ? emptyState(userId) : toState(item)
})

export const readState = (table: Table, userId: UserId): Effect.Effect<HeldState, TableError> =>
  Effect.map(table.get(stateKey(userId)), (item) => heldState(userId, item))

/** Users of a list in their order, after `after`. */
export const usersIn = (
  table: Table,
  index: "by_instant" | "by_work" | "by_standing",
  list: string,
  after: UserId | null
): Effect.Effect<Cursor> => {
  const bounds: Pick<Range, "low"> = after === null ? {} : { low: `${fit(after)}\0` }
  return merged(table.page, everyShard(index, list, bounds), (item) => String(item["pk"]), pageSize)
}

/** Of each shard; few are read beyond what is asked for. */
const pageSize = 100

/** At once. */
const rowsMax = 100

/**
 * What an index leads to, in its order, as its row says it is now: up to `limit` that `keep` lets through.
 */
export const verified = Effect.fnUntraced(function* <A>(
  table: Table,
  begin: Effect.Effect<Cursor>,
  limit: number,
  keep: (items: ReadonlyArray<Item>) => Effect.Effect<ReadonlyArray<A>, TableError>
): Effect.fn.Return<ReadonlyArray<A>, TableError> {
  const cursor = yield* begin
  const kept: Array<A> = []
  for (let isOver = false; !isOver && kept.length < limit;) {
    const keys: Array<Key> = []
    while (keys.length < Math.min(rowsMax, limit - kept.length)) {
      const found = yield* cursor.next
      isOver = found === null
      if (found === null) break
      keys.push({ pk: String(found["pk"]), sk: String(found["sk"]) })
    }
    const items = yield* table.getMany(keys)
    kept.push(...(yield* keep(items.filter((item) => item !== null))))
  }
  return kept.slice(0, limit)
})
