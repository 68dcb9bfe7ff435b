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
}

/** What a decision says of one meeting. */
export type Verdict =
  | { readonly kind: "wanted"; readonly bot: Wanted }
  | { readonly kind: "unwanted"; readonly reason: CancelReason }
  /** The meeting has ended: deciding leaves its bots to the launch protocol. */
  | { readonly kind: "over" }

/** One step of a judgement: the rule asked, what it looked at, and whether the meeting passed. */
export interface Reason {
  readonly rule:
    | "connection"
    | "calendar"
    | "cancelled"
    | "link"
    | "time"
    | "exclusion"
    | "intent"
    | "earlier-bot"
    | "auto"
    /** Not a condition: notes whether a join time set by hand counts, or would lie past the meeting's end. */
    | "join-time"
  readonly passed: boolean
  readonly field: string
  readonly value: unknown
  /** The intent that decided, where one did. */
  readonly intent: string | null
}
