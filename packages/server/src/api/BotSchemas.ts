/**
 * A bot as each answer shows it. Decides members and names; `handlers/BotView.ts` fills them.
 */
import { Schema } from "effect"
import { OpenObject } from "./Fields.ts"
import { Instant } from "./Time.ts"

const Status = Schema.Literals(["Scheduled", "Launching", "Launched", "Failed", "Cancelled"])

const Origin = Schema.Literals(["manual", "series", "recurring", "auto"])

/** What every bot shows, wherever it appears. */
const standing = {
  status: Status,
  /** A stable word for why it is where it is; null while nothing is to be explained. */
  status_reason: Schema.NullOr(Schema.String),
  /** The same for a person, with the bot service's own words where it gave some. */
  status_message: Schema.NullOr(Schema.String),
  scheduled_join_time: Instant,
  origin: Origin,
  /** The id at the bot service, once it has one. */
  external_id: Schema.NullOr(Schema.String)
}

const face = {
  /** The meeting platform's name. */
  platform: Schema.String,
  bot_username: Schema.String,
  is_scheduled: Schema.Boolean
}

/** In a list of events. */
export const EventBot = Schema.Struct({ id: Schema.String, subject: Schema.String, ...standing, ...face }).annotate({
  identifier: "EventBot"
})

/** In the list of scheduled bots. */
export const ScheduledBot = Schema.Struct({
  bot_id: Schema.String,
  subject: Schema.String,
  ...standing,
  ...face,
  event_id: Schema.String,
  meeting_link: Schema.String,
  custom_attributes: OpenObject,
  bot_config: OpenObject,
  created_at: Instant
}).annotate({ identifier: "ScheduledBot" })

/** One of the bots of a series. */
export const OccurrenceBot = Schema.Struct({
  bot_id: Schema.String,
  subject: Schema.String,
  event_id: Schema.String,
  scheduled_time: Instant,
  ...standing
}).annotate({ identifier: "OccurrenceBot" })

/** The answer to every request that schedules. */
export const ScheduleAnswer = Schema.Struct({
  scheduled: Schema.Literal(true),
  schedule_id: Schema.String,
  bot_id: Schema.String,
  /** The platform's key in lower case. */
  schedule_group: Schema.String,
  event_id: Schema.String,
  subject: Schema.String,
  /** Start less the lead; now, where that has passed. */
  scheduled_time: Instant,
  bot_config: OpenObject,
  is_recurring_occurrence: Schema.Boolean,
  ...standing,
  /** Only where a bot that auto-scheduling made was taken over. */
  overrides_auto_schedule: Schema.optionalKey(Schema.Boolean),
  /** With `schedule_all_occurrences`: what this request made, or took over from auto-scheduling. */
  bots: Schema.optionalKey(Schema.Array(OccurrenceBot)),
  scheduled_count: Schema.optionalKey(Schema.Int),
  skipped: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        event_id: Schema.String,
        start_time: Instant,
        reason: Schema.Literals(["event_cancelled", "no_meeting_link", "bot_already_scheduled", "blocked_by_policy"]),
        /** With `bot_already_scheduled`: which. */
        bot_id: Schema.optionalKey(Schema.String)
      })
    )
  )
}).annotate({ identifier: "ScheduleAnswer" })
