/**
 * Commits to the in-memory store: all of a decision, or nothing.
 *
 * Decides whether the state a decision was made against is still the state. Never decides about bots.
 */
import { Result } from "effect"
import type { Bot } from "../../../src/domain/Bot.ts"
import { type BotWrite, type Commit, Conflict } from "../../../src/ports/Store.ts"
import { append } from "./Append.ts"
import { type Tenant, type Tenants, tenantFor, tenantOf } from "./Tenant.ts"

export const commit = (tenants: Tenants, decision: Commit): Result.Result<void, Conflict> => {
  const seen = tenantOf(tenants, decision.userId)
  const holds = seen.version === decision.version && (decision.bots ?? []).every((write) => isAsExpected(seen, write))
  if (!holds) return Result.fail(new Conflict())

  const tenant = tenantFor(tenants, decision.userId)
  tenant.version += 1
  tenant.decided = Math.max(tenant.decided, decision.decided ?? 0)
  tenant.decideAt = decision.decideAt
  if (decision.judged === tenant.judgeMark) tenant.judgeMark = null
  if (decision.marksJudging === true) tenant.judgeMark = tenant.version
  for (const { eventsZone, id } of decision.putZones ?? []) {
    const calendar = tenant.calendars.get(id)
    if (calendar !== undefined) tenant.calendars.set(id, { ...calendar, eventsZone })
  }
  if (decision.auto !== undefined) tenant.auto = decision.auto
  if (decision.pausedUntil !== undefined) tenant.pausedUntil = decision.pausedUntil
  writeIntents(tenant, decision)
  writeRows(tenant, decision)
  for (const { bot, change } of decision.bots ?? []) {
    putBot(tenant, bot)
    append(tenants, tenant, change)
  }
  return Result.void
}

/**
 * Writes a bot. What the scheduler was brought to is noted without raising the bot's revision, so a bot read before
 * that note doesn't take it back.
 */
export const putBot = (tenant: Tenant, bot: Bot): void => {
  const noted = tenant.bots.get(bot.id)?.schedule.applied ?? bot.schedule.applied
  const applied = Math.max(noted, bot.schedule.applied)
  tenant.bots.set(bot.id, { ...bot, schedule: { ...bot.schedule, applied } })
}

export const isAsExpected = (tenant: Tenant, { bot, expected }: BotWrite): boolean =>
  (tenant.bots.get(bot.id)?.revision ?? null) === expected

const writeIntents = (tenant: Tenant, decision: Commit): void => {
  for (const id of decision.deleteIntents ?? []) tenant.intents.delete(id)
  for (const intent of decision.putIntents ?? []) tenant.intents.set(intent.id, intent)
  for (const meeting of decision.deleteOverrides ?? []) tenant.overrides.delete(meeting)
  for (const override of decision.putOverrides ?? []) tenant.overrides.set(override.meeting, override)
}

/** What a decision says about the mirror raises no mirror number: it has been decided already. */
const writeRows = (tenant: Tenant, decision: Commit): void => {
  for (const id of decision.deleteVirtual ?? []) {
    if (tenant.events.get(id)?.row.isVirtual === true) tenant.events.delete(id)
  }
  for (const given of decision.putVirtual ?? []) {
    const known = tenant.events.get(given.id)
    if (known !== undefined && !known.row.isVirtual) continue
    const row = known === undefined ? given : { ...given, createdAt: known.row.createdAt }
    tenant.events.set(row.id, { row, changedAt: known?.changedAt ?? 0, seenBy: known?.seenBy ?? null })
  }
  for (const { id, meeting } of decision.putMeetings ?? []) {
    const known = tenant.events.get(id)
    if (known !== undefined) tenant.events.set(id, { ...known, row: { ...known.row, meeting } })
  }
  for (const { decidedTiming, exceptions, id } of decision.decidedSeries ?? []) {
    const known = tenant.series.get(id)
    if (known === undefined) continue
    const row = { ...known.row, decidedTiming, exceptions: exceptions ?? known.row.exceptions }
    tenant.series.set(id, { ...known, row })
  }
}
