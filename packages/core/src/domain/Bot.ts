/**
 * A bot is the durable record of one attendance: one meeting, one status, one join time, one configuration.
 * Shapes alone. What a decision does to a bot is in `decide/reconcile/BotTransitions.ts`, what the launch protocol does in
 * `usecases/launch/LaunchBot.ts`, and what happens after hand-over in `usecases/launch/WithdrawBots.ts`.
 */
import type { MeetingLink } from "../links/Link.ts"
import type { BotId, CalendarId, EventId, MeetingKey, ScheduleName } from "./Ids.ts"
import type { Sequence } from "./Sequence.ts"
import type { Instant } from "./Time.ts"

/** Opaque to Punctual and handed to the bot service; `bot_name` and `custom_attributes` alone are read. */
export type BotConfig = Readonly<Record<string, unknown>>

/** Who asked: strongest first. */
export type BotOrigin = "manual" | "series" | "recurring" | "auto"

/** `Scheduled → Launching → Launched | Failed`; `Scheduled | Launching → Cancelled`; `Launching → Scheduled`. */
export type BotStatus = "Scheduled" | "Launching" | "Launched" | "Failed" | "Cancelled"

/** Why there is no bot any more, though there was one: a stable word, shown as `status_reason`. */
export type CancelReason =
  | "meeting_cancelled"
  | "meeting_deleted"
  | "meeting_moved_to_past"
  | "meeting_ended_before_launch"
  | "link_removed"
  | "removed_by_user"
  | "calendar_disconnected"
  | "calendar_deselected"
  | "auto_schedule_disabled"
  | "no_longer_wanted"
  | "blocked_by_policy"
  | "all_day"
  | "declined_by_user"
  | "skipped_by_rule"
  | "skipped_by_default"

/** Why a bot did not get into its meeting: a stable word, shown as `status_reason`. */
export type FailReason =
  | "launcher_rejected"
  | "launcher_unreachable"
  | "launcher_not_configured"
  | "meeting_ended_before_launch"
  /** Its user, or the workspace, had paused launches until its meeting was over. */
  | "paused"

/** Why a bot that was handed over was withdrawn. Its status stays `Launched`. */
export type WithdrawReason =
  | "meeting_cancelled"
  | "meeting_deleted"
  | "meeting_moved"
  | "link_changed"
  | "blocked_by_policy"

/** What the scheduler should hold for a bot, and what it is known to hold. */
export interface ScheduleState {
  readonly name: ScheduleName
  /** Fixed when the bot is made: with the name it is the schedule's identity. */
  readonly group: string
  /** Raised whenever what the scheduler should hold changes. */
  readonly wanted: number
  /** The revision the scheduler was last brought to; less than `wanted`: work outstanding. */
  readonly applied: number
}

/** One launch in progress. */
export interface LaunchState {
  /** The attempt stands until then; afterwards another process may go on under the same key. */
  readonly leaseUntil: Instant
  /** Questions put to the service about this bot, look-ups included. */
  readonly attempts: number
  /** Not to be tried again before. */
  readonly retryAt: Instant | null
  /** True once an attempt may have succeeded without our knowing (a lost answer): the bot is in doubt. */
  readonly mayHaveSucceeded: boolean
  /** A call that was made may still arrive at the service until then: only later does its absence there mean anything. */
  readonly openUntil: Instant | null
  /** Why the bot is to go, once it is known what became of it; null: it is wanted. */
  readonly takenBack: CancelReason | null
  /** The process that holds the lease; null: nobody, the bot waits for its meeting's end or for another to claim it. */
  readonly owner: string | null
}

/** The row. Of one meeting at most one is `Scheduled` or `Launching`; others are history. */
export interface Bot {
  readonly id: BotId
  readonly meeting: MeetingKey
  /** The copy of the meeting that carries the bot. */
  readonly eventId: EventId
  readonly calendarId: CalendarId
  readonly status: BotStatus
  /** Of a `Launched` bot null until it is withdrawn; `call_back_refused`: the service would not take it out. */
  readonly statusReason: CancelReason | FailReason | WithdrawReason | "call_back_refused" | null
  readonly statusMessage: string | null
  readonly origin: BotOrigin
  /** The request it answers; a later explicit one makes a new bot after this failed. */
  readonly seq: Sequence
  /** start − lead, or start + the offset set by hand. May lie in the past: then it means "at once". */
  readonly joinAt: Instant
  readonly start: Instant
  readonly end: Instant
  readonly link: MeetingLink
  readonly botName: string
  readonly customAttributes: Readonly<Record<string, unknown>>
  readonly config: BotConfig
  readonly schedule: ScheduleState
  readonly launch: LaunchState | null
  readonly externalId: string | null
  /** Raised by each write; every write is conditional on it. */
  readonly revision: number
  readonly createdAt: Instant
  readonly updatedAt: Instant
}
