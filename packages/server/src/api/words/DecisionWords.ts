/**
 * What answers carry about decisions: why a meeting has a bot or none, what other settings would do, and what endangers bots.
 */
import type { Words } from "./Word.ts"

const ruleId = "rule_01f7c5d2a9b34e8c6d1f"

const forecastTimeMax = {
  description:
    "Meetings that start before this instant: RFC 3339 with any offset, or a date, which begins at midnight UTC; 366 days " +
    "ahead at most. Default: in 24 hours.",
  example: "2026-04-09T00:00:00Z"
}

const pausedUntil = {
  description: "Nothing of the user's is launched before this: RFC 3339, UTC; null: not paused.",
  example: null
}

const causes = {
  description:
    "What endangers the bot: `reauthorization_required`, `client_secret_expired`, `notifications_lost`, `sync_failing`, " +
    "`launcher_not_configured`, `launcher_failing`, `platform_not_supported`, `paused`, `bot_failed`.",
  example: ["launcher_not_configured"]
}

export const decisionWords: Words = {
  explain: {
    description: "Whether each event tells what is decided about it (`will_join`, `decision`).",
    default: "false",
    example: "true"
  },
  "events.explanation.event_id": { description: "The id of the event.", example: "evt_k3v8n2p5q9r1s4t7" },
  "launchesAhead.forecast.time_max": forecastTimeMax,
  "overview.forecast.time_max": forecastTimeMax,
  "overview.forecast.workspace_id": {
    description: "The workspace whose users are told. Default: the users of all.",
    example: "wsp_contoso"
  },
  "launchesAhead.pause.until": {
    description: "Until when nothing is launched: RFC 3339 with any offset; it must lie ahead.",
    example: "2026-04-09T08:00:00Z"
  },
  "PauseAnswer.paused_until": pausedUntil,
  "ConnectionAnswer.paused_until": pausedUntil,

  // ---- one meeting
  "ExplanationAnswer.event_id": { description: "The id of the event.", example: "evt_k3v8n2p5q9r1s4t7" },
  "PreviewRow.event_id": { description: "The id of the event.", example: "evt_k3v8n2p5q9r1s4t7" },
  "ForecastAnswer.event_id": { description: "The id of the event.", example: "evt_k3v8n2p5q9r1s4t7" },
  will_join: { description: "Whether a bot joins, as things stand.", example: false },
  decision: { description: "With `explain`: what is decided about the meeting, and why." },
  outcome: { description: "`join`: a bot joins; `skip`: none does.", example: "skip" },
  code: { description: "A stable word for why.", example: "skipped_by_rule" },
  "DecisionStep.code": {
    description: "Of the last step the decision's code; null of the others.",
    example: "skipped_by_rule"
  },
  rule_id: { description: "The id of the rule that said so; null where none did.", example: ruleId },
  rule_name: { description: "The name of that rule; null where none said so.", example: "No interviews" },
  "ExplanationAnswer.bot_id": {
    description: "The bot that there is, or that has been there where the code is `satisfied`; null: none.",
    example: null
  },
  "PreviewRow.bot_id": { description: "The bot that there is; null: none.", example: null },
  join_time: {
    description: "When the bot joins: RFC 3339, UTC; null where none does.",
    example: null
  },
  "ExplanationAnswer.origin": {
    description: "Who asks for the bot: `manual`, `series`, `recurring` or `auto`; null where there is none.",
    example: null
  },
  sentence: {
    description: "The decision in a sentence for the meeting's owner.",
    example: "No bot: your rule “No interviews” skips it."
  },
  effective_bot_config: {
    description: "The configuration of the bot that joins, with everything merged over it; null where none does.",
    example: null
  },
  steps: { description: "What was asked about the meeting, in order; the last step decided." },
  rule: {
    description:
      "What was asked: `connection`, `calendar`, `cancelled`, `link`, `time`, `lock`, `exclusion`, `intent`, `all-day`, " +
      "`declined`, `rule`, `otherwise`, `earlier-bot`, `auto` or `join-time`.",
    example: "rule"
  },
  passed: { description: "Whether the meeting got through it: a rule that skips stops it.", example: false },
  field: { description: "What of the meeting was looked at.", example: "subject_contains" },
  "DecisionStep.value": { description: "What stood there; null where nothing did.", example: "Interview with Kim" },

  // ---- a preview
  joins: { description: "Meetings that would get a bot, by start: 500 at most." },
  leaves: { description: "Meetings that would lose theirs, by start: 500 at most." },
  changes: { description: "Meetings whose bot would have another configuration, by start: 500 at most." },
  stays: { description: "How many bots of auto-scheduling would stay as they are: a count.", example: 4 },
  "PreviewAnswer.skipped": {
    description: "Meetings with a link that auto-scheduling looks at and would not join, by start: 500 at most."
  },
  "PreviewAnswer.until": {
    description: "Meetings that start before this would be decided: RFC 3339, UTC.",
    example: "2026-04-09T15:00:00Z"
  },
  truncated: { description: "There, and true, only where a list is longer than it is shown." },

  // ---- a preview of a policy
  ...Object.fromEntries(
    ["PolicyPreviewSummary", "PolicyPreviewOfUser"].flatMap((owner) => [
      [`${owner}.joins`, { description: "How many meetings would get a bot: a count.", example: 1 }],
      [`${owner}.leaves`, { description: "How many would lose theirs: a count.", example: 2 }],
      [`${owner}.changes`, { description: "How many would have it with another configuration: a count.", example: 0 }]
    ])
  ),
  "PolicyPreviewAnswer.summary": { description: "How many meetings of these users there are of each kind." },
  "PolicyPreviewAnswer.users": { description: "The users of this page who have connected a calendar, by id." },
  "PolicyPreviewAnswer.leaves": {
    description: "Meetings that would lose theirs, also a bot that is in its meeting: 500 at most."
  },
  "PolicyPreviewRow.event_id": { description: "The id of the event.", example: "evt_k3v8n2p5q9r1s4t7" },
  "PolicyPreviewRow.bot_id": { description: "The bot that there is; null: none.", example: null },
  "PolicyPreviewAnswer.next": {
    description: "What to pass as `after` for the next page; null on the last one.",
    example: "usr_4f1c0a9be2d75a3c6e8f"
  },

  // ---- a forecast
  meetings: { description: "Meetings that should have a bot, by start: 500 at most." },
  "ForecastAnswer.status": {
    description: "Whether the bot will be there: `covered`, `at_risk` or `uncovered`.",
    example: "uncovered"
  },
  causes,
  "ForecastAnswer.summary": { description: "How many meetings there are of each kind." },
  "ForecastOfUsers.summary": { description: "How many meetings of these users there are of each kind." },
  "ForecastOfUsers.users.summary": { description: "How many meetings of the user there are of each kind." },
  covered: { description: "How many meetings have, or get, their bot, with nothing against it: a count.", example: 12 },
  at_risk: { description: "How many have one, with something that may keep it away: a count.", example: 1 },
  uncovered: { description: "How many should have one and will not, as things stand: a count.", example: 1 },
  not_wanted: { description: "How many with a link should have none: a count.", example: 3 },
  "ForecastAnswer.until": {
    description: "Meetings that start before this are told: RFC 3339, UTC.",
    example: "2026-04-09T15:00:00Z"
  },
  "ForecastOfUsers.until": {
    description: "Meetings that start before this are counted: RFC 3339, UTC.",
    example: "2026-04-09T15:00:00Z"
  },
  "ForecastOfUsers.users": { description: "The users of this page who have connected a calendar, by id." },
  "ForecastOfUsers.next": {
    description: "What to pass as `after` for the next page; null on the last one.",
    example: "usr_4f1c0a9be2d75a3c6e8f"
  }
}
