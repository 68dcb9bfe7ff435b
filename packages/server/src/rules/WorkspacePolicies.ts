/**
 * Policies as whoever runs the server reads and writes them: what the admin endpoints and the command line share.
 * Decides which workspaces there are: those that a user is of, and those that have a policy.
 */
import { Effect, Option } from "effect"
import { type Punctual, type StoreError, WorkspaceId } from "@punctual/core"
import type { InvalidRequest } from "../api/Problems.ts"
import { type PolicyShown, type PolicyWritten, policyFrom, policyShown } from "./PolicyInput.ts"

type Facade = Pick<Punctual["Service"], "workspacePolicy" | "workspaceUsers" | "setWorkspacePolicy">

export interface WorkspacePolicies<E> {
  /** None: no such workspace; likewise below. */
  readonly policy: (workspaceId: string) => Effect.Effect<Option.Option<PolicyShown>, E>
  readonly setPolicy: (
    workspaceId: string,
    written: PolicyWritten
  ) => Effect.Effect<Option.Option<PolicyShown>, E | InvalidRequest>
}

export const workspacePolicies = (punctual: Facade): WorkspacePolicies<StoreError> => {
  const stateOf = Effect.fnUntraced(function* (id: string) {
    if (!WorkspaceId.is(id)) return Option.none()
    const state = yield* punctual.workspacePolicy(id)
    const isKnown = state.policyNumber > 0 || (yield* punctual.workspaceUsers(id, null, 1)).length > 0
    return isKnown ? Option.some(state) : Option.none()
  })
  return {
    policy: (id) => Effect.map(stateOf(id), Option.map(policyShown)),
    setPolicy: Effect.fnUntraced(function* (id, written) {
      const present = yield* stateOf(id)
      if (Option.isNone(present)) return Option.none()
      const policy = yield* policyFrom(id, written, present.value.policy)
      return Option.some(policyShown(yield* punctual.setWorkspacePolicy(present.value.id, policy)))
    })
  }
}
