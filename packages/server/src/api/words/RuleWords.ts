/**
 * What rules carry, in requests and answers, and the settings around them: a user's and a workspace's.
 */
import type { Word, Words } from "./Word.ts"

const rules = [
  { id: "rule_01f7c5d2a9b34e8c6d1f", name: "No interviews", when: { subject_contains: ["interview"] }, then: "skip" }
]

const toldRules = rules.map((rule) => ({ ...rule, enabled: true, bot_config: null }))

/** Of each kind of rule, as it is sent and as it is told. */
const rule: Words = {
  id: {
    description: "The rule's id. Absent in a request: one is made; else it is one of the list that is replaced.",
    example: "rule_01f7c5d2a9b34e8c6d1f"
  },
  name: { description: "The rule's name for people: 1 to 80 characters.", example: "No interviews" },
  enabled: { description: "Whether the rule is asked. Default: true.", example: true },
  when: {
    description: "What a meeting must be: every member must match; of a list, one value. `{}` matches every meeting.",
    example: { external_people: { min: 1 }, not: { subject_contains: ["interview"] } }
  },
  then: { description: "What becomes of a meeting that matches: a bot joins it, or none does.", example: "skip" },
  bot_config: {
    description:
      "Merged over `default_bot_config` member by member where the rule joins; `null` removes a member. Null: the default " +
      "as it is, and always so where the rule skips.",
    example: null
  },
  locked: {
    description: "Whether nobody passes the rule, whoever asks; such a rule only skips. Default: false.",
    example: true
  }
}

const texts = (description: string, example: string): Word => ({ description, example: [example] })

/** Of `when`, and of `not` in it. */
const conditions: Words = {
  subject_contains: texts(
    "Texts, one of which stands in the subject as whole words, whatever their case: 1 to 50 of up to 200 characters.",
    "interview"
  ),
  location_contains: texts("The same of the location.", "Room 4"),
  organizer: texts("Who organizes: the user, somebody internal, or somebody external.", "external"),
  organizer_email: texts("Patterns of the organizer's address: `a@b.c`, `*@b.c` or `*@*.b.c`.", "*@fabrikam.com"),
  attendee_email: texts("The same for anybody in the meeting, the organizer too.", "*@*.fabrikam.com"),
  my_response: texts("What the user has answered to the invitation.", "accepted"),
  people: { description: "How many people there are, the user included: a count of people.", example: { min: 3 } },
  external_people: { description: "How many of them are not internal: a count of people.", example: { min: 1 } },
  sensitivity: texts("How private the event is.", "private"),
  show_as: texts("How the event's time is shown.", "busy"),
  category: texts("Categories of the event, whole, whatever their case.", "Customer"),
  platform: texts("Meeting services by their ids, such as `teams`, `zoom` or `google-meet`.", "teams"),
  calendar_id: texts("Calendars by their ids, ours or the provider's.", "AQMkADAwATM0MDAA"),
  all_day: { description: "Whether the event lasts whole days.", example: false },
  recurring: { description: "Whether the event is an occurrence of a series.", example: true },
  minutes: { description: "How long the event is: a count of minutes.", example: { min: 15 } },
  hours: {
    description: "When the event starts, by the clock on the wall.",
    example: { days: ["mo", "fr"], from: "09:00", to: "18:00" }
  }
}

const eachOf = (owners: ReadonlyArray<string>, words: Words): Words =>
  Object.fromEntries(owners.flatMap((owner) => Object.entries(words).map(([name, word]) => [`${owner}.${name}`, word])))

const otherwise = "What becomes of a meeting that no rule matches"

const domains = ["contoso.com"]

/** Of a policy as it is sent. */
const policyWords: Words = {
  internal_domains: {
    description:
      "Domains whose people are internal, with their subdomains: 200 at most. Default: none, and the user's own domain counts.",
    example: domains
  },
  rules: {
    description:
      "Rules for all users of the workspace, asked after their own; a locked one before. 100 at most, 128 KiB as JSON. " +
      "Default: none.",
    example: [{ name: "No interviews", when: { subject_contains: ["interview"] }, then: "skip", locked: true }]
  },
  bots_per_meeting: {
    description: "Whether each user has a bot of their own, or a meeting of several one in all. Default: `user`.",
    example: "user"
  },
  paused_until: {
    description: "Nothing of the workspace's users is launched before this: RFC 3339. Default: null, not paused.",
    example: "2026-04-09T08:00:00Z"
  },
  updated_at: {
    description: "Taken, so that an answer may be sent back, and not looked at: RFC 3339. Default: null.",
    example: null
  },
  pending_users: {
    description: "Taken, so that an answer may be sent back, and not looked at: a count. Default: none.",
    example: 0
  }
}

