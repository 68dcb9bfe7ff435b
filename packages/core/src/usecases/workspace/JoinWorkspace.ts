/**
 * Which workspace a user is of, as the host says.
 * Decides nothing but when: at once, by what holds there. Should that fail, what spreads policies does it where there is one;
 * where there is none, whoever asks again.
 */
import { Effect } from "effect"
import type { UserId, WorkspaceId } from "../../domain/Ids.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { decideByPolicy } from "./SpreadPolicy.ts"

export const joinWorkspace = Effect.fn("Punctual.joinWorkspace")(function* (
  userId: UserId,
  workspaceId: WorkspaceId | null
): Effect.fn.Return<void, StoreError, Scheduler | Store> {
  const store = yield* Store
  yield* store.joinWorkspace(userId, workspaceId)
  // Read after it was joined: a policy written since is a later one, and spreads.
  yield* decideByPolicy(userId, workspaceId === null ? null : yield* store.workspace(workspaceId))
})
