/**
 * What a bot's status means for its meeting: scheduled or on its way, in the meeting, or known to be out of it.
 */
import type { Bot } from "./Bot.ts"
import type { CalendarEvent } from "./Event.ts"
import type { Instant } from "./Time.ts"

/**
 * The bot that makes a new one superfluous: scheduled, being launched, or in the meeting until that ends. One that is to go
 * while it is being launched makes none superfluous: a new request keeps it.
 */
export const activeBot = (bots: ReadonlyArray<Bot> | undefined, event: CalendarEvent, now: Instant): Bot | null =>
  (bots ?? []).find(
    (bot) =>
      bot.status === "Scheduled" ||
      (bot.status === "Launching" && !isTakenBack(bot)) ||
      (bot.status === "Launched" && !isWithdrawn(bot) && event.start < bot.end && (event.end > now || bot.end > now))
  ) ?? null

/**
 * The bot that is scheduled or being launched. A series that moves can bring one of each into one meeting: the one on its way
 * counts, since the other goes. Of two alike (which no store allows) the older.
 */
export const liveBot = (bots: ReadonlyArray<Bot> | undefined): Bot | null => {
  const live = (bots ?? []).filter((bot) => bot.status === "Scheduled" || bot.status === "Launching")
  const onTheirWay = live.filter(({ status }) => status === "Launching")
  return (onTheirWay.length === 0 ? live : onTheirWay).reduce<Bot | null>(
    (first, bot) => (first === null || bot.id < first.id ? bot : first),
    null
  )
}

/** Whether a bot that was handed over is known to be out of its meeting: it answers for it no more. */
export const isWithdrawn = ({ status, statusReason }: Pick<Bot, "status" | "statusReason">): boolean =>
  status === "Launched" && statusReason !== null && statusReason !== "call_back_refused"

/** Whether a bot on its way is to be withdrawn as soon as it is known what became of it. */
export const isTakenBack = ({ launch, status }: Pick<Bot, "status" | "launch">): boolean =>
  status === "Launching" && (launch?.takenBack ?? null) !== null

/** Whether nobody knows if the bot service has the bot: an attempt was not answered, or not clearly. */
export const mayBeInMeeting = ({ launch, status }: Pick<Bot, "status" | "launch">): boolean =>
  status === "Launching" && launch?.mayHaveSucceeded === true
