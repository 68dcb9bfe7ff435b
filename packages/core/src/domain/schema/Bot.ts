/**
 * Schema of the durable record of one attendance. Decides its shape only: which status may follow which is the launch
 * protocol's.
 */
import { Schema } from "effect"
import type {
  Bot as BotType,
  BotConfig as BotConfigType,
  BotOrigin as BotOriginType,
  BotStatus as BotStatusType,
  CancelReason as CancelReasonType,
  FailReason as FailReasonType,
  LaunchState as LaunchStateType,
  ScheduleState as ScheduleStateType,
  WithdrawReason as CallBackReasonType
} from "../Bot.ts"
import { describing } from "./Describing.ts"
import { BotId, CalendarId, EventId, MeetingKey, ScheduleName } from "./Ids.ts"
import { MeetingLink } from "./Meeting.ts"
import { Instant } from "./Time.ts"

export const BotConfig = describing<BotConfigType>()(Schema.Record(Schema.String, Schema.Unknown))

export const BotOrigin = describing<BotOriginType>()(Schema.Literals(["manual", "series", "recurring", "auto"]))

export const BotStatus = describing<BotStatusType>()(
  Schema.Literals(["Scheduled", "Launching", "Launched", "Failed", "Cancelled"])
)

export const CancelReason = describing<CancelReasonType>()(
  Schema.Literals([
    "meeting_cancelled",
    "meeting_deleted",
    "meeting_moved_to_past",
    "meeting_ended_before_launch",
    "link_removed",
    "removed_by_user",
    "calendar_disconnected",
    "calendar_deselected",
    "auto_schedule_disabled",
    "no_longer_wanted",
    "blocked_by_policy",
    "all_day",
    "declined_by_user",
    "skipped_by_rule",
    "skipped_by_default"
  ])
)

export const FailReason = describing<FailReasonType>()(
  Schema.Literals([
    "launcher_rejected",
    "launcher_unreachable",
    "launcher_not_configured",
    "meeting_ended_before_launch",
    "paused"
  ])
)

const WithdrawReason = describing<CallBackReasonType>()(
  Schema.Literals(["meeting_cancelled", "meeting_deleted", "meeting_moved", "link_changed", "blocked_by_policy"])
)

export const ScheduleState = describing<ScheduleStateType>()(
  Schema.Struct({ name: ScheduleName, group: Schema.String, wanted: Schema.Int, applied: Schema.Int })
)

export const LaunchState = describing<LaunchStateType>()(
  Schema.Struct({
    leaseUntil: Instant,
    attempts: Schema.Int,
    retryAt: Schema.NullOr(Instant),
    mayHaveSucceeded: Schema.Boolean,
    openUntil: Schema.NullOr(Instant),
    takenBack: Schema.NullOr(CancelReason),
    owner: Schema.NullOr(Schema.String)
  })
)

export const Bot = describing<BotType>()(
  Schema.Struct({
    id: BotId,
    meeting: MeetingKey,
    eventId: EventId,
    calendarId: CalendarId,
    status: BotStatus,
    statusReason: Schema.NullOr(
      Schema.Union([CancelReason, FailReason, WithdrawReason, Schema.Literal("call_back_refused")])
    ),
    statusMessage: Schema.NullOr(Schema.String),
    origin: BotOrigin,
    seq: Schema.Int,
    joinAt: Instant,
    start: Instant,
    end: Instant,
    link: MeetingLink,
    botName: Schema.String,
    customAttributes: Schema.Record(Schema.String, Schema.Unknown),
    config: BotConfig,
    schedule: ScheduleState,
    launch: Schema.NullOr(LaunchState),
    externalId: Schema.NullOr(Schema.String),
    revision: Schema.Int,
    createdAt: Instant,
    updatedAt: Instant
  })
)

/** Whether a row that was kept is a bot still: a store that answers for many users leaves out what is not. */
export const isBot: (row: unknown) => row is BotType = Schema.is(Bot)
