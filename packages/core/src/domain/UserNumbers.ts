/**
 * The state of a user in numbers: while none of them has changed, a decision made from it would be made again.
 *
 * Decides which numbers those are. Each stands for writes that raise it:
 *   version        every commit (intents, overrides, a pause of the user), every write of a connection (its generation, and
 *                  so a disconnect), a calendar that is selected or not, and joining a workspace
 *   mirrorNumber   every change of events or series
 *   policyNumber   every policy of the user's workspace (its rules, and its pause)
 * A bot has a number of its own, its revision.
 */
import type { WorkspaceId } from "./Ids.ts"
import type { Slice } from "./Slice.ts"

export interface UserNumbers {
  readonly version: number
  readonly mirrorNumber: number
  /** Null: of none. */
  readonly workspaceId: WorkspaceId | null
  /** 0: of no workspace, or of one without a policy. */
  readonly policyNumber: number
}

/** Those that a slice was read under. */
export const numbersOf = ({
  mirrorNumber,
  version,
  workspace
}: Pick<Slice, "version" | "mirrorNumber" | "workspace">): UserNumbers => ({
  version,
  mirrorNumber,
  workspaceId: workspace?.id ?? null,
  policyNumber: workspace?.policyNumber ?? 0
})

/** Whether nothing was written between the two that a decision could see. */
export const areSameNumbers = (one: UserNumbers, other: UserNumbers): boolean =>
  one.version === other.version &&
  one.mirrorNumber === other.mirrorNumber &&
  one.workspaceId === other.workspaceId &&
  one.policyNumber === other.policyNumber
