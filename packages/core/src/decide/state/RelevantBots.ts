/**
 * Which bots of a meeting a slice holds: those `Scheduled` or `Launching`, the newest of each other status, and of
 * those in the meeting the one that stays longest.
 * Decides how much history a decision needs, however often a meeting was scheduled and cancelled.
 */
import type { Bot } from "../../domain/Bot.ts"
import type { MeetingKey } from "../../domain/Ids.ts"
import { isWithdrawn } from "../../domain/BotStatus.ts"

/** Cuts meetings' bots down to those, newest first. For stores that read all bots of a meeting. */
export const relevantBots = (bots: ReadonlyArray<Bot>): ReadonlyArray<Bot> => {
  const newest = new Set<string>()
  const longest = new Map<MeetingKey, Bot>()
  const sorted = bots.toSorted(newestFirst)
  // A meeting that moved away and came back is still attended by the bot that was sent first.
  for (const bot of sorted) {
    const other = longest.get(bot.meeting)
    if (isInMeeting(bot) && (other === undefined || other.end < bot.end)) longest.set(bot.meeting, bot)
  }
  return sorted.filter((bot) => {
    if (bot.status === "Scheduled" || bot.status === "Launching") return true
    const kind = `${bot.status} ${bot.meeting}`
    const isNewest = !newest.has(kind)
    newest.add(kind)
    return isNewest || longest.get(bot.meeting) === bot
  })
}

const isInMeeting = (bot: Bot): boolean => bot.status === "Launched" && !isWithdrawn(bot)

const newestFirst = (a: Bot, b: Bot): number => b.createdAt - a.createdAt || (b.id < a.id ? -1 : b.id > a.id ? 1 : 0)
