/**
 * Rules, and a workspace's policy, for tests.
 * Decides default members: a rule that says something in each of its members, and a policy with rules of both kinds.
 */
import type { CalendarId } from "../../src/domain/Ids.ts"
import type { JoinRule, PolicyRule } from "../../src/domain/JoinRule.ts"
import type { WorkspacePolicy } from "../../src/domain/Workspace.ts"
import { now } from "./Present.ts"

export const joinRule = (members: Partial<JoinRule> = {}): JoinRule => ({
  id: "rule_1",
  name: "Customers, not interviews",
  enabled: true,
  when: {
    subject_contains: ["demo", "Präsentation \u{1f4c5}"],
    location_contains: ["Zoom"],
    organizer: ["self", "internal"],
    organizer_email: ["*@*.example.com"],
    attendee_email: ["ada@example.com"],
    my_response: ["accepted", "none"],
    people: { min: 2 },
    external_people: { min: 1, max: 9 },
    sensitivity: ["normal"],
    show_as: ["busy", "working_elsewhere"],
    category: ["Red category"],
    platform: ["zoom"],
    calendar_id: ["cal_1" as CalendarId],
    all_day: false,
    recurring: true,
    minutes: { max: 240 },
    hours: { days: ["mo", "fr"], from: "22:00", to: "06:00", time_zone: "Europe/Berlin" },
    not: { subject_contains: ["interview"], hours: {} }
  },
  then: "join",
  bot_config: { bot_name: "Notes", nested: { list: [1, null, "two"] } },
  ...members
})

/** One that nobody passes. */
export const policyRule = (members: Partial<PolicyRule> = {}): PolicyRule => ({
  ...joinRule({ id: "rule_locked", name: "Confidential", when: { sensitivity: ["confidential"] } }),
  then: "skip",
  bot_config: null,
  locked: true,
  ...members
})

export const workspacePolicy = (members: Partial<WorkspacePolicy> = {}): WorkspacePolicy => ({
  internalDomains: ["example.com"],
  rules: [policyRule(), policyRule({ ...joinRule(), locked: false })],
  botsPerMeeting: "workspace",
  pausedUntil: now,
  updatedAt: now,
  ...members
})
