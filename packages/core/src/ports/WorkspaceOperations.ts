/**
 * What a store does about workspaces: one of the groups of `StoreOperations.ts`.
 * Decides the types alone.
 */
import type { Effect } from "effect"
import type { UserId, WorkspaceId } from "../domain/Ids.ts"
import type { Workspace, WorkspacePolicy } from "../domain/Workspace.ts"
import type { StoreError } from "./StoreError.ts"

type Result<A> = Effect.Effect<A, StoreError>

/** Which users belong together, and the policy that holds for them. */
export interface WorkspaceOperations {
  /**
   * Notes which workspace a user is of; null: of none. Where that is another than before it raises the user's version, and
   * notes the user as decided by no policy of it.
   */
  readonly joinWorkspace: (userId: UserId, workspaceId: WorkspaceId | null) => Result<void>
  /** With number 0 and no policy where none was written. */
  readonly workspace: (workspaceId: WorkspaceId) => Result<Workspace>
  /** Written if its number is still `expected`, under the next one; the workspace is then spreading. */
  readonly savePolicy: (workspaceId: WorkspaceId, policy: WorkspacePolicy, expected: number) => Result<Workspace>
  /** Users of a workspace, by id. */
  readonly workspaceUsers: (
    workspaceId: WorkspaceId,
    after: UserId | null,
    limit: number
  ) => Result<ReadonlyArray<UserId>>
  /** Those of them who were last decided by a policy of a lower number than its own. */
  readonly pendingUsers: (
    workspaceId: WorkspaceId,
    after: UserId | null,
    limit: number
  ) => Result<ReadonlyArray<UserId>>
  /** The user was decided by this policy; one of a lower number changes nothing, and one of a workspace that was left neither. */
  readonly notePolicy: (userId: UserId, workspace: Pick<Workspace, "id" | "policyNumber">) => Result<void>
  /** Workspaces with a policy that was written, or that somebody joined, since all of their users were decided by it. */
  readonly spreading: (limit: number) => Result<ReadonlyArray<Workspace>>
  /** Ends that, unless the number is another or a user has joined since. */
  readonly finishSpreading: (workspace: Pick<Workspace, "id" | "policyNumber">) => Result<void>
}
