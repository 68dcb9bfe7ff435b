/**
 * What another policy of their workspace would do to a user: loaded, told. Writes nothing.
 * Decides nothing: what it does is `decide/PolicyPreview.ts`.
 */
import { Clock, Effect } from "effect"
import { previewPolicy } from "../../decide/PolicyPreview.ts"
import type { Preview } from "../../decide/Preview.ts"
import type { UserId, WorkspaceId } from "../../domain/Ids.ts"
import { Refusal } from "../../domain/Refusal.ts"
import type { WorkspacePolicy } from "../../domain/Workspace.ts"
import { Store } from "../../ports/Store.ts"
import { connectionsOf } from "../account/OpenAccount.ts"
import type { Failure } from "../contract/Contract.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { judgedByRules } from "../scheduling/JudgeAnew.ts"

/** As if it had been written now, and had reached the user. Refused: `calendar_not_connected`. */
export const previewPolicyOf = Effect.fn("Punctual.previewPolicy")(function* (
  userId: UserId,
  workspaceId: WorkspaceId,
  policy: Omit<WorkspacePolicy, "updatedAt">
): Effect.fn.Return<Preview, Failure, Store> {
  yield* connectionsOf(userId)
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  const [intended, covered] = yield* judgedByRules(userId)
  const slices = [yield* store.slice(userId, intended, now), yield* store.slice(userId, covered, now)] as const
  const { policyNumber } = yield* store.workspace(workspaceId)
  const written = { id: workspaceId, policy: { ...policy, updatedAt: now }, policyNumber: policyNumber + 1 }
  const previewed = previewPolicy(slices, written, { policy: yield* CurrentPolicy, now, isWhole: false })
  return previewed instanceof Refusal ? yield* Effect.fail(previewed) : previewed
})
