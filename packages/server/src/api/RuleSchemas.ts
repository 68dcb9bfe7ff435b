/**
 * Rules as requests take them and answers tell them.
 *
 * Decides the members that the contract documents. What a request's list may hold is decided by the core (`parseRules`), which
 * says where it goes wrong, so a request's list is any JSON here; its form in the document is that of the answers.
 */
import { Schema } from "effect"
import { OpenObject } from "./Fields.ts"

const Texts = Schema.Array(Schema.String)

const Count = Schema.Struct({
  min: Schema.optionalKey(Schema.Int),
  max: Schema.optionalKey(Schema.Int)
}).annotate({ identifier: "RuleCount" })

const Hours = Schema.Struct({
  days: Schema.optionalKey(Schema.Array(Schema.Literals(["mo", "tu", "we", "th", "fr", "sa", "su"]))),
  from: Schema.optionalKey(Schema.String),
  to: Schema.optionalKey(Schema.String),
  time_zone: Schema.optionalKey(Schema.String)
}).annotate({ identifier: "RuleHours" })

const conditions = {
  subject_contains: Schema.optionalKey(Texts),
  location_contains: Schema.optionalKey(Texts),
  organizer: Schema.optionalKey(Schema.Array(Schema.Literals(["self", "internal", "external"]))),
  organizer_email: Schema.optionalKey(Texts),
  attendee_email: Schema.optionalKey(Texts),
  my_response: Schema.optionalKey(
    Schema.Array(Schema.Literals(["accepted", "tentative", "declined", "none", "organizer"]))
  ),
  people: Schema.optionalKey(Count),
  external_people: Schema.optionalKey(Count),
  sensitivity: Schema.optionalKey(Schema.Array(Schema.Literals(["normal", "personal", "private", "confidential"]))),
  show_as: Schema.optionalKey(Schema.Array(Schema.Literals(["free", "tentative", "busy", "oof", "working_elsewhere"]))),
  category: Schema.optionalKey(Texts),
  platform: Schema.optionalKey(Texts),
  calendar_id: Schema.optionalKey(Texts),
  all_day: Schema.optionalKey(Schema.Boolean),
  recurring: Schema.optionalKey(Schema.Boolean),
  minutes: Schema.optionalKey(Count),
  hours: Schema.optionalKey(Hours)
}

const Conditions = Schema.Struct(conditions).annotate({ identifier: "RuleConditions" })

const When = Schema.Struct({ ...conditions, not: Schema.optionalKey(Conditions) }).annotate({ identifier: "RuleWhen" })

export const Outcome = Schema.Literals(["join", "skip"])

const rule = {
  id: Schema.String,
  name: Schema.String,
  enabled: Schema.Boolean,
  when: When,
  then: Outcome,
  bot_config: Schema.NullOr(OpenObject)
}

export const JoinRule = Schema.Struct(rule).annotate({ identifier: "JoinRule" })

/** A workspace's. */
export const PolicyRule = Schema.Struct({ ...rule, locked: Schema.Boolean }).annotate({ identifier: "PolicyRule" })

/** A list in a request: documented as `listsOfRules` says. */
export const RulesField = Schema.Json.annotate({ identifier: "JoinRulesInput" })

export const PolicyRulesField = Schema.Json.annotate({ identifier: "PolicyRulesInput" })

/** Lists of requests in the document: their components, the rules they hold, and how many of them. */
export const listsOfRules = [
  { list: "JoinRulesInput", item: "JoinRuleInput", rule: "JoinRule" },
  { list: "PolicyRulesInput", item: "PolicyRuleInput", rule: "PolicyRule" }
] as const

/** What a rule of a request must have; the rest has a default. */
export const neededOfRules = ["name", "when", "then"] as const
