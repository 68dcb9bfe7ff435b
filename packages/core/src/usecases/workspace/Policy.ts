/**
 * A workspace's policy, read and written.
 * Decides nothing about bots: a policy that was written spreads (`SpreadPolicy.ts`).
 */
import { Clock, Duration, Effect, Schedule } from "effect"
import type { UserId, WorkspaceId } from "../../domain/Ids.ts"
import type { Workspace, WorkspacePolicy } from "../../domain/Workspace.ts"
import { type Contention, isConflict, retryOnConflict } from "../../ports/RetryOnConflict.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import type { UserShares } from "../account/UserShares.ts"
import { spreadPolicy } from "./SpreadPolicy.ts"

export interface WorkspaceState extends Workspace {
  /** Users who are still decided by a policy from before, at most `pendingUsersMax` of them. */
  readonly pendingUsers: number
}

/** A workspace's users are counted so far. */
export const pendingUsersMax = 10_000

/** Whoever writes a policy waits so long for it to spread; the rest goes on in the background. */
const spreadMillisMax = 2_000

/** Administrators who write at the same time. */
const contention: Contention = {
  isConflict,
  attemptsMax: 10,
  pauses: Schedule.spaced(Duration.millis(20))
}

export const workspacePolicy = Effect.fn("Punctual.workspacePolicy")(function* (
  id: WorkspaceId
): Effect.fn.Return<WorkspaceState, StoreError, Store> {
  const store = yield* Store
  const workspace = yield* store.workspace(id)
  const pending = yield* store.pendingUsers(id, null, pendingUsersMax)
  return { ...workspace, pendingUsers: pending.length }
})

/** Replaces the policy, and begins to bring its users to a new decision. */
export const setWorkspacePolicy = Effect.fn("Punctual.setWorkspacePolicy")(function* (
  id: WorkspaceId,
  policy: Omit<WorkspacePolicy, "updatedAt">
): Effect.fn.Return<WorkspaceState, StoreError, Scheduler | Store | UserShares> {
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  const written = yield* retryOnConflict(
    Effect.flatMap(store.workspace(id), ({ policyNumber }) =>
      store.savePolicy(id, { ...policy, updatedAt: now }, policyNumber)
    ),
    contention
  )
  yield* spreadPolicy(written, now + spreadMillisMax)
  return yield* workspacePolicy(id)
})

/** Users of a workspace, by id, after `after`. */
export const workspaceUsers = Effect.fn("Punctual.workspaceUsers")(function* (
  id: WorkspaceId,
  after: UserId | null,
  limit: number
): Effect.fn.Return<ReadonlyArray<UserId>, StoreError, Store> {
  return yield* (yield* Store).workspaceUsers(id, after, limit)
})
