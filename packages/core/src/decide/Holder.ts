/**
 * Which copy of a meeting carries its bot, and where none does, why.
 * Decides among copies alone. Never decides whether a bot is wanted.
 */
import type { CancelReason } from "../domain/Bot.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import type { MeetingKey } from "../domain/Ids.ts"
import { exclusionOf, holderAmong, standingRequests } from "./Coverage.ts"
import { dateOfMeeting, seriesOfMeeting } from "./DedupKey.ts"
import type { JudgeContext } from "./Desired.ts"

/** The copy that holds the bot; of copies none of which takes place, one that says why. */
export const holder = (context: JudgeContext, meeting: MeetingKey): CalendarEvent | null => {
  const { arranged, far } = context
  const copies = [...(arranged.copies.get(meeting) ?? []), ...(far.get(meeting) ?? [])]
  const standing = copies.filter(
    (copy) => !copy.isDeleted && arranged.calendars.get(copy.calendarId)?.selected === true
  )
  return holderAmong(standing.filter((copy) => !copy.isCancelled)) ?? standing[0] ?? null
}

export interface Absence {
  readonly reason: CancelReason
  /** The exclusion that is the reason, where one is. */
  readonly removal: string | null
}

/** Why no copy stands: the calendar it stood in was deselected, the user removed what only a wish told of, or it is gone. */
export const absence = ({ arranged, reach: { lastDates } }: JudgeContext, meeting: MeetingKey): Absence => {
  const calendarIds = [
    ...(arranged.copies.get(meeting) ?? []).map((copy) => copy.calendarId),
    ...(arranged.bots.get(meeting) ?? []).map((bot) => bot.calendarId)
  ]
  if (calendarIds.some((id) => arranged.calendars.get(id)?.selected === false)) {
    return { reason: "calendar_deselected", removal: null }
  }
  const event = { meeting, seriesId: null, seriesKey: seriesOfMeeting(meeting), originalDate: dateOfMeeting(meeting) }
  const { excluded, latest } = standingRequests(arranged, lastDates, event)
  const isRemoved = !arranged.copies.has(meeting) && Math.max(excluded.meeting, excluded.series) > latest
  return isRemoved
    ? { reason: "removed_by_user", removal: exclusionOf(arranged, event)?.id ?? null }
    : { reason: "meeting_deleted", removal: null }
}
