/**
 * Calendars in the in-memory store: which there are, which are selected, which are due and subscribed.
 *
 * Decides what a listing, a patch and a notification change. Never touches the mirror: see `Mirror.ts`.
 */
import { Result } from "effect"
import { listedCalendar, patchedCalendar } from "../../../src/mirror/CalendarRow.ts"
import type { Calendar, CalendarPatch, KnownListing } from "../../../src/domain/Calendar.ts"
import type { ConnectionGeneration } from "../../../src/domain/Connection.ts"
import type { CalendarId, UserId } from "../../../src/domain/Ids.ts"
import type { Instant } from "../../../src/domain/Time.ts"
import { Fenced, type SubscribedCalendar } from "../../../src/ports/Store.ts"
import { type Tenant, type Tenants, calendarsOf, comparePlaces, isStanding, tenantOf } from "./Tenant.ts"

export const calendars = (tenants: Tenants, userId: UserId): ReadonlyArray<Calendar> =>
  calendarsOf(tenantOf(tenants, userId))

/** The user's state, if the connection is still of that generation. */
export const fenced = (
  tenants: Tenants,
  { generation, id, userId }: ConnectionGeneration
): Result.Result<Tenant, Fenced> => {
  const tenant = tenants.get(userId)
  return tenant?.connections.get(id)?.generation === generation ? Result.succeed(tenant) : Result.fail(new Fenced())
}

/** The same, if the calendar is that connection's. */
export const fencedCalendar = (
  tenants: Tenants,
  of: ConnectionGeneration,
  calendarId: CalendarId
): Result.Result<{ readonly tenant: Tenant; readonly calendar: Calendar }, Fenced> =>
  Result.flatMap(fenced(tenants, of), (tenant) => {
    const calendar = tenant.calendars.get(calendarId)
    return calendar?.connectionId === of.id ? Result.succeed({ tenant, calendar }) : Result.fail(new Fenced())
  })

export const listCalendars = (
  tenants: Tenants,
  of: ConnectionGeneration,
  listings: ReadonlyArray<KnownListing>,
  dueAt: Instant
): Result.Result<ReadonlyArray<Calendar>, Fenced> =>
  Result.map(fenced(tenants, of), (tenant) => {
    for (const [position, listing] of listings.entries()) {
      const known = tenant.calendars.get(listing.id) ?? null
      tenant.calendars.set(listing.id, listedCalendar(known, listing, position, dueAt))
    }
    return calendarsOf(tenant).filter(({ connectionId }) => connectionId === of.id)
  })

export const patchCalendar = (
  tenants: Tenants,
  of: ConnectionGeneration,
  calendarId: CalendarId,
  patch: CalendarPatch
): Result.Result<void, Fenced> =>
  Result.map(fencedCalendar(tenants, of, calendarId), ({ calendar, tenant }) => {
    tenant.calendars.set(calendarId, patchedCalendar(calendar, patch))
    if (patch.selected !== undefined) tenant.version += 1
  })

export const subscriptions = (
  tenants: Tenants,
  subscriptionIds: ReadonlyArray<string>
): ReadonlyArray<SubscribedCalendar> =>
  subscribed(tenants).filter((found) => subscriptionIds.includes(found.subscription.id))

export const subscriptionsEnding = (
  tenants: Tenants,
  before: Instant,
  limit: number
): ReadonlyArray<SubscribedCalendar> =>
  subscribed(tenants)
    .filter((found) => found.subscription.expiresAt < before)
    .toSorted((a, b) => comparePlaces(endOf(a), endOf(b)))
    .slice(0, limit)

export const markChanged = (
  tenants: Tenants,
  marks: ReadonlyArray<{ readonly userId: UserId; readonly calendarId: CalendarId }>,
  dueAt: Instant
): void => {
  for (const { calendarId, userId } of marks) {
    const known = tenants.get(userId)?.calendars
    const calendar = known?.get(calendarId)
    if (known === undefined || calendar === undefined) continue
    const marked = { ...calendar, dueAt: Math.min(calendar.dueAt, dueAt), changedMark: calendar.changedMark + 1 }
    known.set(calendarId, marked)
  }
}

const subscribed = (tenants: Tenants): ReadonlyArray<SubscribedCalendar> =>
  [...tenants.values()].flatMap(({ calendars: held, connections, userId }) =>
    [...held.values()].flatMap(({ connectionId, id, subscription }) => {
      const connection = connections.get(connectionId)
      return subscription === null || connection === undefined || !isStanding(connection)
        ? []
        : [{ userId, connectionId, generation: connection.generation, calendarId: id, subscription }]
    })
  )

const endOf = ({ subscription: { expiresAt, id } }: SubscribedCalendar) => ({ at: expiresAt, id })
