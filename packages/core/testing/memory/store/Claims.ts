/**
 * Claims in the in-memory store: who may write a calendar's mirror, for how long, and how a round ends.
 *
 * Decides who holds a calendar. Never touches the mirror itself: see `Mirror.ts`.
 */
import { Option, Result } from "effect"
import type { Calendar, SyncStatus } from "../../../src/domain/Calendar.ts"
import type { Connection } from "../../../src/domain/Connection.ts"
import type { CalendarId, UserId } from "../../../src/domain/Ids.ts"
import type { Instant, Span } from "../../../src/domain/Time.ts"
import { type Claim, Fenced } from "../../../src/ports/Store.ts"
import { fencedCalendar } from "./Calendars.ts"
import { tellCounts } from "./Append.ts"
import { type Tenant, type Tenants, compareIds } from "./Tenant.ts"

export const claimNext = (
  tenants: Tenants,
  now: Instant,
  leaseUntil: Instant,
  leftOut: ReadonlyArray<UserId>
): Option.Option<Claim> => {
  const due = candidates(tenants)
    .filter((candidate) => readyAt(candidate) <= now && !leftOut.includes(candidate.tenant.userId))
    .toSorted((a, b) => compareDue(a, b))
  return Option.map(Option.fromUndefinedOr(due[0]), (first) => take(first, leaseUntil))
}

export const claimCalendar = (
  tenants: Tenants,
  userId: UserId,
  calendarId: CalendarId,
  now: Instant,
  leaseUntil: Instant
): Option.Option<Claim> => {
  const found = candidates(tenants, userId).find(({ calendar }) => calendar.id === calendarId)
  if (found === undefined || (found.calendar.leaseUntil ?? now) > now) return Option.none()
  return Option.some(take(found, leaseUntil))
}

export const nextDue = (tenants: Tenants, leftOut: ReadonlyArray<UserId>): Option.Option<Instant> => {
  const instants = candidates(tenants)
    .filter(({ tenant }) => !leftOut.includes(tenant.userId))
    .map(readyAt)
  return instants.length === 0 ? Option.none() : Option.some(instants.reduce((a, b) => Math.min(a, b)))
}

/** The user's state and the claimed calendar, while the claim holds. */
export const underClaim = (
  tenants: Tenants,
  claim: Claim
): Result.Result<{ readonly tenant: Tenant; readonly calendar: Calendar }, Fenced> =>
  Result.filterOrFail(
    fencedCalendar(tenants, claim.connection, claim.calendar.id),
    ({ calendar }) => calendar.syncGeneration === claim.calendar.syncGeneration,
    () => new Fenced()
  )

export const extendLease = (tenants: Tenants, claim: Claim, leaseUntil: Instant): Result.Result<void, Fenced> =>
  patch(tenants, claim, () => ({ leaseUntil }))

/** How a round that was read to its end changes its calendar. */
export interface Round {
  readonly cursor: string
  readonly window: Span
  readonly basedAt: Instant
  readonly syncedAt: Instant
  readonly endedAt: Instant
  readonly againAt: Instant
  readonly dueAt: Instant
}

export const finishPass = (tenants: Tenants, claim: Claim, round: Round): Result.Result<void, Fenced> =>
  ended(tenants, claim, round.endedAt, (calendar) => ({
    cursor: round.cursor,
    window: round.window,
    basedAt: round.basedAt,
    lastSyncedAt: round.syncedAt,
    syncStatus: "ok",
    syncError: null,
    // Marked again meanwhile.
    dueAt: calendar.changedMark > claim.calendar.changedMark ? Math.min(round.againAt, round.dueAt) : round.dueAt,
    leaseUntil: null
  }))

/** How a round that failed changes its calendar. */
export interface Failure {
  readonly syncStatus: SyncStatus
  readonly syncError: string
  readonly endedAt: Instant
  readonly dueAt: Instant
  readonly reset: boolean
}

export const failPass = (tenants: Tenants, claim: Claim, failure: Failure): Result.Result<void, Fenced> =>
  ended(tenants, claim, failure.endedAt, () => ({
    syncStatus: failure.syncStatus,
    syncError: failure.syncError,
    dueAt: failure.dueAt,
    leaseUntil: null,
    ...(failure.reset ? { cursor: null, window: null } : {})
  }))

interface Candidate {
  readonly tenant: Tenant
  readonly connection: Connection
  readonly calendar: Calendar
}

/** Selected calendars of active connections, whether or not they are due. */
const candidates = (tenants: Tenants, userId?: UserId): ReadonlyArray<Candidate> => {
  const found: Array<Candidate> = []
  for (const tenant of tenants.values()) {
    if (userId !== undefined && tenant.userId !== userId) continue
    for (const calendar of tenant.calendars.values()) {
      const connection = tenant.connections.get(calendar.connectionId)
      if (calendar.selected && connection?.status === "active") found.push({ tenant, connection, calendar })
    }
  }
  return found
}

/** When nothing stands against a claim any more: due, free, and the provider may be asked. */
const readyAt = ({ calendar, connection }: Candidate): Instant =>
  Math.max(calendar.dueAt, calendar.leaseUntil ?? -Infinity, connection.notBefore ?? -Infinity)

/** Longest due first. */
const compareDue = (a: Candidate, b: Candidate): number =>
  a.calendar.dueAt - b.calendar.dueAt ||
  compareIds(a.tenant.userId, b.tenant.userId) ||
  compareIds(a.calendar.id, b.calendar.id)

const take = ({ calendar: held, connection, tenant }: Candidate, leaseUntil: Instant): Claim => {
  const calendar = { ...held, syncGeneration: held.syncGeneration + 1, leaseUntil }
  tenant.calendars.set(calendar.id, calendar)
  return { userId: tenant.userId, connection, calendar, leaseUntil }
}

const ended = (
  tenants: Tenants,
  claim: Claim,
  at: Instant,
  change: (calendar: Calendar) => Partial<Calendar>
): Result.Result<void, Fenced> =>
  Result.map(underClaim(tenants, claim), ({ calendar, tenant }) => {
    tenant.calendars.set(calendar.id, { ...calendar, ...change(calendar) })
    tellCounts(tenants, tenant, calendar.id, at)
  })

const patch = (
  tenants: Tenants,
  claim: Claim,
  change: (calendar: Calendar) => Partial<Calendar>
): Result.Result<void, Fenced> =>
  Result.map(underClaim(tenants, claim), ({ calendar, tenant }) => {
    tenant.calendars.set(calendar.id, { ...calendar, ...change(calendar) })
  })
