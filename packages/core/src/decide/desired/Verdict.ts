/**
 * What a decision says of one meeting, and the reasons that led to it. Shapes alone.
 */
import type { BotConfig, BotOrigin, CancelReason } from "../../domain/Bot.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { Instant } from "../../domain/Time.ts"
import type { MeetingLink } from "../../links/Link.ts"

/** The bot a meeting should have. */
export interface Wanted {
  readonly event: CalendarEvent
  readonly link: MeetingLink
  readonly joinAt: Instant
  readonly botName: string
  readonly customAttributes: Readonly<Record<string, unknown>>
  readonly config: BotConfig
  readonly origin: BotOrigin
  readonly seq: number
  /** False: a bot that is there stays, but none is made. */
  readonly isCreatable: boolean
  /** True: a bot past `Scheduled` already serves this start, so one that is still `Scheduled` is superfluous. */
  readonly isAnswered: boolean
  /** The rule by which auto-scheduling joins; null: by none. */
  readonly rule: RuleName | null
}

/** A rule as it is told of. */
export interface RuleName {
  readonly id: string
  readonly name: string
}

/** Why a meeting is joined. `asked_by_hand` also says that a bot was kept when auto-scheduling was switched off. */
export type JoinCode = "asked_by_hand" | "series" | "recurring" | "joined_by_rule" | "joined_by_default"

/** Why a meeting is not joined. */
export type SkipCode =
  | "calendar_not_connected"
  | "event_cancelled"
  | "no_meeting_link"
  | "event_ended"
  | "blocked_by_policy"
  | "removed_by_user"
  | "all_day"
  | "declined_by_user"
  | "skipped_by_rule"
  | "skipped_by_default"
  /** Nobody asked for a bot. */
  | "not_asked"
  /** Auto-scheduling has not come as far as this meeting. */
  | "beyond_coverage"
  /** Its bot has served, or has failed. */
  | "satisfied"

/** What a decision says of one meeting. */
export type Verdict =
  | { readonly kind: "wanted"; readonly bot: Wanted }
  | {
      readonly kind: "unwanted"
      readonly reason: CancelReason
      /** The rule that said so; left out: none did. */
      readonly rule?: RuleName
    }
  /** The meeting has ended, or has had its bot: deciding leaves its bots to the launch protocol. */
  | { readonly kind: "over" }

/** One step of a judgement: the rule asked, what it looked at, and whether the meeting passed. */
export interface Reason {
  readonly rule:
    | "connection"
    | "calendar"
    | "cancelled"
    | "link"
    | "time"
    /** A locked rule of the workspace. */
    | "lock"
    | "exclusion"
    | "intent"
    | "earlier-bot"
    | "auto"
    | "all-day"
    | "declined"
    /** A rule of auto-scheduling: `asked` says which. */
    | "rule"
    | "otherwise"
    /** Not a condition: notes whether a join time set by hand counts, or would lie past the meeting's end. */
    | "join-time"
  readonly passed: boolean
  readonly field: string
  readonly value: unknown
  /** The intent that decided, where one did. */
  readonly intent: string | null
  /** The rule that was asked, where one was. */
  readonly asked?: RuleName
}
