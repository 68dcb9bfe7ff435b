/**
 * Whether the master keys at hand are those that a table's texts rest under.
 *
 * Decides by a text that whoever comes first seals for all after it: who can't open it has other keys, and would take what
 * others have sealed for broken. A host that brings a new key in front seals it anew, so that the former one can be
 * retired.
 */
import { Effect } from "effect"
import { type MasterKeys, type Place, seal, unseal } from "./Sealing.ts"
import { type Item, type Key, unchanged } from "../table/Item.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"

const at: Key = { pk: "MASTER-KEY", sk: "-" }
const place: Place = ["master key"]
const text = "punctual"

/** Somebody else may be first, and then it is theirs that has to open. */
const looksMax = 3

/** True: what rests in the table opens with these keys, or nothing rests there yet. */
export const isTableOfKeys = Effect.fnUntraced(function* (
  table: Table,
  keys: MasterKeys
): Effect.fn.Return<boolean, TableError> {
  const [first] = keys
  for (let looks = 0; looks < looksMax; looks++) {
    const known = yield* table.get(at)
    if (known !== null && !opens(keys, known)) return false
    if (known !== null && opens([first], known)) return true
    if (yield* table.putIf({ ...at, sealed: seal(keys, place, text) }, unchanged(known))) return true
  }
  return false
})

const opens = (keys: MasterKeys, item: Item): boolean => unseal(keys, place, item["sealed"] as Uint8Array) === text
