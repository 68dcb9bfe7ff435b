/**
 * Which of its meetings' bots a slice holds.
 * Decides how much of a meeting's past a decision needs, however often it was scheduled and cancelled: its live bots,
 * the newest of each way to end, and the one in the meeting for longest. Never decides what they mean (`Desired.ts`).
 */
import type { Bot } from "../../domain/Bot.ts"
import type { MeetingKey } from "../../domain/Ids.ts"
import { isWithdrawn } from "../../domain/BotStatus.ts"

/** Enough of them to decide by, newest first. Stores that read a meeting's bots whole need no rule of their own. */
export const relevantBots = (bots: ReadonlyArray<Bot>): ReadonlyArray<Bot> => {
  const newest = new Set<string>()
  const longest = new Map<MeetingKey, Bot>()
  const sorted = bots.toSorted(newestFirst)
  // A meeting that moved away and came back is still attended by whoever was sent first.
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
