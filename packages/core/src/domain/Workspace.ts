/**
 * What an administrator decides for all users of a workspace.
 * Shapes alone. How a policy is judged by is in `decide/desired/Judge.ts`, how it reaches the users in
 * `usecases/workspace/SpreadPolicy.ts`.
 */
import type { WorkspaceId } from "./Ids.ts"
import type { PolicyRule } from "./JoinRule.ts"
import type { Instant } from "./Time.ts"

export interface WorkspacePolicy {
  /** Domains, in lower case, whose people are internal, with their subdomains; none: the user's own domain is asked. */
  readonly internalDomains: ReadonlyArray<string>
  /** Locked ones hold for everybody, the others for what a user's own rules leave open. */
  readonly rules: ReadonlyArray<PolicyRule>
  /** `workspace`: users who are in the same meeting have one bot. */
  readonly botsPerMeeting: "user" | "workspace"
  /** Nothing of its users is launched until then; null: not paused. */
  readonly pausedUntil: Instant | null
  /** When it was last written; null: never. */
  readonly updatedAt: Instant | null
}

/** The workspace that a user is of, with the policy that is in force there. */
export interface Workspace {
  readonly id: WorkspaceId
  readonly policy: WorkspacePolicy
  /** Raised by each write of the policy; 0: there was none. What a user was decided by is noted under it. */
  readonly policyNumber: number
}

/** Of a workspace that nobody has written a policy for. */
export const noPolicy: WorkspacePolicy = {
  internalDomains: [],
  rules: [],
  botsPerMeeting: "user",
  pausedUntil: null,
  updatedAt: null
}
