/**
 * What random histories do to workspaces.
 * Decides the operations. What is noted of a user is what somebody may have been decided by: numbers that policies have had.
 */
import { Effect } from "effect"
import * as fc from "fast-check"
import type { WorkspaceId } from "../../src/domain/Ids.ts"
import { workspacePolicy } from "../rows/Workspace.ts"
import { type Shape, type Step, step } from "./Step.ts"
import { inAnyOrder, instant, user, users } from "./Universe.ts"

const workspaces = ["wsp_1", "wsp_2"] as unknown as ReadonlyArray<WorkspaceId>
const workspace = fc.constantFrom(...workspaces)
const policy = fc.record({ pausedUntil: fc.option(instant) }).map(workspacePolicy)
const isStale = fc.constantFrom(false, false, false, true)

export const workspaceWriting: ReadonlyArray<fc.Arbitrary<Step>> = [
  step("joinWorkspace", fc.tuple(user, fc.option(workspace)), (store, given) => store.joinWorkspace(...given)),
  step("savePolicy", fc.tuple(workspace, policy, isStale), (store, [id, written, isBehind]) =>
    Effect.flatMap(store.workspace(id), ({ policyNumber }) =>
      store.savePolicy(id, written, isBehind ? policyNumber + 1 : policyNumber)
    )
  ),
  step("notePolicy", fc.tuple(user, workspace, fc.nat(3)), (store, [of, id, policyNumber]) =>
    store.notePolicy(of, { id, policyNumber })
  ),
  step("finishSpreading", fc.tuple(workspace, isStale), (store, [id, isBehind]) =>
    Effect.flatMap(store.workspace(id), ({ policyNumber }) =>
      store.finishSpreading({ id, policyNumber: isBehind ? policyNumber - 1 : policyNumber })
    )
  )
]

const listsOf = (store: Shape, id: WorkspaceId) =>
  Effect.all([store.workspace(id), store.workspaceUsers(id, null, 9), store.pendingUsers(id, null, 9)])

export const workspaceReading: ReadonlyArray<fc.Arbitrary<Step>> = [
  step("page of users", fc.tuple(workspace, user, fc.integer({ min: 1, max: 2 })), (store, given) =>
    Effect.all([store.workspaceUsers(...given), store.pendingUsers(...given)])
  ),
  step("workspace", workspace, listsOf)
]

export const everythingOfWorkspaces: Step = {
  toString: () => "everything of workspaces",
  run: (store) =>
    Effect.all([
      Effect.forEach(workspaces, (id) => listsOf(store, id)),
      Effect.map(store.spreading(users.length), inAnyOrder)
    ])
}
