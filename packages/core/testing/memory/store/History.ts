/**
 * What the in-memory store forgets of a user's past.
 * Decides what goes with an event that has ended.
 */
import type { EventId, MeetingKey, SeriesKey, UserId } from "../../../src/domain/Ids.ts"
import type { Kept } from "../../../src/ports/Store.ts"
import { type Tenant, type Tenants, isLive, tenantOf } from "./Tenant.ts"

export const pruneHistory = (tenants: Tenants, userId: UserId, kept: Kept, limit: number): number => {
  const tenant = tenantOf(tenants, userId)
  return (
    pruneEvents(tenant, kept, limit) +
    pruneBots(tenant, kept, limit) +
    pruneSeries(tenant, kept, limit) +
    pruneItems(tenant, kept, limit)
  )
}

const pruneEvents = (tenant: Tenant, { rowsFrom, series }: Kept, limit: number): number => {
  const counted = new Set<SeriesKey | null>(series)
  const gone = [...tenant.events.values()]
    .filter(({ row }) => row.end < rowsFrom && !counted.has(row.seriesKey))
    .slice(0, limit)
  for (const { changedAt, row } of gone) {
    tenant.events.delete(row.id)
    if (!row.isDeleted) continue
    const { at, mirrorNumber } = tenant.pruned ?? { at: -Infinity, mirrorNumber: 0 }
    tenant.pruned = { mirrorNumber: Math.max(mirrorNumber, changedAt), at: Math.max(at, row.updatedAt) }
  }
  forgetMeetings(tenant, new Set(gone.map(({ row }) => row.meeting)))
  return gone.length
}

/** Of a meeting that no event is left of, nothing is asked for any more. */
const forgetMeetings = (tenant: Tenant, meetings: Set<MeetingKey>): void => {
  for (const { row } of tenant.events.values()) meetings.delete(row.meeting)
  for (const bot of tenant.bots.values()) if (isLive(bot)) meetings.delete(bot.meeting)
  for (const [id, intent] of tenant.intents) {
    if ("meeting" in intent && meetings.has(intent.meeting)) tenant.intents.delete(id)
  }
  for (const meeting of meetings) tenant.overrides.delete(meeting)
}

const pruneBots = (tenant: Tenant, { rowsFrom }: Kept, limit: number): number => {
  const gone = [...tenant.bots.values()].filter((bot) => bot.end < rowsFrom && !isLive(bot)).slice(0, limit)
  for (const { id } of gone) tenant.bots.delete(id)
  return gone.length
}

const pruneSeries = (tenant: Tenant, { rowsFrom }: Kept, limit: number): number => {
  const inUse = new Set<unknown>()
  for (const { row } of tenant.events.values()) inUse.add(row.seriesId)
  for (const intent of tenant.intents.values()) if ("series" in intent) inUse.add(intent.series)
  const gone = [...tenant.series.values()]
    .filter(({ row }) => row.updatedAt < rowsFrom && !inUse.has(row.id) && !inUse.has(row.key))
    .slice(0, limit)
  for (const { row } of gone) tenant.series.delete(row.id)
  return gone.length
}

const pruneItems = (tenant: Tenant, { itemsFrom }: Kept, limit: number): number => {
  const past: ReadonlyArray<EventId> = [...tenant.events.values()]
    .filter(({ row }) => row.end < itemsFrom && row.raw !== null)
    .map(({ row }) => row.id)
    .slice(0, limit)
  for (const id of past) {
    const held = tenant.events.get(id)
    if (held !== undefined) tenant.events.set(id, { ...held, row: { ...held.row, raw: null } })
  }
  return past.length
}
