/**
 * A workspace's policy, between the HTTP contract and the core.
 * Decides what counts where a body leaves something out, and that domains are compared in lower case.
 */
import { Effect } from "effect"
import type { WorkspacePolicy } from "@punctual/core"
import type { InvalidRequest } from "../api/Problems.ts"
import type { PolicyAnswer, PolicyBody } from "../api/WorkspaceApi.ts"
import { rulesFrom } from "./RulesInput.ts"
import { ruleShown } from "./RuleView.ts"

export type PolicyWritten = typeof PolicyBody.Type
export type PolicyShown = typeof PolicyAnswer.Type

/** Whole: what is left out takes its default. */
export const policyFrom = (
  workspaceId: string,
  { bots_per_meeting, internal_domains, paused_until, rules }: PolicyWritten,
  present: WorkspacePolicy
): Effect.Effect<Omit<WorkspacePolicy, "updatedAt">, InvalidRequest> =>
  Effect.map(
    rulesFrom({ kind: "policy", owner: workspaceId, present: present.rules, json: rules === undefined ? [] : rules }),
    (parsed) => ({
      internalDomains: [...new Set((internal_domains ?? []).map((domain) => domain.toLowerCase()))],
      rules: parsed,
      botsPerMeeting: bots_per_meeting ?? "user",
      pausedUntil: paused_until ?? null
    })
  )

export const policyShown = ({
  pendingUsers,
  policy: { botsPerMeeting, internalDomains, pausedUntil, rules, updatedAt }
}: {
  readonly policy: WorkspacePolicy
  readonly pendingUsers: number
}): PolicyShown => ({
  internal_domains: internalDomains,
  rules: rules.map(ruleShown),
  bots_per_meeting: botsPerMeeting,
  paused_until: pausedUntil,
  updated_at: updatedAt,
  pending_users: pendingUsers
})
