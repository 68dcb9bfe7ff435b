/**
 * What a command does to a bot's record.
 * Decides the new row and whether the scheduler has to be told. Never decides whether a command is right.
 */
import type { Bot } from "../domain/Bot.ts"
import type { MeetingKey, UserId } from "../domain/Ids.ts"
import type { Instant } from "../domain/Time.ts"
import type { Wanted } from "./Desired.ts"
import { botId, scheduleName } from "./Naming.ts"
import type { Command } from "./Reconcile.ts"

export interface Applied {
  readonly bot: Bot
  /** The revision the stored row must have; null: there must be none. */
  readonly expected: number | null
}

/** One row for each bot that the commands touch. */
export const applyAll = (
  commands: ReadonlyArray<Command>,
  context: { readonly userId: UserId; readonly now: Instant }
): ReadonlyArray<Applied> => {
  const rows = new Map<string, Applied>()
  for (const command of commands) {
    if (command.kind === "create") {
      const bot = create(context.userId, command.meeting, command.wanted, context.now, rows.size)
      rows.set(bot.id, { bot, expected: null })
      continue
    }
    const before = rows.get(command.bot.id)?.bot ?? {
      ...command.bot,
      revision: command.bot.revision + 1,
      updatedAt: context.now
    }
    rows.set(command.bot.id, { bot: change(before, command), expected: command.bot.revision })
  }
  return [...rows.values()]
}

const create = (userId: UserId, meeting: MeetingKey, wanted: Wanted, now: Instant, ordinal: number): Bot => {
  const id = botId(userId, meeting, now, ordinal)
  return {
    id,
    meeting,
    eventId: wanted.event.id,
    calendarId: wanted.event.calendarId,
    status: "Scheduled",
    statusReason: null,
    statusMessage: null,
    origin: wanted.origin,
    seq: wanted.seq,
    joinAt: wanted.joinAt,
    start: wanted.event.start,
    end: wanted.event.end,
    link: wanted.link,
    botName: wanted.botName,
    customAttributes: wanted.customAttributes,
    config: wanted.config,
    schedule: { name: scheduleName(userId, id), group: wanted.link.platform, wanted: 1, applied: 0 },
    launch: null,
    externalId: null,
    revision: 1,
    createdAt: now,
    updatedAt: now
  }
}

const change = (bot: Bot, command: Exclude<Command, { kind: "create" }>): Bot => {
  switch (command.kind) {
    case "move":
      return {
        ...(bot.joinAt === command.joinAt ? bot : reschedule(bot)),
        joinAt: command.joinAt,
        start: command.start,
        end: command.end
      }
    case "change-link":
      return { ...bot, link: command.link }
    case "reconfigure": {
      const { wanted } = command
      return {
        ...bot,
        eventId: wanted.event.id,
        calendarId: wanted.event.calendarId,
        origin: wanted.origin,
        seq: wanted.seq,
        botName: wanted.botName,
        customAttributes: wanted.customAttributes,
        config: wanted.config
      }
    }
    case "cancel":
      return { ...reschedule(bot), status: "Cancelled", statusReason: command.reason }
  }
}

/** What the scheduler should hold has changed. */
export const reschedule = (bot: Bot): Bot => ({
  ...bot,
  schedule: { ...bot.schedule, wanted: bot.schedule.wanted + 1 }
})