export const ruleWords: Words = {
  ...eachOf(["JoinRule", "JoinRuleInput", "PolicyRule", "PolicyRuleInput"], rule),
  ...eachOf(["RuleWhen", "RuleConditions"], conditions),
  not: {
    description: "Members as those beside it, which must not all match; without a `not` of its own.",
    example: { subject_contains: ["interview"] }
  },
  min: { description: "The least, inclusive: a whole number of people or minutes. Absent: any.", example: 1 },
  max: { description: "The most, inclusive: a whole number of people or minutes. Absent: any.", example: 50 },
  days: { description: "Days on which it holds. Absent: every day.", example: ["mo", "fr"] },
  from: { description: "From this time of day on, `HH:MM`. Absent: from midnight.", example: "09:00" },
  to: {
    description:
      "Until before this time of day, `HH:MM`; on the next day if it is earlier than `from`. Absent: midnight.",
    example: "18:00"
  },
  "RuleHours.time_zone": {
    description: "The IANA name of the zone. Absent: the calendar's.",
    example: "Europe/Berlin"
  },

  // ---- a user's
  "autoSchedule.enable.rules": {
    description:
      "The user's rules in order, the first that matches decides: 100 at most, 128 KiB as JSON. Default: the list before.",
    example: rules
  },
  "autoSchedule.preview.rules": { description: "As for enabling. Default: the rules that stand.", example: rules },
  "autoSchedule.rules.rules": {
    description:
      "The user's rules in order, the first that matches decides: 100 at most, 128 KiB as JSON. They replace the list.",
    example: rules
  },
  "autoSchedule.enable.otherwise": {
    description: `${otherwise}. Default: as before; at first \`join\`.`,
    example: "skip"
  },
  "autoSchedule.preview.otherwise": { description: `${otherwise}. Default: as it stands.`, example: "skip" },
  "autoSchedule.rules.otherwise": { description: `${otherwise}. Default: as before.`, example: "skip" },
  "autoSchedule.preview.default_bot_config": {
    description: "As for enabling. Default: the configuration that stands.",
    example: { bot_name: "My Meeting Bot", audio_required: true }
  },
  ...eachOf(["AutoScheduleSettings", "AutoScheduleSwitched", "AutoScheduleRules"], {
    rules: { description: "The user's rules in order, each with its id.", example: toldRules },
    otherwise: { description: `${otherwise}.`, example: "join" }
  }),
  covered_until: {
    description: "Meetings that start before this are decided: RFC 3339, UTC; null where it has never run.",
    example: "2026-04-09T15:00:00Z"
  },
  "AutoScheduleRules.changes": { description: "What the new rules did at once." },
  "AutoScheduleRules.changes.joins": { description: "How many bots were made: a count.", example: 2 },
  "AutoScheduleRules.changes.leaves": { description: "How many bots were cancelled: a count.", example: 1 },
  "AutoScheduleRules.changes.changes": { description: "How many bots got another configuration: a count.", example: 0 },

  // ---- a workspace's
  ...eachOf(["workspace.setPolicy", "workspace.previewPolicy"], policyWords),
  "WorkspacePolicy.internal_domains": {
    description: "Domains whose people are internal, with their subdomains; empty: the user's own domain counts.",
    example: domains
  },
  "WorkspacePolicy.rules": {
    description: "Rules for all users of the workspace, asked after their own; a locked one before.",
    example: toldRules.map((each) => ({ ...each, locked: true }))
  },
  "WorkspacePolicy.bots_per_meeting": {
    description: "Whether each user has a bot of their own, or a meeting of several one in all.",
    example: "user"
  },
  "WorkspacePolicy.paused_until": {
    description: "Nothing of the workspace's users is launched before this: RFC 3339, UTC; null: not paused.",
    example: null
  },
  "WorkspacePolicy.updated_at": {
    description: "When the policy was last written: RFC 3339, UTC; null: never.",
    example: "2026-04-08T15:00:00Z"
  },
  "WorkspacePolicy.pending_users": {
    description: "How many users are still decided by the policy before: a count, 10,000 at most; 0: it is in force.",
    example: 0
  }
}
