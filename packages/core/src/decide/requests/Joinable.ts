/**
 * Whether a request may ask for a bot for an event: it takes place, has not ended, has a link, and the workspace allows it.
 */
import { standingOf } from "../state/StateIndex.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { CalendarId } from "../../domain/Ids.ts"
import { type Refusal, blockedByPolicy, eventNotFound, refuse } from "../../domain/Refusal.ts"
import type { Slice } from "../../domain/Slice.ts"
import type { Instant } from "../../domain/Time.ts"
import { lockOn, rulebookOf } from "../desired/Ruling.ts"
import type { State } from "../state/StateIndex.ts"

/**
 * Whether a calendar was deselected, or its connection taken down, since the request read it. An intent made for it now would
 * outlive those that are being ended, and come back with the calendar.
 */
export const isGivenUp = (state: Pick<Slice, "calendars" | "connections">, calendarId: CalendarId): boolean =>
  !standingOf(state).has(calendarId)

/** Why the event can't be joined; null: it can. */
export const whyNotJoinable = (event: CalendarEvent, now: Instant): Refusal | null => {
  if (event.isDeleted) return eventNotFound
  if (event.isCancelled) return refuse("event_cancelled", "The meeting was cancelled.")
  if (event.end <= now) return refuse("event_ended", "The meeting has ended.")
  if (event.link === null) return refuse("no_meeting_link", "The event has no link of a supported meeting platform.")
  return null
}

/** Which events the workspace forbids, and why; null: it allows them. */
export const policyOf = (state: State): ((event: CalendarEvent) => Refusal | null) => {
  const book = rulebookOf(state)
  return (event) => {
    const rule = lockOn(book, event)
    return rule === null ? null : blockedByPolicy(rule.name)
  }
}
