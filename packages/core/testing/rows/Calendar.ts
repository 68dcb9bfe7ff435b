/**
 * A calendar as the provider lists it, and its row before it was ever read: selected, due, the first of its user.
 * Decides default members only; spelled out here, so that what `mirror/CalendarRow.ts` begins with can be held to it.
 */
import type { Calendar, CalendarListing } from "../../src/domain/Calendar.ts"
import { calendarId, now } from "./Present.ts"

export const listing = (members: Partial<CalendarListing> = {}): CalendarListing => ({
  id: calendarId,
  summary: "Calendar",
  isPrimary: false,
  accessRole: "owner",
  color: "#0078d4",
  timeZone: "Europe/Berlin",
  ...members
})

export const calendar = (members: Partial<Calendar> = {}): Calendar => ({
  ...listing(),
  selected: true,
  position: 0,
  subscription: null,
  pollingReason: null,
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
