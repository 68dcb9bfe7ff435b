/**
 * Workspaces in the in-memory store: who is of which, the policy that holds there, and whom it has not reached yet.
 * Decides when a policy has reached everybody. Never judges by one.
 */
import { Result } from "effect"
import type { UserId, WorkspaceId } from "../../../src/domain/Ids.ts"
import { type Workspace, type WorkspacePolicy, noPolicy } from "../../../src/domain/Workspace.ts"
import { Conflict } from "../../../src/ports/Store.ts"
import { type Tenant, type Tenants, tenantFor, tenantOf, usersAfter } from "./Tenant.ts"

interface Held {
  readonly workspace: Workspace
  readonly isSpreading: boolean
}

/** They are nobody's state: they stand beside the tenants of the store that they belong to. */
const beside = new WeakMap<Tenants, Map<WorkspaceId, Held>>()

const heldBy = (tenants: Tenants): Map<WorkspaceId, Held> => {
  const held = beside.get(tenants) ?? new Map<WorkspaceId, Held>()
  beside.set(tenants, held)
  return held
}

export const workspace = (tenants: Tenants, id: WorkspaceId): Workspace =>
  heldBy(tenants).get(id)?.workspace ?? { id, policy: noPolicy, policyNumber: 0 }

/** The workspace of a user, for a slice. */
export const workspaceOf = (tenants: Tenants, { workspaceId }: Tenant): Workspace | null =>
  workspaceId === null ? null : workspace(tenants, workspaceId)

export const joinWorkspace = (tenants: Tenants, userId: UserId, workspaceId: WorkspaceId | null): void => {
  if (tenantOf(tenants, userId).workspaceId === workspaceId) return
  const tenant = tenantFor(tenants, userId)
  tenant.version += 1
  tenant.workspaceId = workspaceId
  tenant.policyNumber = 0
  const held = workspaceId === null ? undefined : heldBy(tenants).get(workspaceId)
  if (held !== undefined) heldBy(tenants).set(held.workspace.id, { ...held, isSpreading: true })
}

export const savePolicy = (
  tenants: Tenants,
  id: WorkspaceId,
  policy: WorkspacePolicy,
  expected: number
): Result.Result<Workspace, Conflict> => {
  if (workspace(tenants, id).policyNumber !== expected) return Result.fail(new Conflict())
  const written: Workspace = { id, policy, policyNumber: expected + 1 }
  heldBy(tenants).set(id, { workspace: written, isSpreading: true })
  return Result.succeed(written)
}

export const workspaceUsers = (
  tenants: Tenants,
  id: WorkspaceId,
  after: UserId | null,
  limit: number
): ReadonlyArray<UserId> => usersOf(tenants, id, after, limit, () => true)

export const pendingUsers = (
  tenants: Tenants,
  id: WorkspaceId,
  after: UserId | null,
  limit: number
): ReadonlyArray<UserId> => {
  const { policyNumber } = workspace(tenants, id)
  return usersOf(tenants, id, after, limit, (tenant) => tenant.policyNumber < policyNumber)
}

const usersOf = (
  tenants: Tenants,
  id: WorkspaceId,
  after: UserId | null,
  limit: number,
  isMeant: (tenant: Tenant) => boolean
): ReadonlyArray<UserId> =>
  usersAfter(tenants, after)
    .filter((tenant) => tenant.workspaceId === id && isMeant(tenant))
    .slice(0, limit)
    .map(({ userId }) => userId)

export const notePolicy = (
  tenants: Tenants,
  userId: UserId,
  { id, policyNumber }: Pick<Workspace, "id" | "policyNumber">
): void => {
  const tenant = tenantOf(tenants, userId)
  if (tenant.workspaceId === id) tenant.policyNumber = Math.max(tenant.policyNumber, policyNumber)
}

export const spreading = (tenants: Tenants, limit: number): ReadonlyArray<Workspace> =>
  [...heldBy(tenants).values()]
    .filter(({ isSpreading }) => isSpreading)
    .slice(0, limit)
    .map((held) => held.workspace)

export const finishSpreading = (
  tenants: Tenants,
  { id, policyNumber }: Pick<Workspace, "id" | "policyNumber">
): void => {
  const held = heldBy(tenants).get(id)
  if (held === undefined || held.workspace.policyNumber !== policyNumber) return
  if (pendingUsers(tenants, id, null, 1).length === 0) heldBy(tenants).set(id, { ...held, isSpreading: false })
}
