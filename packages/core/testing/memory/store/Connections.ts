/**
 * Connections in the in-memory store: who is connected, and what is left of who is not.
 *
 * Decides whether a connection's row may be written, and what a disconnect leaves. Never asks the time.
 */
import { Result } from "effect"
import { autoNever } from "../../../src/domain/Intent.ts"
import type { Connection } from "../../../src/domain/Connection.ts"
import type { ConnectionId, UserId } from "../../../src/domain/Ids.ts"
import type { ConnectionChange } from "../../../src/domain/LoggedChange.ts"
import { Conflict, type Erased } from "../../../src/ports/Store.ts"
import { append } from "./Append.ts"
import {
  type Tenant,
  type Tenants,
  type Told,
  connectionsOf,
  isLive,
  isStanding,
  tenantFor,
  tenantOf,
  usersAfter
} from "./Tenant.ts"

export const connections = (tenants: Tenants, userId: UserId): ReadonlyArray<Connection> =>
  connectionsOf(tenantOf(tenants, userId))

export const saveConnection = (
  tenants: Tenants,
  row: Connection,
  expected: number | null,
  change: ConnectionChange | null = null,
  marksJudging = false
): Result.Result<void, Conflict> => {
  const held = tenantOf(tenants, row.userId).connections.get(row.id)
  if ((held?.revision ?? null) !== expected) return Result.fail(new Conflict())
  const tenant = tenantFor(tenants, row.userId)
  tenant.connections.set(row.id, row)
  tenant.version += 1
  if (marksJudging) tenant.judgeMark = tenant.version
  append(tenants, tenant, change)
  return Result.void
}

export const connectedUsers = (tenants: Tenants, after: UserId | null, limit: number): ReadonlyArray<UserId> =>
  usersAfter(tenants, after)
    .filter((tenant) => connectionsOf(tenant).some(isStanding))
    .map(({ userId }) => userId)
    .slice(0, limit)

export const disconnecting = (tenants: Tenants, limit: number): ReadonlyArray<Connection> =>
  usersAfter(tenants, null)
    .flatMap(connectionsOf)
    .filter((row) => row.status === "disconnected" && row.statusReason === "erasing")
    .slice(0, limit)

const nothing: Erased = { events: 0, liveBots: 0, isDone: true, keptBots: 0 }

export const erase = (tenants: Tenants, userId: UserId, connectionId: ConnectionId, limit: number): Erased => {
  const tenant = tenants.get(userId)
  const held = tenant?.connections.get(connectionId)
  if (tenant === undefined || held === undefined || isStanding(held)) return nothing
  return connectionsOf(tenant).some(isStanding)
    ? eraseCalendars(tenant, connectionId, limit)
    : eraseEverything(tenant, limit)
}

const eraseEverything = (tenant: Tenant, limit: number): Erased => {
  const removed = takeFirst(tenant.events, limit)
  const bots = takeFirst(tenant.bots, limit, ({ status }) => status !== "Launching")
  takeFirst(tenant.series, limit)
  takeFirst(tenant.intents, limit)
  takeFirst(tenant.overrides, limit)
  const told = forget(tenant, limit, isPersonal)
  tenant.counts.clear()
  // Last: whoever connects another meanwhile leaves it to them what is this one's.
  if (tenant.events.size + tenant.series.size === 0) takeFirst(tenant.calendars, Infinity)
  // Which workspace the user is of is no matter of calendars, and stays.
  tenant.auto = autoNever
  tenant.pausedUntil = null
  // The counters go on, so that nothing decided before can be mistaken for something decided after.
  tenant.version += 1
  tenant.decided = tenant.mirrorNumber
  tenant.decideAt = null
  tenant.judgeMark = null
  const { calendars, events, intents, overrides, series } = tenant
  const keptBots = [...tenant.bots.values()].filter(({ status }) => status === "Launching").length
  return {
    events: removed.filter(({ row }) => !row.isDeleted).length,
    liveBots: bots.filter(isLive).length,
    isDone:
      told < limit &&
      tenant.bots.size === keptBots &&
      [calendars, events, intents, overrides, series].every(({ size }) => size === 0),
    keptBots
  }
}

/** Calendars last: by them the other rows are found. */
const eraseCalendars = (tenant: Tenant, connectionId: ConnectionId, limit: number): Erased => {
  const gone = new Set<string>()
  for (const calendar of tenant.calendars.values()) if (calendar.connectionId === connectionId) gone.add(calendar.id)
  const isGone = ({ row }: { readonly row: { readonly calendarId: string } }): boolean => gone.has(row.calendarId)
  const events = takeFirst(tenant.events, limit, isGone)
  const series = takeFirst(tenant.series, limit, isGone)
  const isOfIt = (told: Told): boolean => isPersonal(told) && isAbout(told, connectionId, gone)
  const isDone = events.length < limit && series.length < limit && forget(tenant, limit, isOfIt) < limit
  if (isDone)
    for (const { id } of takeFirst(tenant.calendars, Infinity, (row) => gone.has(row.id))) tenant.counts.delete(id)
  tenant.version += 1
  return { events: events.filter(({ row }) => !row.isDeleted).length, liveBots: 0, isDone, keptBots: 0 }
}

/** A connection that was taken down is told of without anything personal. */
const isPersonal = ({ change }: Told): boolean => change.type !== "connection.disconnected"

/** Bots outlive a connection while others stand, and so does what is told of them. */
const isAbout = ({ change }: Told, connectionId: ConnectionId, calendars: ReadonlySet<string>): boolean =>
  "connection" in change.data
    ? change.data.connection.id === connectionId
    : change.type === "calendar.synced" && calendars.has(change.data.calendarId)

/** Counts the entries that went. */
const forget = (tenant: Tenant, limit: number, mayGo: (told: Told) => boolean): number => {
  const gone = new Set(tenant.log.filter(mayGo).slice(0, limit))
  tenant.log = tenant.log.filter((told) => !gone.has(told))
  return gone.size
}

const takeFirst = <Id, Row>(
  rows: Map<Id, Row>,
  limit: number,
  mayGo: (row: Row) => boolean = () => true
): ReadonlyArray<Row> => {
  const taken = [...rows].filter(([, row]) => mayGo(row)).slice(0, limit)
  for (const [id] of taken) rows.delete(id)
  return taken.map(([, row]) => row)
}
