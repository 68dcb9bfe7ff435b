/**
 * A change of a bot in a sentence for the meeting's owner.
 * Decides the words alone: who or what made the change, what is otherwise than before, and why a bot went. Times are in UTC.
 */
import { dayMillis } from "../recurrence/CivilDate.ts"
import { dayWords } from "../recurrence/Describe.ts"
import { platformNames } from "../links/Platform.ts"
import type { Bot, BotOrigin } from "./Bot.ts"
import type { BotChange, ChangeCause, LoggedBot } from "./LoggedChange.ts"
import type { Instant } from "./Time.ts"

export const botSentence = ({ cause, data, type }: BotChange): string => {
  const { bot, previous } = data
  const named = meetingName(bot)
  switch (type) {
    case "bot.scheduled":
      return `${madeBy(cause, bot)}: it joins on ${timeWords(bot.joinAt)}.`
    case "bot.moved":
      return `${changedBy(cause, bot)}: ${sentenceParts([...movedParts(bot, previous), ...updatedParts(bot, previous)])}.`
    case "bot.updated":
      return `${changedBy(cause, bot)}: ${sentenceParts(updatedParts(bot, previous))}.`
    case "bot.cancelled":
      return `The bot of ${named} was cancelled: ${whyGone(bot)}.`
    case "bot.launching":
      return `The bot of ${named} is being handed to the bot service, to join on ${timeWords(bot.joinAt)}.`
    case "bot.launched":
      return bot.externalId === null
        ? `The bot service took the bot of ${named}.`
        : `The bot service took the bot of ${named}, which it knows as ${bot.externalId}.`
    case "bot.failed":
      return `The bot of ${named} failed: ${whyGone(bot)}${said(bot)}.`
    case "bot.withdrawn":
      return `The bot of ${named} was taken out of its meeting: ${whyGone(bot)}.`
  }
}

/** An instant in words: `8 April 2026 at 14:59 UTC`. */
export const timeWords = (instant: Instant): string => {
  const day = Math.floor(instant / dayMillis)
  const minutes = Math.floor((instant - day * dayMillis) / 60_000)
  return `${dayWords(day)} at ${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)} UTC`
}

const twoDigits = (count: number): string => String(count).padStart(2, "0")

const meetingName = ({ subject }: LoggedBot): string =>
  subject === null || subject === "" ? "the meeting" : `“${subject}”`

const madeBy = (cause: ChangeCause, bot: LoggedBot): string => {
  const named = meetingName(bot)
  switch (cause) {
    case "user":
      return `${askedFor[bot.origin]}${named}`
    case "calendar":
      return `A change in the calendar gave ${named} a bot`
    case "rule":
      return `A rule gave ${named} a bot`
    case "policy":
      return `Your workspace’s policy gave ${named} a bot`
    case "auto_schedule":
      return `Auto-scheduling gave ${named} a bot`
    case "recurring":
      return `You asked for a bot in each next meeting of the series, and ${named} got its bot`
    case "launcher":
      return `The bot before it did not get in, so ${named} got another one`
    case "system":
      return `Punctual gave ${named} a bot`
  }
}

const askedFor: Readonly<Record<BotOrigin, string>> = {
  manual: "You asked for a bot in ",
  series: "You asked for a bot in all of the series, and so in ",
  recurring: "You asked for a bot in each next meeting of the series, and so in ",
  auto: "You asked for auto-scheduling, and so for a bot in "
}

const changedBy = (cause: ChangeCause, bot: LoggedBot): string => {
  const named = meetingName(bot)
  switch (cause) {
    case "user":
      return `You changed the bot of ${named}`
    case "calendar":
      return `The calendar changed ${named}, and its bot with it`
    case "rule":
      return `A rule changed the bot of ${named}`
    case "policy":
      return `Your workspace’s policy changed the bot of ${named}`
    case "auto_schedule":
      return `Auto-scheduling changed the bot of ${named}`
    case "recurring":
      return `The request for each next meeting changed the bot of ${named}`
    case "launcher":
      return `The bot service told of the bot of ${named}`
    case "system":
      return `Punctual changed the bot of ${named}`
  }
}

export const sentenceParts = (parts: ReadonlyArray<string>): string => {
  const [last = "nothing that is shown here"] = parts.slice(-1)
  const others = parts.slice(0, -1)
  return others.length === 0 ? last : `${others.join(", ")}, and ${last}`
}

