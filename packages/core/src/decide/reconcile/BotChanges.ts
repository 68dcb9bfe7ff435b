/**
 * What a decision leaves in the log: one entry for each bot whose row it changes in what is told of it.
 * Decides what was new, where the request does not say so: the calendar, if it has changed since the last decision; else
 * time, which takes chains on.
 */
import type { Applied } from "./BotTransitions.ts"
import type { Command } from "./Command.ts"
import { botChange } from "../../domain/BotChange.ts"
import type { Bot } from "../../domain/Bot.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { ChangeCause } from "../../domain/LoggedChange.ts"
import type { BotWrite, Slice } from "../../domain/Slice.ts"
import type { Instant } from "../../domain/Time.ts"

export interface BotChangesOptions {
  readonly slice: Pick<Slice, "bots" | "decided" | "events" | "mirrorNumber">
  readonly commands: ReadonlyArray<Command>
  /** What the request says is new; null: nothing by itself. */
  readonly cause: ChangeCause | null
  readonly now: Instant
}

/** The rows, each with its entry. */
export const withChanges = (rows: ReadonlyArray<Applied>, options: BotChangesOptions): ReadonlyArray<BotWrite> => {
  if (rows.length === 0) return []
  const { now, slice } = options
  const known = new Map(slice.bots.map((bot) => [bot.id, bot]))
  const subjects = subjectsOf(options)
  return rows.map(({ bot, expected }) => {
    const before = known.get(bot.id) ?? null
    const subject = subjects.get(bot.eventId) ?? null
    return { bot, expected, change: botChange(before, bot, { at: now, subject, cause: causeOf(before, bot, options) }) }
  })
}

const causeOf = (before: Bot | null, after: Bot, { cause, slice }: BotChangesOptions): ChangeCause => {
  if (cause !== null) return cause
  if (slice.mirrorNumber > slice.decided) return "calendar"
  if (before !== null || (after.origin !== "recurring" && after.origin !== "auto")) return "system"
  return after.origin === "auto" ? "auto_schedule" : "recurring"
}

/** A virtual occurrence that was not stored so far is known by the command alone. */
const subjectsOf = ({ commands, slice }: BotChangesOptions): ReadonlyMap<CalendarEvent["id"], string> => {
  const wanted = commands.flatMap((command) => ("wanted" in command ? [command.wanted.event] : []))
  return new Map([...slice.events, ...wanted].map(({ id, subject }) => [id, subject]))
}
