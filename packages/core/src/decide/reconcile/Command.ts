/**
 * The commands between the bots there are and the bots there should be. Shapes alone.
 */
import type { RuleName, Wanted } from "../desired/Verdict.ts"
import type { Bot, CancelReason } from "../../domain/Bot.ts"
import type { MeetingKey } from "../../domain/Ids.ts"
import type { MeetingLink } from "../../links/Link.ts"

/** One step. `reason` is a stable word for logs and tests. */
export type Command =
  | { readonly kind: "create"; readonly meeting: MeetingKey; readonly wanted: Wanted; readonly reason: "wanted" }
  | {
      readonly kind: "move"
      readonly bot: Bot
      readonly joinAt: number
      readonly start: number
      readonly end: number
      readonly reason: "meeting_moved" | "join_time_changed"
    }
  | { readonly kind: "change-link"; readonly bot: Bot; readonly link: MeetingLink; readonly reason: "link_changed" }
  | { readonly kind: "reconfigure"; readonly bot: Bot; readonly wanted: Wanted; readonly reason: ReconfigureReason }
  | { readonly kind: "cancel"; readonly bot: Bot; readonly reason: CancelReason; readonly rule?: RuleName }
  /** Of a bot on its way: it goes once the launch protocol knows what became of it. */
  | { readonly kind: "take-back"; readonly bot: Bot; readonly reason: CancelReason }
  /** Of a bot on its way that was to go: it is wanted again. */
  | { readonly kind: "keep"; readonly bot: Bot; readonly reason: "wanted" }

export type ReconfigureReason = "configuration_changed" | "origin_changed" | "holder_changed"
