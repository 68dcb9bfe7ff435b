/**
 * An entry of the log in a sentence for the person it is about.
 * Decides the words of what happened to connections and calendars, and of what is foreseen; those of bots stand in
 * `BotSentence.ts`. A sentence tells nothing that the entry does not.
 */
import { botSentence, sentenceParts, timeWords } from "./BotSentence.ts"
import type { ForecastCause } from "./ForecastStatus.ts"
import type { CalendarSynced, ConnectionChange, CoverageChange, NewChange } from "./LoggedChange.ts"

export const changeSentence = (change: NewChange): string => {
  switch (change.type) {
    case "connection.created":
    case "connection.updated":
    case "connection.disconnected":
      return connectionSentence(change)
    case "calendar.synced":
      return syncSentence(change)
    case "coverage.at_risk":
    case "coverage.restored":
      return coverageSentence(change)
    default:
      return botSentence(change)
  }
}

const connectionSentence = ({ data: { connection, previous }, type }: ConnectionChange): string => {
  const account = connection.email === null ? "The calendar account" : `The calendar account ${connection.email}`
  if (type === "connection.created") return `${account} was connected.`
  if (type === "connection.disconnected") return `${account} was disconnected.`
  const why = connection.statusMessage === null ? "" : `: ${withoutStop(connection.statusMessage)}`
  switch (connection.status) {
    case "reauthorization_required":
      return `${account} must be connected again${why}.`
    case "error":
      return `${account} can’t be read${why}.`
    default: {
      if (previous.status !== undefined) return `${account} can be read again.`
      const isRenamed = previous.email !== undefined || previous.name !== undefined
      return isRenamed ? `${account} goes by another name or address.` : `${account} has new credentials.`
    }
  }
}

const withoutStop = (sentence: string): string => sentence.replace(/\.$/, "")

const syncSentence = ({ data: { created, deleted, updated } }: CalendarSynced): string => {
  const counts = [
    counted(created, "is new", "are new"),
    counted(updated, "changed"),
    counted(deleted, "is gone", "are gone")
  ]
  return `The calendar was read: ${counts.filter((each) => each !== null).join(", ")}.`
}

const counted = (count: number, one: string, many = one): string | null =>
  count === 0 ? null : `${count} ${count === 1 ? `event ${one}` : `events ${many}`}`

const coverageSentence = ({ data: { causes, start, status } }: CoverageChange): string => {
  const meeting = `the meeting on ${timeWords(start)}`
  const why = causes.length === 0 ? "" : `: ${sentenceParts(causes.map((cause) => dangers[cause]))}`
  switch (status) {
    case "covered":
      return `The bot of ${meeting} is in danger no more.`
    case "at_risk":
      return `The bot of ${meeting} is in danger${why}.`
    case "uncovered":
      return `As things stand ${meeting} will have no bot${why}.`
  }
}

const dangers: Readonly<Record<ForecastCause, string>> = {
  reauthorization_required: "the calendar must be connected again",
  client_secret_expired: "the client secret of the calendar’s app has expired",
  notifications_lost: "the provider does not tell of changes",
  sync_failing: "the calendar could not be read when last tried",
  launcher_not_configured: "no bot service is set up",
  launcher_failing: "the bot service does not answer as it should",
  platform_not_supported: "the bot service does not join meetings of that platform",
  paused: "launches are paused",
  bot_failed: "its bot has failed"
}
