/**
 * Connections in the in-memory store: who is connected, and what is left of who is not.
 *
 * Decides whether a connection's row may be written, and what a disconnect leaves. Never asks the time.
 */
import { Option, Result } from "effect"
import type { Connection } from "../../../src/domain/Connection.ts"
import type { UserId } from "../../../src/domain/Ids.ts"
import { Conflict, type Erased } from "../../../src/ports/Store.ts"
import { type Tenants, autoNever, isLive, tenantFor, tenantOf, usersAfter } from "./Tenant.ts"

export const connection = (tenants: Tenants, userId: UserId): Option.Option<Connection> =>
  Option.fromNullOr(tenantOf(tenants, userId).connection)

export const saveConnection = (
  tenants: Tenants,
  row: Connection,
  expected: number | null
): Result.Result<void, Conflict> => {
  const held = tenantOf(tenants, row.userId).connection
  if ((held?.revision ?? null) !== expected) return Result.fail(new Conflict())
  tenantFor(tenants, row.userId).connection = row
  return Result.void
}

export const connections = (tenants: Tenants, after: UserId | null, limit: number): ReadonlyArray<Connection> =>
  usersAfter(tenants, after)
    .flatMap((tenant) => (tenant.connection === null ? [] : [tenant.connection]))
    .filter((row) => row.status !== "disconnected")
    .slice(0, limit)

export const disconnecting = (tenants: Tenants, limit: number): ReadonlyArray<Connection> =>
  usersAfter(tenants, null)
    .flatMap((tenant) => (tenant.connection === null ? [] : [tenant.connection]))
    .filter((row) => row.status === "disconnected" && row.statusReason === "erasing")
    .slice(0, limit)

export const erase = (tenants: Tenants, userId: UserId, limit: number): Erased => {
  const tenant = tenants.get(userId)
  const isConnected =
    tenant?.connection !== undefined && tenant.connection !== null && tenant.connection.status !== "disconnected"
  if (tenant === undefined || isConnected) return { events: 0, liveBots: 0, isDone: true, keptBots: 0 }
  const removed = takeFirst(tenant.events, limit)
  const bots = takeFirst(tenant.bots, limit, ({ status }) => status !== "Launching")
  takeFirst(tenant.series, limit)
  takeFirst(tenant.intents, limit)
  takeFirst(tenant.overrides, limit)
  takeFirst(tenant.calendars, limit)
  tenant.auto = autoNever
  // The counters go on, so that nothing decided before can be mistaken for something decided after.
  tenant.version += 1
  tenant.decided = tenant.mirrorNumber
  tenant.decideAt = null
  const { calendars, events, intents, overrides, series } = tenant
  const keptBots = [...tenant.bots.values()].filter(({ status }) => status === "Launching").length
  return {
    events: removed.filter(({ row }) => !row.isDeleted).length,
    liveBots: bots.filter(isLive).length,
    isDone:
      tenant.bots.size === keptBots && [calendars, events, intents, overrides, series].every(({ size }) => size === 0),
    keptBots
  }
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