const movedParts = (bot: LoggedBot, { end, joinAt, start, status }: Partial<LoggedBot>): ReadonlyArray<string> => [
  ...(status === "Launching" ? ["it was on its way and is to join later after all"] : []),
  ...(joinAt !== undefined
    ? [`it joins on ${timeWords(bot.joinAt)} instead of ${timeWords(joinAt)}`]
    : [`it joins on ${timeWords(bot.joinAt)} as before`]),
  ...(start === undefined ? [] : [`the meeting begins on ${timeWords(bot.start)} instead of ${timeWords(start)}`]),
  ...(end === undefined ? [] : [`the meeting ends on ${timeWords(bot.end)} instead of ${timeWords(end)}`])
]

const updatedParts = (bot: LoggedBot, previous: Partial<LoggedBot>): ReadonlyArray<string> => [
  ...(previous.botName === undefined ? [] : [`it is called “${bot.botName}” instead of “${previous.botName}”`]),
  ...linkParts(bot, previous),
  ...(previous.config === undefined ? [] : ["it has another configuration"]),
  ...(previous.customAttributes === undefined ? [] : ["it carries other attributes"]),
  ...(previous.origin === undefined ? [] : [standsBy[bot.origin]]),
  ...placeParts(previous),
  // Null is what it was before, and a member that did not change is missing.
  ...("externalId" in previous && bot.externalId !== null ? [`the bot service knows it as ${bot.externalId}`] : []),
  ...reasonParts(bot, previous)
]

const linkParts = ({ link }: LoggedBot, { link: before }: Partial<LoggedBot>): ReadonlyArray<string> => {
  if (before === undefined) return []
  const [now, then] = [platformNames[link.platform], platformNames[before.platform]]
  return [now === then ? `it joins by another link of ${now}` : `it joins by a link of ${now} instead of ${then}`]
}

const standsBy: Readonly<Record<BotOrigin, string>> = {
  manual: "it is there because you asked for it",
  series: "it is there because you asked for all of the series",
  recurring: "it is there because you asked for each next meeting",
  auto: "it is there because of auto-scheduling"
}

const placeParts = ({ calendarId, eventId, meeting }: Partial<LoggedBot>): ReadonlyArray<string> => {
  if (calendarId !== undefined) return ["it goes by the meeting’s copy in another calendar"]
  if (eventId !== undefined) return ["it goes by another entry of the calendar"]
  return meeting === undefined ? [] : ["it is known by what the meeting is called now"]
}

const reasonParts = (bot: LoggedBot, previous: Partial<LoggedBot>): ReadonlyArray<string> => {
  if (bot.statusReason === "call_back_refused" && "statusReason" in previous) {
    return [`the bot service did not take it out of its meeting${said(bot)}`]
  }
  if ("statusReason" in previous && bot.statusReason !== null) return [`${whyGone(bot)}${said(bot)}`]
  if ("statusMessage" in previous) {
    return [bot.statusMessage === null ? "nothing is in its way any more" : `its last report is “${bot.statusMessage}”`]
  }
  return "statusReason" in previous ? ["nothing is in its way any more"] : []
}

const said = ({ statusMessage }: LoggedBot): string => (statusMessage === null ? "" : ` (${statusMessage})`)

const whyGone = ({ statusReason }: LoggedBot): string =>
  statusReason === null ? "it was not needed any more" : reasons[statusReason]

const reasons: Readonly<Record<NonNullable<Bot["statusReason"]>, string>> = {
  meeting_cancelled: "the meeting was cancelled",
  meeting_deleted: "the meeting is gone from the calendar",
  meeting_moved: "the meeting was moved",
  meeting_moved_to_past: "the meeting was moved to a time that is over",
  meeting_ended_before_launch: "the meeting was over before the bot could join",
  link_removed: "the meeting has no link any more",
  link_changed: "the meeting has another link",
  removed_by_user: "you removed it",
  calendar_disconnected: "you disconnected the calendar",
  calendar_deselected: "you left the calendar out",
  auto_schedule_disabled: "auto-scheduling was switched off",
  no_longer_wanted: "nobody asks for it any more",
  blocked_by_policy: "your workspace allows none",
  all_day: "auto-scheduling skips events of whole days",
  declined_by_user: "you declined the meeting",
  skipped_by_rule: "a rule skips the meeting",
  skipped_by_default: "no rule joins the meeting",
  launcher_rejected: "the bot service refused it",
  launcher_unreachable: "the bot service could not be reached while the meeting lasted",
  launcher_not_configured: "no bot service is set up",
  paused: "launches were paused until the meeting was over",
  call_back_refused: "the bot service did not take it out of its meeting"
}
