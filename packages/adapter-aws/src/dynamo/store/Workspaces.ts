/**
 * Workspaces: who is of which, the policy that holds there, and whom it has not reached yet.
 *
 * Decides when a policy has reached everybody. Never judges by one. A workspace is a partition of its own, with an item for
 * each of its users, so that the list of them is consistent: whoever joined a moment ago is found. Whether all of them were
 * decided stands in an item beside the policy, which is small: whoever joins writes it as well.
 */
import { Conflict, type UserId, type Workspace, type WorkspaceId, type WorkspacePolicy } from "@punctual/core"
import { Effect } from "effect"
import type { Action } from "../table/Batches.ts"
import { type Item, unchanged } from "../table/Item.ts"
import { type Range, merged, prefixed } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import {
  everyShard,
  memberKey,
  memberPrefix,
  policyKey,
  spreadKey,
  stateKey,
  workspacePartition
} from "./items/Keys.ts"
import { stateItem } from "./items/State.ts"
import {
  type Spread,
  decidedBefore,
  memberItem,
  policyItem,
  spreadItem,
  spreadingList,
  toMember,
  toSpread,
  toWorkspace,
  workspaceIn
} from "./items/Workspace.ts"
import { heldState, verified } from "./States.ts"
import { optimisticRetry, putIfUnchanged } from "./OptimisticRetry.ts"

export const joinWorkspace = (
  table: Table,
  userId: UserId,
  workspaceId: WorkspaceId | null
): Effect.Effect<void, TableError> =>
  optimisticRetry(
    Effect.gen(function* () {
      const [found = null, spread = null] = yield* table.getMany([
        stateKey(userId),
        ...(workspaceId === null ? [] : [spreadKey(workspaceId)])
      ])
      const { item, state } = heldState(userId, found)
      if (state.workspaceId === workspaceId) return
      yield* table.transact([
        { put: stateItem({ ...state, version: state.version + 1, workspaceId }), condition: unchanged(item) },
        ...(state.workspaceId === null ? [] : [{ remove: memberKey(state.workspaceId, userId) }]),
        ...(workspaceId === null ? [] : [{ put: memberItem(workspaceId, userId) }, reopened(workspaceId, spread)])
      ])
    })
  )

/** Users who join at the same time don't stand in each other's way: only another policy does, or the first one. */
const reopened = (id: WorkspaceId, item: Item | null): Action => {
  if (item === null) return { check: spreadKey(id), condition: unchanged(null) }
  const { policyNumber } = toSpread(item)
  const condition = { expression: "policyNumber = :number", values: { ":number": policyNumber } }
  return { put: spreadItem({ id, policyNumber, isSpreading: true }), condition }
}

export const workspace = (table: Table, id: WorkspaceId): Effect.Effect<Workspace, TableError> =>
  Effect.map(table.get(policyKey(id)), (item) => toWorkspace(id, item))

export const savePolicy = (
  table: Table,
  id: WorkspaceId,
  policy: WorkspacePolicy,
  expected: number
): Effect.Effect<Workspace, TableError | Conflict> =>
  optimisticRetry(
    Effect.gen(function* () {
      const item = yield* table.get(policyKey(id))
      if (toWorkspace(id, item).policyNumber !== expected) return yield* new Conflict()
      const written: Workspace = { id, policy, policyNumber: expected + 1 }
      yield* table.transact([
        { put: policyItem(written), condition: unchanged(item) },
        { put: spreadItem({ id, policyNumber: written.policyNumber, isSpreading: true }) }
      ])
      return written
    })
  )

export const workspaceUsers = (
  table: Table,
  id: WorkspaceId,
  after: UserId | null,
  limit: number
): Effect.Effect<ReadonlyArray<UserId>, TableError> => usersOf(table, id, after, limit, () => true)

export const pendingUsers = Effect.fnUntraced(function* (
  table: Table,
  id: WorkspaceId,
  after: UserId | null,
  limit: number
): Effect.fn.Return<ReadonlyArray<UserId>, TableError> {
  const item = yield* table.get(spreadKey(id))
  return item === null ? [] : yield* usersOf(table, id, after, limit, decidedBefore(toSpread(item).policyNumber))
})

/** A page of their own number is enough where all are meant; where few are left, the rest is walked through in large ones. */
const usersOf = Effect.fnUntraced(function* (
  table: Table,
  id: WorkspaceId,
  after: UserId | null,
  limit: number,
  isMeant: (item: Item) => boolean
): Effect.fn.Return<ReadonlyArray<UserId>, TableError> {
  const range: Range = {
    partition: workspacePartition(id),
    ...prefixed(memberPrefix),
    ...(after === null ? {} : { low: `${memberKey(id, after).sk}\0` })
  }
  const users: Array<UserId> = []
  let from: Item | null = null
  let size = limit
  do {
    const page: Effect.Success<ReturnType<Table["page"]>> = yield* table.page(range, size, from)
    users.push(...page.items.filter(isMeant).map(toMember))
    from = page.next
    size = usersAtOnce
  } while (from !== null && users.length < limit)
  return users.slice(0, limit)
})

const usersAtOnce = 1_000

/** Whoever has left a workspace has no item in it any more, which the condition then misses. */
export const notePolicy = (
  table: Table,
  userId: UserId,
  { id, policyNumber }: Pick<Workspace, "id" | "policyNumber">
): Effect.Effect<void, TableError> =>
  Effect.asVoid(
    table.updateIf(memberKey(id, userId), "policyNumber = :number", {
      expression: "policyNumber < :number",
      values: { ":number": policyNumber }
    })
  )

/** Few are at any time. */
export const spreading = (table: Table, limit: number): Effect.Effect<ReadonlyArray<Workspace>, TableError> =>
  verified(
    table,
    merged(table.page, everyShard("by_work", spreadingList, {}), (item) => String(item["pk"]), pageSize),
    limit,
    Effect.fnUntraced(function* (items) {
      const ids = items.filter((item) => toSpread(item).isSpreading).map(workspaceIn)
      const policies = yield* table.getMany(ids.map(policyKey))
      return ids.map((id, at) => toWorkspace(id, policies[at] ?? null))
    })
  )

const pageSize = 100

/** One item says both what is asked: a policy that is written or a user who joins meanwhile is met by the condition. */
export const finishSpreading = (
  table: Table,
  { id, policyNumber }: Pick<Workspace, "id" | "policyNumber">
): Effect.Effect<void, TableError> =>
  optimisticRetry(
    Effect.gen(function* () {
      const item = yield* table.get(spreadKey(id))
      if (item === null) return
      const spread: Spread = toSpread(item)
      if (!spread.isSpreading || spread.policyNumber !== policyNumber) return
      if ((yield* usersOf(table, id, null, 1, decidedBefore(policyNumber))).length > 0) return
      yield* putIfUnchanged(table, spreadItem({ id, policyNumber, isSpreading: false }), item)
    })
  )
