/**
 * Examples of rules, previews, explanations, forecasts and policies, beside those of `Examples.ts`.
 */

const eventId = "evt_k3v8n2p5q9r1s4t7"
const userId = "usr_4f1c0a9be2d75a3c6e8f"
const noInterviews = "rule_01f7c5d2a9b34e8c6d1f"
const customers = "rule_9a4b7c2d5e8f01a3b6c9"

const botConfig = { bot_name: "My Meeting Bot", audio_required: true, video_required: false }

const sentRules = [
  { name: "No interviews", when: { subject_contains: ["interview"] }, then: "skip" },
  {
    name: "Customer calls",
    when: { external_people: { min: 1 }, organizer: ["self", "internal"] },
    then: "join",
    bot_config: { bot_name: "Acme Notes" }
  }
]

export const exampleRules = [
  { id: noInterviews, enabled: true, bot_config: null, ...sentRules[0] },
  { id: customers, enabled: true, ...sentRules[1] }
]

const skipped = { code: "skipped_by_rule", rule_id: noInterviews, rule_name: "No interviews" }

const row = {
  event_id: eventId,
  subject: "Call with Fabrikam",
  start_time: "2026-04-08T15:00:00Z",
  bot_id: null,
  code: "joined_by_rule",
  rule_id: customers,
  rule_name: "Customer calls"
}

const preview = {
  joins: [row],
  leaves: [{ ...row, subject: "Interview with Kim", bot_id: "bot_01jq3v8n2pk3v8n2p5q9r1s4t7", ...skipped }],
  changes: [],
  stays: 4,
  skipped: [{ ...row, subject: "Interview with Kim", ...skipped }],
  until: "2026-04-09T15:00:00Z"
}

const summary = { covered: 12, at_risk: 0, uncovered: 1, not_wanted: 3 }

const policyRule = {
  id: noInterviews,
  name: "No interviews",
  enabled: true,
  when: { subject_contains: ["interview"] },
  then: "skip",
  bot_config: null,
  locked: true
}

const policy = {
  internal_domains: ["contoso.com"],
  rules: [policyRule],
  bots_per_meeting: "user",
  paused_until: null,
  updated_at: "2026-04-08T15:00:00Z",
  pending_users: 0
}

const policySent = {
  internal_domains: ["contoso.com"],
  rules: [{ name: "No interviews", when: { subject_contains: ["interview"] }, then: "skip", locked: true }]
}

const policyCounts = { joins: 0, leaves: 1, changes: 0, stays: 4 }

export const ruleExamples = {
  "autoSchedule.rules": {
    request: { rules: sentRules, otherwise: "skip" },
    response: { rules: exampleRules, otherwise: "skip", changes: { joins: 1, leaves: 1, changes: 0 } }
  },
  "autoSchedule.preview": { request: { default_bot_config: botConfig, rules: sentRules }, response: preview },
  "events.explanation": {
    response: {
      event_id: eventId,
      will_join: false,
      join_time: null,
      bot_id: null,
      origin: null,
      outcome: "skip",
      ...skipped,
      sentence: "No bot: your rule “No interviews” skips it.",
      effective_bot_config: null,
      steps: [
        {
          rule: "link",
          passed: true,
          field: "meeting_url",
          value: "teams",
          code: null,
          rule_id: null,
          rule_name: null
        },
        { rule: "rule", passed: false, field: "subject_contains", value: "Interview with Kim", ...skipped }
      ]
    }
  },
  "launchesAhead.pause": {
    request: { until: "2026-04-09T08:00:00Z" },
    response: { paused_until: "2026-04-09T08:00:00Z" }
  },
  "launchesAhead.resume": { response: { paused_until: null } },
  "launchesAhead.forecast": {
    response: {
      meetings: [
        {
          event_id: eventId,
          subject: "Call with Fabrikam",
          start_time: "2026-04-08T15:00:00Z",
          status: "uncovered",
          causes: ["platform_not_supported"]
        }
      ],
      summary,
      until: "2026-04-09T15:00:00Z"
    }
  },
  "overview.forecast": {
    response: {
      summary,
      users: [{ user_id: userId, workspace_id: "wsp_acme", summary, causes: ["platform_not_supported"] }],
      until: "2026-04-09T15:00:00Z",
      next: null
    }
  },
  "workspace.policy": { response: policy },
  "workspace.setPolicy": { request: policySent, response: policy },
  "workspace.previewPolicy": {
    request: policySent,
    response: {
      summary: policyCounts,
      users: [{ user_id: userId, ...policyCounts }],
      joins: [],
      leaves: [
        {
          user_id: userId,
          ...row,
          subject: "Interview with Kim",
          bot_id: "bot_01jq3v8n2pk3v8n2p5q9r1s4t7",
          ...skipped,
          code: "blocked_by_policy"
        }
      ],
      changes: [],
      next: null
    }
  }
}
