/**
 * What is decided about a meeting, as each answer tells it: in a list, in a preview, in an explanation.
 * Decides members and names; `handlers/DecisionView.ts` fills them.
 */
import { Schema } from "effect"
import { OpenObject } from "./Fields.ts"
import { Outcome } from "./RuleSchemas.ts"
import { Instant } from "./Time.ts"

/** Why a meeting is joined, or not. */
const Code = Schema.Literals([
  "asked_by_hand",
  "series",
  "recurring",
  "joined_by_rule",
  "joined_by_default",
  "calendar_not_connected",
  "event_cancelled",
  "no_meeting_link",
  "event_ended",
  "blocked_by_policy",
  "removed_by_user",
  "all_day",
  "declined_by_user",
  "skipped_by_rule",
  "skipped_by_default",
  "not_asked",
  "beyond_coverage",
  "satisfied"
])

/** The code, and the rule that decided. */
const reason = {
  code: Code,
  rule_id: Schema.NullOr(Schema.String),
  rule_name: Schema.NullOr(Schema.String)
}

/** With a row of events. */
export const Decision = Schema.Struct({ outcome: Outcome, ...reason }).annotate({ identifier: "Decision" })

const previewed = {
  event_id: Schema.String,
  subject: Schema.String,
  start_time: Instant,
  bot_id: Schema.NullOr(Schema.String),
  ...reason
}

const PreviewRow = Schema.Struct(previewed).annotate({ identifier: "PreviewRow" })

export const PreviewAnswer = Schema.Struct({
  joins: Schema.Array(PreviewRow),
  leaves: Schema.Array(PreviewRow),
  changes: Schema.Array(PreviewRow),
  stays: Schema.Int,
  skipped: Schema.Array(PreviewRow),
  until: Instant,
  truncated: Schema.optionalKey(Schema.Literal(true))
}).annotate({ identifier: "PreviewAnswer" })

const counted = { joins: Schema.Int, leaves: Schema.Int, changes: Schema.Int, stays: Schema.Int }

const PolicyPreviewRow = Schema.Struct({ user_id: Schema.String, ...previewed }).annotate({
  identifier: "PolicyPreviewRow"
})

/** For the operator: a page of a workspace's users, how many of each one's meetings, and which. */
export const PolicyPreviewAnswer = Schema.Struct({
  summary: Schema.Struct(counted).annotate({ identifier: "PolicyPreviewSummary" }),
  users: Schema.Array(
    Schema.Struct({ user_id: Schema.String, ...counted }).annotate({ identifier: "PolicyPreviewOfUser" })
  ),
  joins: Schema.Array(PolicyPreviewRow),
  leaves: Schema.Array(PolicyPreviewRow),
  changes: Schema.Array(PolicyPreviewRow),
  next: Schema.NullOr(Schema.String),
  truncated: Schema.optionalKey(Schema.Literal(true))
}).annotate({ identifier: "PolicyPreviewAnswer" })

const Step = Schema.Struct({
  rule: Schema.String,
  passed: Schema.Boolean,
  field: Schema.String,
  value: Schema.Json,
  /** Of the last step alone. */
  code: Schema.NullOr(Code),
  rule_id: Schema.NullOr(Schema.String),
  rule_name: Schema.NullOr(Schema.String)
}).annotate({ identifier: "DecisionStep" })

export const ExplanationAnswer = Schema.Struct({
  event_id: Schema.String,
  will_join: Schema.Boolean,
  join_time: Schema.NullOr(Instant),
  bot_id: Schema.NullOr(Schema.String),
  origin: Schema.NullOr(Schema.Literals(["manual", "series", "recurring", "auto"])),
  outcome: Outcome,
  ...reason,
  sentence: Schema.String,
  effective_bot_config: Schema.NullOr(OpenObject),
  steps: Schema.Array(Step)
}).annotate({ identifier: "ExplanationAnswer" })

/** What becomes of the coming meetings of one user, or of many: counts. */
export const ForecastSummary = Schema.Struct({
  covered: Schema.Int,
  at_risk: Schema.Int,
  uncovered: Schema.Int,
  not_wanted: Schema.Int
}).annotate({ identifier: "ForecastSummary" })

export const Cause = Schema.Literals([
  "reauthorization_required",
  "client_secret_expired",
  "notifications_lost",
  "sync_failing",
  "launcher_not_configured",
  "launcher_failing",
  "platform_not_supported",
  "paused",
  "bot_failed"
])

export const ForecastStatus = Schema.Literals(["covered", "at_risk", "uncovered"])

export const ForecastAnswer = Schema.Struct({
  meetings: Schema.Array(
    Schema.Struct({
      event_id: Schema.String,
      subject: Schema.String,
      start_time: Instant,
      status: ForecastStatus,
      causes: Schema.Array(Cause)
    })
  ),
  summary: ForecastSummary,
  until: Instant,
  truncated: Schema.optionalKey(Schema.Literal(true))
}).annotate({ identifier: "ForecastAnswer" })

/** For the operator: a page of users, each with the causes that were met. */
export const ForecastOfUsers = Schema.Struct({
  summary: ForecastSummary,
  users: Schema.Array(
    Schema.Struct({
      user_id: Schema.String,
      workspace_id: Schema.String,
      summary: ForecastSummary,
      causes: Schema.Array(Cause)
    })
  ),
  until: Instant,
  next: Schema.NullOr(Schema.String)
}).annotate({ identifier: "ForecastOfUsers" })
