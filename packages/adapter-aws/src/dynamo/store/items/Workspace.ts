/**
 * A workspace as items: its policy, whether everybody was decided by that, and its users.
 * Decides which list it stands in: those whose policy is still on its way.
 */
import { type UserId, type Workspace, type WorkspaceId, type WorkspacePolicy, noPolicy } from "@punctual/core"
import { randomUUID } from "node:crypto"
import type { Item, Key } from "../../table/Item.ts"
import { fit, inShard, memberKey, memberPrefix, policyKey, spreadKey, unfit, workspacePrefix } from "./Keys.ts"

/** With a writer's name of its own, as below. */
export const policyItem = ({ id, policy, policyNumber }: Workspace): Item & Key => ({
  ...policyKey(id),
  writer: randomUUID(),
  policyNumber,
  policy: JSON.stringify(policy)
})

export const toWorkspace = (id: WorkspaceId, item: Item | null): Workspace =>
  item === null
    ? { id, policy: noPolicy, policyNumber: 0 }
    : {
        id,
        policy: JSON.parse(item["policy"] as string) as WorkspacePolicy,
        policyNumber: item["policyNumber"] as number
      }

/** How far a policy has come; there is none of a workspace that has no policy. */
export interface Spread {
  readonly policyNumber: number
  readonly isSpreading: boolean
}

/** In `by_work`. */
export const spreadingList = "SPREADING"

export const spreadItem = ({ id, isSpreading, policyNumber }: Spread & { readonly id: WorkspaceId }): Item & Key => ({
  ...spreadKey(id),
  writer: randomUUID(),
  policyNumber,
  isSpreading,
  ...(isSpreading ? { wpk: inShard(spreadingList, id), wsk: fit(id) } : {})
})

export const toSpread = (item: Item): Spread => ({
  policyNumber: item["policyNumber"] as number,
  isSpreading: item["isSpreading"] === true
})

export const workspaceIn = (item: Item): WorkspaceId =>
  unfit(String(item["pk"]).slice(workspacePrefix.length)) as WorkspaceId

/** Of a user who was decided by no policy of the workspace yet. */
export const memberItem = (id: WorkspaceId, userId: UserId): Item & Key => ({
  ...memberKey(id, userId),
  policyNumber: 0
})

export const toMember = (item: Item): UserId => unfit(String(item["sk"]).slice(memberPrefix.length)) as UserId

export const decidedBefore =
  (policyNumber: number) =>
  (item: Item): boolean =>
    (item["policyNumber"] as number) < policyNumber
