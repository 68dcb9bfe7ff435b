/**
 * Which workspace a user is of, as the host says.
 * Decides nothing: the store notes that the user was decided by no policy of it, and what spreads policies does the rest.
 */
import { Effect } from "effect"
import type { UserId, WorkspaceId } from "../../domain/Ids.ts"
import { Store } from "../../ports/Store.ts"

export const joinWorkspace = Effect.fn("Punctual.joinWorkspace")(function* (
  userId: UserId,
  workspaceId: WorkspaceId | null
) {
  const store = yield* Store
  yield* store.joinWorkspace(userId, workspaceId)
})
