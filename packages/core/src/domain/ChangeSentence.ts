/**
 * An entry of the log in a sentence for the person it is about.
 * Decides the words of what happened to connections and calendars; those of bots stand in `BotSentence.ts`. A sentence tells
 * nothing that the entry does not.
 */
import { botSentence } from "./BotSentence.ts"
import type { CalendarSynced, ConnectionChange, NewChange } from "./LoggedChange.ts"

export const changeSentence = (change: NewChange): string => {
  switch (change.type) {
    case "connection.created":
    case "connection.updated":
    case "connection.disconnected":
      return connectionSentence(change)
    case "calendar.synced":
      return syncSentence(change)
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
