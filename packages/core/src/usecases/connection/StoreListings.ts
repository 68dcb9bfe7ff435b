/**
 * A list of calendars as the provider gave it, written.
 * Decides that a calendar which is in another zone by now marks its user, where rules read it: before the list is written, so
 * that whoever dies in between has marked one too many.
 */
import { Effect } from "effect"
import { type Calendar, type KnownListing, zoneOfCalendar } from "../../domain/Calendar.ts"
import type { Connection } from "../../domain/Connection.ts"
import type { Instant } from "../../domain/Time.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { markByZone } from "../scheduling/JudgeAnew.ts"

/** `known`: the user's calendars so far. The connection's, by rank; those that are new are due at the instant. */
export const storeListings = Effect.fnUntraced(function* (
  connection: Connection,
  listings: ReadonlyArray<KnownListing>,
  known: ReadonlyArray<Calendar>,
  dueAt: Instant
): Effect.fn.Return<ReadonlyArray<Calendar>, StoreError, Store> {
  const told = new Map(listings.map((listing) => [listing.id, listing]))
  const isOther = known.some((calendar) => {
    const { timeZone } = told.get(calendar.id) ?? calendar
    return calendar.selected && zoneOfCalendar(calendar) !== zoneOfCalendar({ ...calendar, timeZone })
  })
  if (isOther) yield* markByZone(connection.userId)
  return yield* (yield* Store).listCalendars(connection, listings, dueAt)
})
