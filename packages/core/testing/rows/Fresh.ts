/**
 * Names that no other case of a suite has, since the cases share one adapter.
 *
 * Decides the form of those names. They differ from run to run, so that an adapter over a store that lives on can be
 * tested again; nothing that a case asserts depends on them.
 */
import { Effect, Random } from "effect"
import type { UserId, WorkspaceId } from "../../src/domain/Ids.ts"

/** Letters and digits that have not been drawn before. */
export const freshName: Effect.Effect<string> = Effect.map(
  Effect.all([Random.nextIntBetween(0, 2 ** 30), Random.nextIntBetween(0, 2 ** 30)]),
  ([a, b]) => `${a.toString(36)}${b.toString(36)}`
)

/** User ids hold no `-`. */
export const freshUserId: Effect.Effect<UserId> = Effect.map(freshName, (name) => `usr_${name}` as UserId)

export const freshWorkspaceId: Effect.Effect<WorkspaceId> = Effect.map(
  freshName,
  (name) => `wsp_${name}` as WorkspaceId
)
