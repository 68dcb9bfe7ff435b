/**
 * Calendars in the in-memory store: which there are, which are selected, which are due and subscribed.
 *
 * Decides what a listing, a patch and a notification change. Never touches the mirror: see `Mirror.ts`.
 */
import { Result } from "effect"
import { listedCalendar, patchedCalendar } from "../../../src/mirror/CalendarRow.ts"
import type { Calendar, CalendarListing, CalendarPatch } from "../../../src/domain/Calendar.ts"
import type { CalendarId, UserId } from "../../../src/domain/Ids.ts"
import type { Instant } from "../../../src/domain/Time.ts"
import { Fenced, type SubscribedCalendar } from "../../../src/ports/Store.ts"
import { type Tenant, type Tenants, compareCalendars, comparePlaces, tenantOf } from "./Tenant.ts"

export const calendars = (tenants: Tenants, userId: UserId): ReadonlyArray<Calendar> =>
  calendarsOf(tenantOf(tenants, userId))

export const calendarsOf = (tenant: Tenant): ReadonlyArray<Calendar> =>
  [...tenant.calendars.values()].map(({ calendar }) => calendar).toSorted(compareCalendars)

/** The user's state, if it still belongs to that generation of the connection. */
export const fenced = (tenants: Tenants, userId: UserId, generation: number): Result.Result<Tenant, Fenced> => {
  const tenant = tenants.get(userId)
  return tenant?.connection?.generation === generation ? Result.succeed(tenant) : Result.fail(new Fenced())
}

export const listCalendars = (
  tenants: Tenants,
  userId: UserId,
  generation: number,
  listings: ReadonlyArray<CalendarListing>,
  dueAt: Instant
): Result.Result<ReadonlyArray<Calendar>, Fenced> =>
  Result.map(fenced(tenants, userId, generation), (tenant) => {
    for (const [position, listing] of listings.entries()) {
      const known = tenant.calendars.get(listing.id)?.calendar ?? null
      const calendar = listedCalendar(known, listing, position, dueAt)
      tenant.calendars.set(listing.id, { calendar, generation })
    }
    return calendarsOf(tenant)
  })

export const patchCalendar = (
  tenants: Tenants,
  userId: UserId,
  generation: number,
  calendarId: CalendarId,
  patch: CalendarPatch
): Result.Result<void, Fenced> =>
  Result.flatMap(fenced(tenants, userId, generation), (tenant) => {
    const held = tenant.calendars.get(calendarId)
    if (held === undefined) return Result.fail(new Fenced())
    const calendar = patchedCalendar(held.calendar, patch)
    tenant.calendars.set(calendarId, { calendar, generation: held.generation })
    return Result.void
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
    .filter((found) => tenantOf(tenants, found.userId).connection?.status !== "disconnected")
    .toSorted((a, b) => comparePlaces(endOf(a), endOf(b)))
    .slice(0, limit)

export const markChanged = (
  tenants: Tenants,
  marks: ReadonlyArray<{ readonly userId: UserId; readonly calendarId: CalendarId }>,
  dueAt: Instant
): void => {
  for (const { calendarId, userId } of marks) {
    const known = tenants.get(userId)?.calendars
    const held = known?.get(calendarId)
    if (known === undefined || held === undefined) continue
    const { calendar, generation } = held
    const marked = { ...calendar, dueAt: Math.min(calendar.dueAt, dueAt), changedMark: calendar.changedMark + 1 }
    known.set(calendarId, { calendar: marked, generation })
  }
}

const subscribed = (tenants: Tenants): ReadonlyArray<SubscribedCalendar> =>
  [...tenants.values()].flatMap(({ calendars: held, userId }) =>
    [...held.values()].flatMap(({ calendar, generation }) =>
      calendar.subscription === null
        ? []
        : [{ userId, generation, calendarId: calendar.id, subscription: calendar.subscription }]
    )
  )

const endOf = ({ subscription: { expiresAt, id } }: SubscribedCalendar) => ({ at: expiresAt, id })
