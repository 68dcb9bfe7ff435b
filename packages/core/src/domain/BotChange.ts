/**
 * What a write of a bot leaves in the log: one entry, or none where nothing changed that anybody is told.
 * Decides which members are told, what the change is called, and why a bot went. Leases, revisions and what the scheduler
 * holds are nobody's business but ours.
 */
import type { Bot, BotStatus } from "./Bot.ts"
import { isWithdrawn } from "./BotStatus.ts"
import { sameJson } from "./JsonEquality.ts"
import type { BotChange, BotChangeType, ChangeCause, LoggedBot } from "./LoggedChange.ts"
import type { Instant } from "./Time.ts"

export interface BotChangeOptions {
  readonly at: Instant
  /** The subject of the bot's event; null: not at hand. */
  readonly subject: string | null
  /** What was new. */
  readonly cause: ChangeCause
}

/** `before` null: it was made just now. Null: nothing that is told has changed. */
export const botChange = (
  before: Bot | null,
  after: Bot,
  { at, cause, subject }: BotChangeOptions
): BotChange | null => {
  const previous = before === null ? {} : changedMembers(before, after)
  const type = before === null ? "bot.scheduled" : typeOf(before, after)
  if (type === null && Object.keys(previous).length === 0) return null
  return { type: type ?? "bot.updated", occurredAt: at, cause, data: { bot: loggedBot(after, subject), previous } }
}

/** The same for a write of the launch protocol, which has a cause of its own where it ends or moves a bot. */
export const launchChange = (before: Bot, after: Bot, told: Omit<BotChangeOptions, "cause">): BotChange | null => {
  const change = botChange(before, after, { ...told, cause: "launcher" })
  if (change?.type === "bot.moved") return { ...change, cause: "calendar" }
  return change?.type === "bot.cancelled" ? { ...change, cause: causeOfEnd(after.statusReason) } : change
}

/** Told, and compared. */
const members = [
  "meeting",
  "eventId",
  "calendarId",
  "status",
  "statusReason",
  "statusMessage",
  "origin",
  "joinAt",
  "start",
  "end",
  "link",
  "botName",
  "customAttributes",
  "config",
  "externalId"
] as const satisfies ReadonlyArray<keyof LoggedBot & keyof Bot>

export const loggedBot = (bot: Bot, subject: string | null): LoggedBot => ({
  id: bot.id,
  meeting: bot.meeting,
  eventId: bot.eventId,
  calendarId: bot.calendarId,
  subject,
  status: bot.status,
  statusReason: bot.statusReason,
  statusMessage: bot.statusMessage,
  origin: bot.origin,
  joinAt: bot.joinAt,
  start: bot.start,
  end: bot.end,
  link: bot.link,
  botName: bot.botName,
  customAttributes: bot.customAttributes,
  config: bot.config,
  externalId: bot.externalId,
  createdAt: bot.createdAt
})

const changedMembers = (before: Bot, after: Bot): Partial<LoggedBot> =>
  Object.fromEntries(
    members.flatMap((member) => (sameJson(before[member], after[member]) ? [] : [[member, before[member]]]))
  )

const typeOfStatus: Readonly<Record<BotStatus, BotChangeType>> = {
  // One that was on its way, and is to join later after all.
  Scheduled: "bot.moved",
  Launching: "bot.launching",
  Launched: "bot.launched",
  Failed: "bot.failed",
  Cancelled: "bot.cancelled"
}

/** Null: nothing that has a name of its own. */
const typeOf = (before: Bot, after: Bot): BotChangeType | null => {
  if (before.status !== after.status) return typeOfStatus[after.status]
  if (isWithdrawn(after) && !isWithdrawn(before)) return "bot.withdrawn"
  return before.joinAt !== after.joinAt || before.start !== after.start || before.end !== after.end ? "bot.moved" : null
}

/** What was new where a bot went, by the reason that stands in its row. */
export const causeOfEnd = (reason: Bot["statusReason"]): ChangeCause => {
  switch (reason) {
    case "removed_by_user":
    case "calendar_disconnected":
    case "calendar_deselected":
      return "user"
    case "blocked_by_policy":
      return "policy"
    case "skipped_by_rule":
    case "skipped_by_default":
      return "rule"
    case "auto_schedule_disabled":
      return "auto_schedule"
    case "no_longer_wanted":
      return "system"
    default:
      return "calendar"
  }
}
