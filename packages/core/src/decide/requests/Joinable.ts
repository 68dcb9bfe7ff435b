/**
 * Whether a request may ask for a bot for an event: it takes place, has not ended, and has a link.
 */
import type { CalendarEvent } from "../../domain/Event.ts"
import type { CalendarId } from "../../domain/Ids.ts"
import { type Refusal, eventNotFound, refuse } from "../../domain/Refusal.ts"
import type { Slice } from "../../domain/Slice.ts"
import type { Instant } from "../../domain/Time.ts"

/**
 * Whether a calendar was deselected since it was looked into. What is asked for there now would outlive the intents that
 * are just being ended, and come back with the calendar.
 */
export const isGivenUp = ({ calendars }: Pick<Slice, "calendars">, calendarId: CalendarId): boolean =>
  calendars.some(({ id, selected }) => id === calendarId && !selected)

/** Nothing left to join, or no way to; null: it can be joined. */
export const whyNotJoinable = (event: CalendarEvent, now: Instant): Refusal | null => {
  if (event.isDeleted) return eventNotFound
  if (event.isCancelled) return refuse("event_cancelled", "The meeting was cancelled.")
  if (event.end <= now) return refuse("event_ended", "The meeting has ended.")
  if (event.link === null) return refuse("no_meeting_link", "The event has no link of a supported meeting platform.")
  return null
}
