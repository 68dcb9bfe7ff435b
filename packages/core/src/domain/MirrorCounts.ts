/**
 * How many of a calendar's events were changed, and what that leaves in the log.
 * Decides what counts as made, changed and gone. The store counts as it writes, on the calendar's row, so that whoever ends
 * a pass tells of all that was changed since somebody last did.
 */
import type { CalendarId } from "./Ids.ts"
import type { CalendarSynced, MirrorCounts } from "./LoggedChange.ts"
import type { Instant } from "./Time.ts"

export const noCounts: MirrorCounts = { created: 0, updated: 0, deleted: 0 }

/** As what a row counts that was written over another; for one that says what it said before it is not asked. */
export const countedAs = (
  before: { readonly isDeleted: boolean } | null,
  { isDeleted }: { readonly isDeleted: boolean }
): keyof MirrorCounts => (isDeleted ? "deleted" : before === null || before.isDeleted ? "created" : "updated")

export const addCounts = (a: MirrorCounts, b: MirrorCounts): MirrorCounts => ({
  created: a.created + b.created,
  updated: a.updated + b.updated,
  deleted: a.deleted + b.deleted
})

/** Null: nothing was changed, so that there is nothing to tell. */
export const calendarSynced = (
  calendarId: CalendarId,
  { created, deleted, updated }: MirrorCounts,
  occurredAt: Instant
): CalendarSynced | null =>
  created + updated + deleted === 0
    ? null
    : { type: "calendar.synced", occurredAt, cause: "calendar", data: { calendarId, created, updated, deleted } }
