/**
 * What a command does to a bot's record.
 * Decides the new row and whether the scheduler has to be told. Never decides whether a command is right.
 */
import type { Bot, LaunchState } from "../../domain/Bot.ts"
import type { BotId, MeetingKey, UserId } from "../../domain/Ids.ts"
import type { Instant } from "../../domain/Time.ts"
import { botId, scheduleName } from "../../domain/DeterministicIds.ts"
import type { RuleName } from "../desired/Verdict.ts"
import type { Command } from "./Command.ts"

/** A row to write. */
export interface Applied {
  readonly bot: Bot
  /** The revision the stored row must have; null: there must be none. */
  readonly expected: number | null
}

/**
 * One row for each bot that the commands touch. `known` are the ids in use: a new bot gets another, and its id does not
 * depend on the order of the commands.
 */
export const applyAll = (
  commands: ReadonlyArray<Command>,
  context: { readonly userId: UserId; readonly now: Instant; readonly known?: ReadonlySet<BotId> }
): ReadonlyArray<Applied> => {
  const rows = new Map<BotId, Applied>()
  for (const command of commands) {
    if (command.kind === "create") {
      const bot = create(newId(context, command.meeting), command, context)
      rows.set(bot.id, { bot, expected: null })
      continue
    }
    const before = rows.get(command.bot.id)?.bot ?? touch(command.bot, context.now)
    rows.set(command.bot.id, { bot: change(before, command, context.now), expected: command.bot.revision })
  }
  return [...rows.values()]
}

/** The row with the revision and the time of its next write. */
export const touch = (bot: Bot, now: Instant): Bot => ({ ...bot, revision: bot.revision + 1, updatedAt: now })

/** What the scheduler should hold has changed. */
export const reschedule = (bot: Bot): Bot => ({
  ...bot,
  schedule: { ...bot.schedule, wanted: bot.schedule.wanted + 1 }
})

/** A new bot's id, of which two may be made for one meeting in one millisecond: the first was cancelled at once. */
const newId = (context: Parameters<typeof applyAll>[1], meeting: MeetingKey): BotId => {
  for (let ordinal = 0; ; ordinal++) {
    const id = botId(context.userId, meeting, context.now, ordinal)
    if (context.known?.has(id) !== true) return id
  }
}

const create = (
  id: BotId,
  { meeting, wanted }: Extract<Command, { kind: "create" }>,
  { now, userId }: { readonly userId: UserId; readonly now: Instant }
): Bot => ({
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
})

/** One that nobody holds is looked at again at once: what could not be asked while it was to go can be asked now. */
const kept = (launch: LaunchState, now: Instant): LaunchState => ({
  ...launch,
  takenBack: null,
  ...(launch.owner === null && { leaseUntil: Math.min(launch.leaseUntil, now), retryAt: null })
})

/** Which rule ended a bot, for a person. */
export const ruleMessage = ({ name }: RuleName): string => `the rule “${name}” skips the meeting`

const change = (bot: Bot, command: Exclude<Command, { kind: "create" }>, now: Instant): Bot => {
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
      return {
        ...reschedule(bot),
        status: "Cancelled",
        statusReason: command.reason,
        statusMessage: command.rule === undefined ? bot.statusMessage : ruleMessage(command.rule)
      }
    case "take-back":
      return bot.launch === null ? bot : { ...bot, launch: { ...bot.launch, takenBack: command.reason } }
    case "keep":
      return bot.launch === null ? bot : { ...bot, launch: kept(bot.launch, now) }
  }
}
