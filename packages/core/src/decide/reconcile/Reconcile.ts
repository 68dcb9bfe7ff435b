/**
 * What to do so that the bots that are become the bots that should be.
 * Decides the least commands between the two; applied, they leave nothing more to say. Never reads a clock and knows
 * nothing of why a bot is wanted. What is past `Scheduled` is the launch protocol's: of a bot on its way it is noted alone
 * whether it is to stay.
 */
import type { Verdict, Wanted } from "../desired/Verdict.ts"
import type { Command, ReconfigureReason } from "./Command.ts"
import type { Bot } from "../../domain/Bot.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { MeetingKey } from "../../domain/Ids.ts"
import { sameJson } from "../../domain/JsonEquality.ts"

/** Commands in the order of the verdicts, at most one of each kind for a bot. Bots without a verdict are left alone. */
export const reconcile = (verdicts: ReadonlyMap<MeetingKey, Verdict>, bots: Iterable<Bot>): ReadonlyArray<Command> => {
  const scheduled = new Map<MeetingKey, Bot>()
  const launching = new Map<MeetingKey, Bot>()
  const commands: Array<Command> = []
  for (const bot of bots) {
    if (bot.status === "Launching") launching.set(bot.meeting, bot)
    if (bot.status !== "Scheduled") continue
    const other = scheduled.get(bot.meeting)
    if (other === undefined) scheduled.set(bot.meeting, bot)
    else if (other.id !== bot.id) {
      // No store allows two; should one ever hold them, the older stays.
      const [older, newer] = other.id < bot.id ? [other, bot] : [bot, other]
      scheduled.set(bot.meeting, older)
      if (verdicts.has(bot.meeting)) commands.push({ kind: "cancel", bot: newer, reason: "no_longer_wanted" })
    }
  }
  verdicts.forEach((verdict, meeting) => {
    if (verdict.kind === "over") return
    const bot = scheduled.get(meeting)
    const onItsWay = launching.get(meeting)
    if (onItsWay !== undefined) noteStay(onItsWay, verdict, commands)
    if (verdict.kind === "unwanted") {
      const { reason, rule } = verdict
      if (bot !== undefined) commands.push({ kind: "cancel", bot, reason, ...(rule === undefined ? {} : { rule }) })
      return
    }
    const wanted = verdict.bot
    if (bot === undefined) {
      // One that is being launched is looked at again when that is settled.
      if (wanted.isCreatable && !launching.has(meeting)) {
        commands.push({ kind: "create", meeting, wanted, reason: "wanted" })
      }
    } else if (wanted.isAnswered || launching.has(meeting)) {
      commands.push({ kind: "cancel", bot, reason: "no_longer_wanted" })
    } else adjust(bot, wanted, commands)
  })
  return commands
}

/**
 * Whether a meeting wants a bot that is not made while another is on its way: it has moved away from that one meanwhile. Such a
 * decision is not at its end, whoever makes it and whoever dies before the launch is settled.
 */
export const awaitsLaunch = (verdicts: ReadonlyMap<MeetingKey, Verdict>, bots: Iterable<Bot>): boolean => {
  for (const { meeting, status } of bots) {
    const verdict = status === "Launching" ? verdicts.get(meeting) : undefined
    if (verdict?.kind === "wanted" && verdict.bot.isCreatable) return true
  }
  return false
}

/**
 * What a bot on its way is to do once it is known what became of it; said once. That its meeting has passed meanwhile the
 * launch protocol sees by itself: time alone decides nothing here.
 */
const noteStay = (bot: Bot, verdict: Exclude<Verdict, { readonly kind: "over" }>, commands: Array<Command>): void => {
  if (bot.launch === null) return
  const isOff = verdict.kind === "unwanted" && verdict.reason !== "meeting_moved_to_past"
  if (isOff && bot.launch.takenBack === null) {
    commands.push({ kind: "take-back", bot, reason: verdict.reason })
  }
  if (verdict.kind === "wanted" && bot.launch.takenBack !== null) commands.push({ kind: "keep", bot, reason: "wanted" })
}

const adjust = (bot: Bot, wanted: Wanted, commands: Array<Command>): void => {
  const { event } = wanted
  if (bot.joinAt !== wanted.joinAt || bot.start !== event.start || bot.end !== event.end) {
    const reason = bot.start === event.start && bot.end === event.end ? "join_time_changed" : "meeting_moved"
    commands.push({ kind: "move", bot, joinAt: wanted.joinAt, start: event.start, end: event.end, reason })
  }
  if (bot.link.url !== wanted.link.url || bot.link.platform !== wanted.link.platform) {
    commands.push({ kind: "change-link", bot, link: wanted.link, reason: "link_changed" })
  }
  const reason = reconfigureReason(bot, wanted, event)
  if (reason !== null) commands.push({ kind: "reconfigure", bot, wanted, reason })
}

const reconfigureReason = (bot: Bot, wanted: Wanted, event: CalendarEvent): ReconfigureReason | null => {
  if (bot.eventId !== event.id || bot.calendarId !== event.calendarId) return "holder_changed"
  if (bot.origin !== wanted.origin || bot.seq !== wanted.seq) return "origin_changed"
  return bot.botName === wanted.botName &&
    sameJson(bot.config, wanted.config) &&
    sameJson(bot.customAttributes, wanted.customAttributes)
    ? null
    : "configuration_changed"
}
