/**
 * Entries of the log as part of the transaction that writes what they tell of.
 * Decides their numbers, by a head that each transaction which tells something raises. Two that do so at the same time are no
 * conflict: whoever comes second reads again and takes the next number.
 */
import type { NewChange, SharedConfigs, UserId, WorkspaceId } from "@punctual/core"
import { Clock, Effect } from "effect"
import type { Action } from "../table/Batches.ts"
import { type Item, unchanged } from "../table/Item.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { headKey, stateKey } from "./items/Keys.ts"
import { heldState } from "./States.ts"
import { type Head, entryItem, headItem, toHead } from "./items/Change.ts"

export interface Log {
  readonly userId: UserId
  /** As it was read. */
  readonly head: Item | null
  readonly workspaceId: WorkspaceId | null
}

/** For whoever finds out late that there is something to tell. */
export const logOf = (table: Table, userId: UserId): Effect.Effect<Log, TableError> =>
  Effect.map(table.getMany([headKey(userId), stateKey(userId)]), ([head = null, state = null]) => ({
    userId,
    head,
    workspaceId: heldState(userId, state).state.workspaceId
  }))

/** An action for each entry, and one for the head; none where there is nothing to tell. Gathers what entries refer to. */
export const appending = (
  { head: item, userId, workspaceId }: Log,
  changes: ReadonlyArray<NewChange>,
  configs?: SharedConfigs
): Effect.Effect<ReadonlyArray<Action>> =>
  changes.length === 0
    ? Effect.succeed([])
    : Effect.map(Clock.currentTimeMillis, (now) => {
        const before = toHead(userId, item)
        const toldAt = Math.max(before.toldAt, ...changes.map(({ occurredAt }) => Math.ceil(occurredAt)))
        const after: Head = {
          userId,
          sequence: before.sequence + changes.length,
          toldAt,
          writtenAt: Math.max(before.writtenAt, now),
          oldestAt: before.oldestAt ?? toldAt
        }
        return [
          { put: headItem(after), condition: unchanged(item) },
          ...changes.map((change, n) => ({
            put: entryItem(change, { ...after, sequence: before.sequence + 1 + n }, workspaceId, configs)
          }))
        ]
      })
