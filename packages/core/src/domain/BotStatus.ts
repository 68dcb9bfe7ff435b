/**
 * What a bot's status means for its meeting: scheduled or on its way, in the meeting, or known to be out of it.
 */
import type { Bot } from "./Bot.ts"
import type { CalendarEvent } from "./Event.ts"
import type { Instant } from "./Time.ts"

/** The bot that makes a new one superfluous: scheduled, being launched, or in the meeting until that ends. */
export const activeBot = (bots: ReadonlyArray<Bot> | undefined, event: CalendarEvent, now: Instant): Bot | null =>
  (bots ?? []).find(
    (bot) =>
      bot.status === "Scheduled" ||
      bot.status === "Launching" ||
      (bot.status === "Launched" && !isWithdrawn(bot) && event.start < bot.end && (event.end > now || bot.end > now))
  ) ?? null

/** The bot that is scheduled or being launched; of two (which no store allows) the older. */
export const liveBot = (bots: ReadonlyArray<Bot> | undefined): Bot | null =>
  (bots ?? [])
    .filter((bot) => bot.status === "Scheduled" || bot.status === "Launching")
    .reduce<Bot | null>((first, bot) => (first === null || bot.id < first.id ? bot : first), null)

/** Whether a bot that was handed over is known to be out of its meeting: it answers for it no more. */
export const isWithdrawn = ({ status, statusReason }: Pick<Bot, "status" | "statusReason">): boolean =>
  status === "Launched" && statusReason !== null && statusReason !== "call_back_refused"
