/**
 * Schemas of what a user asked for. Decide the shapes only: what an intent wants is decided in `decide/desired/Verdict.ts`.
 */
import { Schema } from "effect"
import type { AutoSchedule as AutoScheduleType, Intent as IntentType, Override as OverrideType } from "../Intent.ts"
import { BotConfig, BotOrigin } from "./Bot.ts"
import { describing } from "./Describing.ts"
import { MeetingKey, SeriesKey } from "./Ids.ts"
import { MeetingLink } from "./Meeting.ts"
import { JoinRule } from "./JoinRule.ts"
import { Instant, LocalDate, Span } from "./Time.ts"

const CallerHints = Schema.Struct({ link: Schema.NullOr(MeetingLink), span: Schema.NullOr(Span) })

export const Intent = describing<IntentType>()(
  Schema.Union([
    Schema.Struct({
      kind: Schema.Literal("event"),
      id: Schema.String,
      seq: Schema.Int,
      meeting: MeetingKey,
      origin: BotOrigin,
      config: BotConfig,
      hints: Schema.optionalKey(CallerHints)
    }),
    Schema.Struct({
      kind: Schema.Literal("series"),
      id: Schema.String,
      seq: Schema.Int,
      series: SeriesKey,
      fromDate: LocalDate,
      dateCount: Schema.Int,
      beforeDate: Schema.NullOr(LocalDate),
      config: BotConfig
    }),
    Schema.Struct({
      kind: Schema.Literal("recurring"),
      id: Schema.String,
      seq: Schema.Int,
      series: SeriesKey,
      fromDate: LocalDate,
      beforeDate: Schema.NullOr(LocalDate),
      config: BotConfig
    }),
    Schema.Struct({ kind: Schema.Literal("exclusion"), id: Schema.String, seq: Schema.Int, meeting: MeetingKey }),
    Schema.Struct({
      kind: Schema.Literal("series-exclusion"),
      id: Schema.String,
      seq: Schema.Int,
      series: SeriesKey,
      fromDate: LocalDate
    })
  ])
)

export const AutoSchedule = describing<AutoScheduleType>()(
  Schema.Struct({
    enabled: Schema.Boolean,
    seq: Schema.Int,
    config: BotConfig,
    rules: Schema.Array(JoinRule),
    otherwise: Schema.Literals(["join", "skip"]),
    coveredUntil: Schema.NullOr(Instant)
  })
)

export const Override = describing<OverrideType>()(
  Schema.Struct({
    meeting: MeetingKey,
    joinOffsetMillis: Schema.NullOr(Schema.Finite),
    botName: Schema.NullOr(Schema.String),
    customAttributes: Schema.NullOr(Schema.Record(Schema.String, Schema.Unknown)),
    config: Schema.NullOr(BotConfig)
  })
)
