/**
 * An entry of the log as each answer shows it, and the parameters by which logs are read.
 * Decides members, names and limits; `handlers/ChangeView.ts` fills them.
 */
import { Effect, Schema, SchemaIssue, SchemaTransformation } from "effect"
import { type ChangeType, changeTypes } from "@punctual/core"
import { ScheduledBot } from "./BotSchemas.ts"
import { Cause, ForecastStatus } from "./DecisionSchemas.ts"
import { OpenObject } from "./Fields.ts"
import { Instant } from "./Time.ts"

const ChangedBot = Schema.Struct({ ...ScheduledBot.fields, start_time: Instant, end_time: Instant }).annotate({
  identifier: "ChangedBot"
})

const ChangedConnection = Schema.Struct({
  calendar_id: Schema.String,
  platform: Schema.String,
  status: Schema.Literals(["active", "reauthorization_required", "error", "disconnected"]),
  status_reason: Schema.NullOr(Schema.String),
  status_message: Schema.NullOr(Schema.String),
  user_email: Schema.NullOr(Schema.String),
  user_name: Schema.NullOr(Schema.String)
}).annotate({ identifier: "ChangedConnection" })

const BotChanged = Schema.Struct({ bot: ChangedBot, previous: OpenObject }).annotate({ identifier: "BotChanged" })

const ConnectionChanged = Schema.Struct({ connection: ChangedConnection, previous: OpenObject }).annotate({
  identifier: "ConnectionChanged"
})

const CalendarSynced = Schema.Struct({
  calendar_id: Schema.String,
  created: Schema.Int,
  updated: Schema.Int,
  deleted: Schema.Int
}).annotate({ identifier: "CalendarSynced" })

const CoverageChanged = Schema.Struct({
  status: ForecastStatus,
  causes: Schema.Array(Cause),
  calendar_id: Schema.String,
  start_time: Instant
}).annotate({ identifier: "CoverageChanged" })

const change = {
  id: Schema.String,
  /** Rises within a user. */
  sequence: Schema.Int,
  type: Schema.Literals(changeTypes),
  occurred_at: Instant,
  user_id: Schema.String,
  workspace_id: Schema.NullOr(Schema.String),
  event_id: Schema.NullOr(Schema.String),
  bot_id: Schema.NullOr(Schema.String),
  cause: Schema.Literals(["user", "calendar", "rule", "policy", "auto_schedule", "recurring", "launcher", "system"]),
  data: Schema.Union([BotChanged, ConnectionChanged, CalendarSynced, CoverageChanged])
}

const Change = Schema.Struct(change).annotate({ identifier: "Change" })

const TimelineEntry = Schema.Struct({ ...change, sentence: Schema.String }).annotate({ identifier: "TimelineEntry" })

export const ChangesAnswer = Schema.Struct({
  changes: Schema.Array(Change),
  /** Always there: whoever has read all asks again with it. */
  next: Schema.String,
  has_more: Schema.Boolean
}).annotate({ identifier: "ChangesAnswer" })

export const TimelineAnswer = Schema.Struct({
  entries: Schema.Array(TimelineEntry),
  next: Schema.NullOr(Schema.String),
  has_more: Schema.Boolean
}).annotate({ identifier: "TimelineAnswer" })

/** Each kind with all that begins like it: `bot.*`. */
const typesNamed = (name: string): ReadonlyArray<ChangeType> =>
  changeTypes.filter((type) => type === name || (name.endsWith(".*") && type.startsWith(name.slice(0, -1))))

/** Names parted by commas; none of them: all. */
export const TypesParameter = Schema.String.annotate({ examples: ["bot.*,calendar.synced"] }).pipe(
  Schema.decodeTo(
    Schema.NullOr(Schema.Array(Schema.Literals(changeTypes))),
    SchemaTransformation.transformEffect({
      decode: (text: string) => {
        if (text === "") return Effect.succeed(null)
        const names = text.split(",").map((name) => name.trim())
        const unknown = names.find((name) => typesNamed(name).length === 0)
        return unknown === undefined
          ? Effect.succeed(changeTypes.filter((type) => names.some((name) => typesNamed(name).includes(type))))
          : Effect.fail(new SchemaIssue.InvalidValue({ message: typesExpected }))
      },
      encode: (types: ReadonlyArray<ChangeType> | null) => Effect.succeed(types?.join(",") ?? "")
    })
  )
)

const kinds = [...new Set(changeTypes.map((type) => `${type.split(".", 1)[0]}.*`))]

const typesExpected = `Expected types parted by commas, of ${[...changeTypes, ...kinds].join(", ")}`

/** The longest that an answer is held for want of an entry. */
export const waitSecondsMax = 30

export const WaitParameter = Schema.String.annotate({ examples: ["25"] }).pipe(
  Schema.decodeTo(
    Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: waitSecondsMax })),
    SchemaTransformation.transformEffect({
      decode: (text: string) =>
        /^\d{1,2}$/.test(text) && Number(text) <= waitSecondsMax
          ? Effect.succeed(Number(text))
          : Effect.fail(
              new SchemaIssue.InvalidValue({ message: `Expected whole seconds from 0 to ${waitSecondsMax}` })
            ),
      encode: (seconds: number) => Effect.succeed(String(seconds))
    })
  )
)
