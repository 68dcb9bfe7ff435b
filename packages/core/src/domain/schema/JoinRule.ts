/**
 * Schemas of rules as they are stored. Decide the shapes only: what people send becomes a rule in `rules/ParseRules.ts`.
 */
import { Schema } from "effect"
import { type Platform, platformNames } from "../../links/index.ts"
import type { JoinRule as JoinRuleType } from "../JoinRule.ts"
import { BotConfig } from "./Bot.ts"
import { describing } from "./Describing.ts"
import { CalendarId } from "./Ids.ts"

// `Object.keys` forgets which keys a record has; this one's are the platforms.
const platforms = Object.keys(platformNames) as ReadonlyArray<Platform>

const Texts = Schema.Array(Schema.String)
const Count = Schema.Struct({ min: Schema.optionalKey(Schema.Int), max: Schema.optionalKey(Schema.Int) })

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
  platform: Schema.optionalKey(Schema.Array(Schema.Literals(platforms))),
  calendar_id: Schema.optionalKey(Schema.Array(CalendarId)),
  all_day: Schema.optionalKey(Schema.Boolean),
  recurring: Schema.optionalKey(Schema.Boolean),
  minutes: Schema.optionalKey(Count),
  hours: Schema.optionalKey(
    Schema.Struct({
      days: Schema.optionalKey(Schema.Array(Schema.Literals(["mo", "tu", "we", "th", "fr", "sa", "su"]))),
      from: Schema.optionalKey(Schema.String),
      to: Schema.optionalKey(Schema.String),
      time_zone: Schema.optionalKey(Schema.String)
    })
  )
}

export const JoinRule = describing<JoinRuleType>()(
  Schema.Struct({
    id: Schema.String,
    name: Schema.String,
    enabled: Schema.Boolean,
    when: Schema.Struct({ ...conditions, not: Schema.optionalKey(Schema.Struct(conditions)) }),
    then: Schema.Literals(["join", "skip"]),
    bot_config: Schema.NullOr(BotConfig)
  })
)
