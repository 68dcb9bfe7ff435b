/**
 * Policies as whoever runs the server reads and writes them: what the admin endpoints and the command line share.
 * Decides which workspaces there are: those that a user is of, and those that have a policy.
 */
import { Effect, Option } from "effect"
import { type Punctual, type StoreError, WorkspaceId, type WorkspacePolicy } from "@punctual/core"
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

/** A policy as it would be written, and whose. */
export interface PolicyRead {
  readonly workspaceId: WorkspaceId
  readonly policy: Omit<WorkspacePolicy, "updatedAt">
}

export const workspacePolicies = (
  punctual: Facade
): WorkspacePolicies<StoreError> & {
  /** What of a body `setPolicy` would write. */
  readonly read: (
    workspaceId: string,
    written: PolicyWritten
  ) => Effect.Effect<Option.Option<PolicyRead>, StoreError | InvalidRequest>
} => {
  const stateOf = Effect.fnUntraced(function* (id: string) {
    if (!WorkspaceId.is(id)) return Option.none()
    const state = yield* punctual.workspacePolicy(id)
    const isKnown = state.policyNumber > 0 || (yield* punctual.workspaceUsers(id, null, 1)).length > 0
    return isKnown ? Option.some(state) : Option.none()
  })
  const read = Effect.fnUntraced(function* (id: string, written: PolicyWritten) {
    const present = yield* stateOf(id)
    if (Option.isNone(present)) return Option.none()
    const policy = yield* policyFrom(id, written, present.value.policy)
    return Option.some({ workspaceId: present.value.id, policy })
  })
  return {
    read,
    policy: (id) => Effect.map(stateOf(id), Option.map(policyShown)),
    setPolicy: (id, written) =>
      Effect.flatMap(
        read(id, written),
        Option.match({
          onNone: () => Effect.succeedNone,
          onSome: ({ policy, workspaceId }) =>
            Effect.map(punctual.setWorkspacePolicy(workspaceId, policy), (state) => Option.some(policyShown(state)))
        })
      )
  }
}
