/**
 * A calendar as the provider lists it, and its row before it was ever read: selected, due, the first of its user.
 * Decides default members only; spelled out here, so that what `mirror/CalendarRow.ts` begins with can be held to it.
 */
import type { Calendar, KnownListing } from "../../src/domain/Calendar.ts"
import { calendarId } from "../../src/domain/DeterministicIds.ts"
import { connectionId, now, providerCalendarId } from "./Present.ts"

export const listing = (members: Partial<KnownListing> = {}): KnownListing => {
  const of = members.connectionId ?? connectionId
  const providerId = members.providerId ?? providerCalendarId
  return { ...plainListing, id: calendarId(of, providerId), connectionId: of, namespace: of, providerId, ...members }
}

/** What a listing says unless a test says otherwise. */
export const plainListing = {
  summary: "Calendar",
  isPrimary: false,
  accessRole: "owner",
  color: "#0078d4",
  timeZone: "Europe/Berlin"
} as const

export const calendar = (members: Partial<Calendar> = {}): Calendar => ({
  ...listing(members),
  selected: true,
  isRemoved: false,
  position: 0,
  subscription: null,
  pollingReason: null,
  eventsZone: null,
  cursor: null,
  window: null,
  basedAt: null,
  lastSyncedAt: null,
  syncStatus: "never",
  syncError: null,
  dueAt: now,
  changedMark: 0,
  syncGeneration: 0,
  leaseUntil: null,
  ...members
})
