/**
 * Users' numbers, for claims of what was read ahead: of all users by one request, and one more for each hundred workspaces'
 * policies.
 * Decides nothing. A decision that is being carried out has raised its user's version already.
 */
import { type UserId, type UserNumbers, numbersOf } from "@punctual/core"
import { Effect } from "effect"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { policyKey, stateKey } from "./items/Keys.ts"
import { toWorkspace } from "./items/Workspace.ts"
import { heldState } from "./States.ts"

export const userNumbers = Effect.fnUntraced(function* (
  table: Table,
  userIds: ReadonlyArray<UserId>
): Effect.fn.Return<ReadonlyArray<UserNumbers>, TableError> {
  const users = [...new Set(userIds)]
  if (users.length === 0) return []
  const items = yield* table.getMany(users.map(stateKey))
  const states = users.map((userId, at) => heldState(userId, items[at]).state)
  const ids = [...new Set(states.flatMap(({ workspaceId }) => workspaceId ?? []))]
  const policies = ids.length === 0 ? [] : yield* table.getMany(ids.map(policyKey))
  const workspaces = new Map(ids.map((id, at) => [id, toWorkspace(id, policies[at] ?? null)]))
  const numbers = new Map(
    states.map((state) => {
      const workspace = state.workspaceId === null ? null : (workspaces.get(state.workspaceId) ?? null)
      return [state.userId, numbersOf({ ...state, workspace })] as const
    })
  )
  return userIds.map(
    (userId) => numbers.get(userId) ?? numbersOf({ ...heldState(userId, null).state, workspace: null })
  )
})
