/**
 * Which copy of a meeting is its canonical copy, the one that carries its bot.
 * Decides by rank among copies that take place: one with a link before one without, a listed one before a virtual one.
 */
import { seriesOfMeeting } from "../../domain/MeetingKey.ts"
import type { StateIndex } from "../state/StateIndex.ts"
import type { CalendarEvent } from "../../domain/Event.ts"

/** Whether a copy stands in a selected calendar of a connection that stands, and is neither gone nor cancelled. */
export const takesPlace = (index: StateIndex, event: CalendarEvent): boolean =>
  !event.isDeleted && !event.isCancelled && index.standing.has(event.calendarId)

/**
 * Of copies that take place, in order of rank, the one that holds the bot: the first with a link, else the first. What a
 * calendar lists goes before what is only expected of one, an occurrence before a single event that is taken for it.
 */
export const canonicalAmong = (copies: ReadonlyArray<CalendarEvent>): CalendarEvent | undefined => {
  const isListed = copies.some(({ isVirtual }) => !isVirtual)
  const listed = isListed ? copies.filter(({ isVirtual }) => !isVirtual) : copies
  const own = listed.filter(({ meeting, seriesKey }) => seriesKey !== null || seriesOfMeeting(meeting) === null)
  const known = own.length > 0 ? own : listed
  return known.find(({ link }) => link !== null) ?? known[0]
}
