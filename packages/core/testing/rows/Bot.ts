/**
 * The scheduled bot of an event, made a day before the meeting and not yet handed to the scheduler; and the launch of one on
 * its way.
 * Decides default members only: it joins a minute before the event's start, by the event's link.
 */
import type { Bot, LaunchState } from "../../src/domain/Bot.ts"
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type { BotId, ScheduleName } from "../../src/domain/Ids.ts"
import { link as defaultLink } from "./Event.ts"
import { day, minute, now } from "./Present.ts"

export const bot = (of: CalendarEvent, members: Partial<Bot> = {}): Bot => {
  const id = members.id ?? (`bot_${of.id.replace(/^evt_/, "")}` as BotId)
  const link = members.link ?? of.link ?? defaultLink
  return {
    id,
    meeting: of.meeting,
    eventId: of.id,
    calendarId: of.calendarId,
    status: "Scheduled",
    statusReason: null,
    statusMessage: null,
    origin: "manual",
    seq: 1,
    joinAt: of.start - minute,
    start: of.start,
    end: of.end,
    link,
    botName: "Notes",
    customAttributes: {},
    config: {},
    schedule: { name: `bot-${id}` as ScheduleName, group: link.platform, wanted: 1, applied: 0 },
    launch: null,
    externalId: null,
    revision: 1,
    createdAt: of.start - day,
    updatedAt: of.start - day,
    ...members
  }
}

/** What a bot that is `Launching` has: one call is out, and nobody knows yet what became of it. */
export const launch = (members: Partial<LaunchState> = {}): LaunchState => ({
  leaseUntil: now + minute,
  attempts: 1,
  retryAt: null,
  mayHaveSucceeded: true,
  openUntil: null,
  takenBack: null,
  owner: null,
  ...members
})
