/**
 * An entry of the log as the JSON of the HTTP contract.
 * Decides how its members are called, and that what was is told by the members of the view that are otherwise now: so
 * `previous` speaks of a bot or a connection as lists do.
 */
import { type ConnectionChange, type LoggedBot, type LoggedChange, changeSentence, sameJson } from "@punctual/core"
import { formatInstant } from "../api/Time.ts"
import { scheduledBot } from "./BotView.ts"
import type { CalendarNames } from "./CalendarNames.ts"
import { scheduledBotOnWire } from "./PageText.ts"

type Members = Readonly<Record<string, unknown>>

export const changeOnWire = (change: LoggedChange, names: CalendarNames): Members => ({
  id: change.id,
  sequence: change.sequence,
  type: change.type,
  occurred_at: formatInstant(change.occurredAt),
  user_id: change.userId,
  workspace_id: change.workspaceId,
  event_id: change.eventId,
  bot_id: change.botId,
  cause: change.cause,
  data: dataOnWire(change, names)
})

export const entryOnWire = (change: LoggedChange, names: CalendarNames): Members => ({
  ...changeOnWire(change, names),
  sentence: changeSentence(change)
})

const dataOnWire = (change: LoggedChange, names: CalendarNames): Members => {
  switch (change.type) {
    case "calendar.synced": {
      const { calendarId, created, deleted, updated } = change.data
      return { calendar_id: names(calendarId), created, updated, deleted }
    }
    case "coverage.at_risk":
    case "coverage.restored": {
      const { calendarId, causes, start, status } = change.data
      return { status, causes, calendar_id: names(calendarId), start_time: formatInstant(start) }
    }
    case "connection.created":
    case "connection.updated":
    case "connection.disconnected": {
      const { connection, previous } = change.data
      const now = connectionShown(connection)
      return { connection: now, previous: otherwise(connectionShown({ ...connection, ...previous }), now) }
    }
    default: {
      const { bot, previous } = change.data
      const now = botShown(bot)
      return { bot: now, previous: otherwise(botShown({ ...bot, ...previous }), now) }
    }
  }
}

const botShown = (bot: LoggedBot): Members => ({
  ...scheduledBotOnWire(scheduledBot(bot)),
  start_time: formatInstant(bot.start),
  end_time: formatInstant(bot.end)
})

const connectionShown = (connection: ConnectionChange["data"]["connection"]): Members => ({
  calendar_id: connection.id,
  platform: connection.platform,
  status: connection.status,
  status_reason: connection.statusReason,
  status_message: connection.statusMessage,
  user_email: connection.email,
  user_name: connection.name
})

/** The members that are otherwise now, as they were. */
const otherwise = (before: Members, now: Members): Members =>
  Object.fromEntries(Object.entries(before).filter(([member, value]) => !sameJson(value, now[member])))
