/**
 * The time zone of a calendar whose account does not tell it: that takes a permission which the guide does not ask for.
 * Decides: the zone that most of its next events are in; of two that are used as often, the one that comes first.
 */
import { Clock, Effect } from "effect"
import type { Calendar, Failure, Punctual, UserId } from "@punctual/core"

const fallback = "UTC"

const day = 86_400_000
const pastMillis = 7 * day
const aheadMillis = 28 * day
/** Events looked at. */
const eventsMax = 100

/** An IANA name. */
export const zoneOf = Effect.fnUntraced(function* (
  punctual: Punctual["Service"],
  userId: UserId,
  calendar: Calendar
): Effect.fn.Return<string, Failure> {
  if (calendar.timeZone !== null) return calendar.timeZone
  if (!calendar.selected) return fallback
  const now = yield* Clock.currentTimeMillis
  const { items } = yield* punctual.events(
    userId,
    {
      calendarId: calendar.id,
      span: { from: now - pastMillis, to: now + aheadMillis },
      includeDeleted: false,
      uniqueMeetings: false,
      limit: eventsMax,
      place: null,
      backwards: false
    },
    "never"
  )
  return mostUsed(items.map(({ event }) => event.zone)) ?? fallback
})

/** Null: none is. */
export const mostUsed = (zones: ReadonlyArray<string>): string | null => {
  const counts = new Map<string, number>()
  for (const zone of zones) if (zone !== "") counts.set(zone, (counts.get(zone) ?? 0) + 1)
  let most: string | null = null
  for (const [zone, count] of counts) if (most === null || count > (counts.get(most) ?? 0)) most = zone
  return most
}
