/**
 * What to do so that the bots that are become the bots that should be.
 * Decides the least commands between the two; applied, they leave nothing more to say. Never reads a clock, never
 * touches a bot past `Scheduled` (the launch protocol's), and knows nothing of why a bot is wanted.
 */
import type { Bot, CancelReason } from "../domain/Bot.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import type { MeetingKey } from "../domain/Ids.ts"
import type { MeetingLink } from "../meeting/Link.ts"
import type { Verdict, Wanted } from "./Desired.ts"

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
  | { readonly kind: "cancel"; readonly bot: Bot; readonly reason: CancelReason }

export type ReconfigureReason = "configuration_changed" | "origin_changed" | "holder_changed"

/** Commands in the order of the verdicts, at most one of each kind for a bot. Bots without a verdict are left alone. */
export const reconcile = (verdicts: ReadonlyMap<MeetingKey, Verdict>, bots: Iterable<Bot>): ReadonlyArray<Command> => {
  const scheduled = new Map<MeetingKey, Bot>()
  const launching = new Set<MeetingKey>()
  const commands: Array<Command> = []
  for (const bot of bots) {
    if (bot.status === "Launching") launching.add(bot.meeting)
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
    if (verdict.kind === "unwanted") {
      if (bot !== undefined) commands.push({ kind: "cancel", bot, reason: verdict.reason })
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

/**
 * Equality of JSON values, whatever the order of members. Stored values come back with members in another order, without
 * those that are undefined, and with a zero that has lost its sign.
 */
export const sameJson = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b)
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]))
  }
  return !Array.isArray(b) && holds(a as Members, b as Members) && isCovered(b as Members, a as Members)
}

type Members = Readonly<Record<string, unknown>>

/** Whether each member of one is the same in the other. */
const holds = (one: Members, other: Members): boolean => {
  for (const member of Object.keys(one)) {
    const value = one[member]
    if (value !== undefined && !(Object.hasOwn(other, member) && sameJson(value, other[member]))) return false
  }
  return true
}

/** Whether the other has each member of one, whatever it is. */
const isCovered = (one: Members, other: Members): boolean => {
  for (const member of Object.keys(one)) {
    if (one[member] !== undefined && !Object.hasOwn(other, member)) return false
  }
  return true
}
