/**
 * What one write of the mirror changed, as an item that is kept: how somebody follows the mirror.
 * Decides that it is found by the number it raised the mirror to, and by when the latest of its events was told.
 */
import type { EventId, Instant, UserId } from "@punctual/core"
import type { Item, Key } from "../../table/Item.ts"
import { sortable } from "../../table/TableDefinition.ts"
import { ordered, prunedKey, updateKey } from "./Keys.ts"

export interface Update {
  readonly mirrorNumber: number
  /** Events; some may have changed again since, under another number. */
  readonly ids: ReadonlyArray<EventId>
  readonly at: Instant
}

export const updateItem = (userId: UserId, { at, ids, mirrorNumber }: Update): Item & Key => ({
  ...updateKey(userId, mirrorNumber),
  mirrorNumber,
  ids,
  at,
  atTime: `${ordered(at)}#${sortable(mirrorNumber)}`
})

export const toUpdate = (item: Item): Update => ({
  mirrorNumber: item["mirrorNumber"] as number,
  ids: item["ids"] as ReadonlyArray<EventId>,
  at: item["at"] as Instant
})

/** How far what is past was forgotten. */
export interface Pruned {
  /** Of the tombstones that went, the greatest number and the latest time; null: none did. */
  readonly tombstones: { readonly mirrorNumber: number; readonly at: Instant } | null
  /** Events that ended before have lost the provider's own item; null: none have. */
  readonly itemsFrom: Instant | null
}

export const prunedItem = (userId: UserId, { itemsFrom, tombstones }: Pruned, writer: string): Item & Key => ({
  ...prunedKey(userId),
  writer,
  mirrorNumber: tombstones?.mirrorNumber,
  at: tombstones?.at,
  itemsFrom: itemsFrom ?? undefined
})

export const toPruned = (item: Item | null): Pruned => {
  const mirrorNumber = item?.["mirrorNumber"] as number | undefined
  return {
    tombstones: mirrorNumber === undefined ? null : { mirrorNumber, at: item?.["at"] as Instant },
    itemsFrom: (item?.["itemsFrom"] as Instant | undefined) ?? null
  }
}
