/**
 * Decisions that are larger than a transaction.
 *
 * Decides how one comes to be all or nothing all the same: its entries are written down first, where nobody looks; the
 * transaction that raises the version and writes the bots names them; from then on they hold, and whoever looks next at
 * the user's intents or decides about them carries them out first. Each part is carried out once, by a transaction that
 * removes it. Entries that were never named are left behind only by a crash, and go with the user.
 */
import type { UserId } from "@punctual/core"
import { Effect } from "effect"
import type { Item } from "../table/Item.ts"
import { allOf } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { type Entry, actionsOf, keyOf } from "./Entries.ts"
import { stateItem } from "./items/State.ts"
import { allOfKind, journalKey, stateKey } from "./items/Keys.ts"
import { gatheredConfigs } from "./items/SharedConfig.ts"
import { type HeldState, heldState, readState } from "./States.ts"
import { optimisticRetry, putIfUnchanged } from "./OptimisticRetry.ts"
import { puttingConfigs } from "./SharedConfigs.ts"
import { inRequests, itemsMax, unitsMax, unitsOf } from "./Requests.ts"

/** An item of 200 KB at most, of the 400 that it may have, and carried out in one transaction, where an entry may take two. */
const partMax = { items: itemsMax / 2, size: unitsMax }

/** Written, and not yet in force. */
export const writeDown = (
  table: Table,
  userId: UserId,
  id: string,
  entries: ReadonlyArray<Entry>
): Effect.Effect<void, TableError> => {
  const sized = entries.map((entry) => ({ entry, units: unitsOf(JSON.stringify(entry)) }))
  const parts = inRequests(sized, ({ units }) => units, partMax)
  return table.writeMany(
    parts.map((part, number) => ({
      put: { ...journalKey(userId, id, number), entries: JSON.stringify(part.map(({ entry }) => entry)) }
    }))
  )
}

/** What was written down and is never to be in force. */
export const forget = (table: Table, userId: UserId, id: string): Effect.Effect<void, TableError> =>
  Effect.flatMap(partsOf(table, userId, id), (parts) =>
    table.writeMany(parts.map(({ pk, sk }) => ({ remove: { pk: String(pk), sk: String(sk) } })))
  )

/** The state with nothing pending. What is being erased is left to go as it is. */
export const finish = Effect.fnUntraced(function* (
  table: Table,
  held: HeldState
): Effect.fn.Return<HeldState, TableError> {
  const { isErasing, pending, userId } = held.state
  if (pending === null || isErasing) return held
  for (const { sk } of yield* partsOf(table, userId, pending)) {
    yield* optimisticRetry(carryOut(table, userId, pending, String(sk)))
  }
  yield* optimisticRetry(
    Effect.gen(function* () {
      const { item, state } = yield* readState(table, userId)
      if (state.pending !== pending) return
      yield* putIfUnchanged(table, stateItem({ ...state, pending: null }), item)
    })
  )
  return yield* finish(table, yield* readState(table, userId))
})

const partsOf = (table: Table, userId: UserId, id: string): Effect.Effect<ReadonlyArray<Item>, TableError> =>
  allOf(table.page, allOfKind(userId, `LOG#${id}#`))

/** Another may do the same at the same moment: the part is gone then, or the decision over. */
const carryOut = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  pending: string,
  sk: string
): Effect.fn.Return<void, TableError> {
  const place = { pk: stateKey(userId).pk, sk }
  const [found = null, part = null] = yield* table.getMany([stateKey(userId), place])
  const { state } = heldState(userId, found)
  if (part === null || state.pending !== pending || state.isErasing) return
  const entries = JSON.parse(String(part["entries"])) as ReadonlyArray<Entry>
  const items = yield* table.getMany(entries.map((entry) => keyOf(userId, entry)))
  const known = new Map(entries.map((entry, at) => [entry, items[at] ?? null]))
  const configs = gatheredConfigs()
  const actions = actionsOf(userId, entries, (entry) => known.get(entry) ?? null, configs)
  const expression = "pending = :pending AND attribute_not_exists(isErasing)"
  const isPending = { expression, values: { ":pending": pending } }
  yield* table.transact([
    { check: stateKey(userId), condition: isPending },
    { remove: place, condition: { expression: "attribute_exists(pk)" } },
    ...actions,
    ...puttingConfigs(userId, [configs], [])
  ])
})
