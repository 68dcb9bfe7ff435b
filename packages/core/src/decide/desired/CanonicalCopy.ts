/**
 * Which copy of a meeting carries its bot, and where none does, why.
 * Decides among copies alone. Never decides whether a bot is wanted.
 */
import type { CancelReason } from "../../domain/Bot.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { MeetingKey } from "../../domain/Ids.ts"
import { exclusionOf } from "../intents/Exclusions.ts"
import { canonicalAmong } from "../occurrences/CopyRank.ts"
import { standingRequests } from "../intents/StandingRequests.ts"
import { dateOfMeeting, seriesOfMeeting } from "../../domain/MeetingKey.ts"
import type { DecisionContext } from "./DecisionContext.ts"

/**
 * The copy that carries the bot; where every copy is cancelled, the first of them; null where none stands in a selected
 * calendar.
 */
export const canonicalCopy = (context: DecisionContext, meeting: MeetingKey): CalendarEvent | null => {
  const { index, far } = context
  const copies = [...(index.copies.get(meeting) ?? []), ...(far.get(meeting) ?? [])]
  const standing = copies.filter((copy) => !copy.isDeleted && index.standing.has(copy.calendarId))
  return canonicalAmong(standing.filter((copy) => !copy.isCancelled)) ?? standing[0] ?? null
}

export interface Absence {
  readonly reason: CancelReason
  /** The exclusion's id, where an exclusion is the reason. */
  readonly removal: string | null
}

/**
 * Why no copy stands: its calendar was deselected or disconnected, an occurrence known from an intent alone was excluded, or
 * it is gone.
 */
export const absence = ({ index, reach: { lastDates } }: DecisionContext, meeting: MeetingKey): Absence => {
  const calendarIds = [
    ...(index.copies.get(meeting) ?? []).map((copy) => copy.calendarId),
    ...(index.bots.get(meeting) ?? []).map((bot) => bot.calendarId)
  ]
  const left = calendarIds.flatMap((id) => (index.standing.has(id) ? [] : (index.calendars.get(id) ?? [])))
  if (left.some(({ selected }) => !selected)) return { reason: "calendar_deselected", removal: null }
  if (left.length > 0) return { reason: "calendar_disconnected", removal: null }
  const event = { meeting, seriesId: null, seriesKey: seriesOfMeeting(meeting), originalDate: dateOfMeeting(meeting) }
  const { excluded, latest } = standingRequests(index, lastDates, event)
  const isRemoved = !index.copies.has(meeting) && Math.max(excluded.meeting, excluded.series) > latest
  return isRemoved
    ? { reason: "removed_by_user", removal: exclusionOf(index, event)?.id ?? null }
    : { reason: "meeting_deleted", removal: null }
}
