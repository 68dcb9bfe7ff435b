/**
 * Writing into the in-memory store's log. Whoever writes what an entry tells of calls this in the same step.
 * Decides an entry's sequence, its place among everybody's, and that time never falls within a user.
 */
import type { CalendarId } from "../../../src/domain/Ids.ts"
import { type MirrorCounts, type NewChange, loggedChange } from "../../../src/domain/LoggedChange.ts"
import { addCounts, calendarSynced, noCounts } from "../../../src/domain/MirrorCounts.ts"
import type { Instant } from "../../../src/domain/Time.ts"
import type { Tenant, Tenants } from "./Tenant.ts"

/** Nothing is told of null. */
export const append = (tenants: Tenants, tenant: Tenant, change: NewChange | null | undefined): void => {
  if (change === null || change === undefined) return
  tenants.place += 1
  tenant.sequence += 1
  tenant.toldAt = Math.max(tenant.toldAt, change.occurredAt)
  const { sequence, toldAt: occurredAt, userId, workspaceId } = tenant
  tenant.log.push({
    place: tenants.place,
    change: loggedChange(change, { userId, workspaceId, sequence, occurredAt })
  })
}

/** Notes what was changed in a calendar, until somebody tells of it. */
export const count = (tenant: Tenant, calendarId: CalendarId, counts: MirrorCounts): void => {
  tenant.counts.set(calendarId, addCounts(tenant.counts.get(calendarId) ?? noCounts, counts))
}

/** Tells of it. */
export const tellCounts = (tenants: Tenants, tenant: Tenant, calendarId: CalendarId, at: Instant): void => {
  append(tenants, tenant, calendarSynced(calendarId, tenant.counts.get(calendarId) ?? noCounts, at))
  tenant.counts.delete(calendarId)
}
