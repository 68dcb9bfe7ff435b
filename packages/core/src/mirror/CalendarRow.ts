/**
 * A calendar's row when the provider lists it, and when it is changed outside a pass.
 * Decides what a new row begins with and what a known one keeps. Never decides whether a write is allowed: that is the
 * store's fence.
 */
import { calendarId } from "../domain/DeterministicIds.ts"
import {
  type Calendar,
  type CalendarListing,
  type CalendarPatch,
  type KnownListing,
  isReadable
} from "../domain/Calendar.ts"
import type { ConnectionId } from "../domain/Ids.ts"
import type { Instant } from "../domain/Time.ts"

/** What a provider lists, with what we know it by. */
export const knownListing = (
  connection: ConnectionId,
  idsUniqueIn: "account" | "calendar",
  listing: CalendarListing
): KnownListing => {
  const id = calendarId(connection, listing.providerId)
  return { ...listing, id, connectionId: connection, namespace: idsUniqueIn === "account" ? connection : id }
}

/**
 * The row of a calendar that was listed at a position. One seen for the first time (`known` is null) is selected, where
 * its meetings can be read, and due at the instant; of a known one the listing's members alone change.
 */
export const listedCalendar = (
  known: Calendar | null,
  listing: KnownListing,
  position: number,
  dueAt: Instant
): Calendar => (known === null ? firstSeen(listing, position, dueAt) : { ...known, ...membersOf(listing) })

/** A change of `selected` takes the calendar from whoever is reading it. */
export const patchedCalendar = (calendar: Calendar, { reset, ...members }: CalendarPatch): Calendar => {
  const isTurned = members.selected !== undefined && members.selected !== calendar.selected
  return {
    ...calendar,
    ...members,
    ...(reset === true ? { cursor: null, window: null } : {}),
    // Whoever held the claim can't end its pass any more, so the lease goes with it.
    ...(isTurned ? { syncGeneration: calendar.syncGeneration + 1, leaseUntil: null } : {})
  }
}

/** The members of a listing and no others, whatever else the object at hand carries. */
const membersOf = (listing: KnownListing): KnownListing => ({
  id: listing.id,
  connectionId: listing.connectionId,
  providerId: listing.providerId,
  namespace: listing.namespace,
  summary: listing.summary,
  isPrimary: listing.isPrimary,
  accessRole: listing.accessRole,
  color: listing.color,
  timeZone: listing.timeZone
})

const firstSeen = (listing: KnownListing, position: number, dueAt: Instant): Calendar => ({
  ...membersOf(listing),
  selected: isReadable(listing),
  isRemoved: false,
  position,
  subscription: null,
  pollingReason: null,
  eventsZone: null,
  cursor: null,
  window: null,
  basedAt: null,
  lastSyncedAt: null,
  syncStatus: "never",
  syncError: null,
  dueAt,
  changedMark: 0,
  syncGeneration: 0,
  leaseUntil: null
})
