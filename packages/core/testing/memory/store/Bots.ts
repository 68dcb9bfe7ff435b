/**
 * Bots in the in-memory store, outside decisions: the launch protocol's writes, and what is due or behind.
 *
 * Decides whether a bot's row may be written. Never launches.
 */
import { Option, Result } from "effect"
import type { Bot } from "../../../src/domain/Bot.ts"
import type { BotId, MeetingKey, UserId } from "../../../src/domain/Ids.ts"
import type { BotChange } from "../../../src/domain/LoggedChange.ts"
import { isHeldBy, released } from "../../../src/domain/LaunchLease.ts"
import type { Instant } from "../../../src/domain/Time.ts"
import { areSameNumbers } from "../../../src/domain/UserNumbers.ts"
import { Conflict, type DueBot, type OwnedBot, type OwnedBotWrite, type Place } from "../../../src/ports/Store.ts"
import { append } from "./Append.ts"
import { isAsExpected, putBot } from "./Commits.ts"
import { userNumbers } from "./Slices.ts"
import { type Tenants, compareBots, comparePlaces, isLive, tenantOf } from "./Tenant.ts"

export const bot = (tenants: Tenants, userId: UserId, botId: BotId): Option.Option<Bot> =>
  Option.fromUndefinedOr(tenantOf(tenants, userId).bots.get(botId))

export const liveBots = (tenants: Tenants, userId: UserId): number =>
  [...tenantOf(tenants, userId).bots.values()].filter(isLive).length

export const writeBot = (
  tenants: Tenants,
  userId: UserId,
  row: Bot,
  expected: number,
  change: BotChange | null = null
): Result.Result<void, Conflict> => {
  const tenant = tenants.get(userId)
  if (tenant === undefined || !isAsExpected(tenant, { bot: row, expected })) return Result.fail(new Conflict())
  putBot(tenant, row)
  append(tenants, tenant, change)
  return Result.void
}

export const writeBots = (tenants: Tenants, writes: ReadonlyArray<OwnedBotWrite>): ReadonlyArray<boolean> => {
  // Other stores write them by one statement, which could not say of one bot that it was written and that it was not.
  if (new Set(writes.map(({ bot: { id } }) => id)).size < writes.length) throw new Error("a bot was named twice")
  return writes.map(({ bot: row, change = null, expected, numbers, userId }) => {
    const [found] = userNumbers(tenants, [userId])
    const isUnchanged = numbers === null || (found !== undefined && areSameNumbers(numbers, found))
    return isUnchanged && Result.isSuccess(writeBot(tenants, userId, row, expected, change))
  })
}

export const releaseLaunches = (tenants: Tenants, owner: string, now: Instant): number => {
  const held = owned(tenants).filter(({ bot: row }) => isHeldBy(row, owner))
  for (const { bot: row, userId } of held) tenants.get(userId)?.bots.set(row.id, released(row, now))
  return held.length
}

export const dueBots = (tenants: Tenants, before: Instant, limit: number): ReadonlyArray<DueBot> =>
  owned(tenants)
    .toSorted((a, b) => comparePlaces({ at: a.bot.joinAt, id: a.bot.id }, { at: b.bot.joinAt, id: b.bot.id }))
    .flatMap(({ bot: { id, joinAt, launch, status }, userId }): ReadonlyArray<DueBot> => {
      if (status === "Scheduled") return joinAt < before ? [{ userId, botId: id, status, at: joinAt }] : []
      if (status !== "Launching" || launch === null) return []
      // A launch whose lease ran out is due again, unless it was asked to wait.
      const at = Math.max(launch.leaseUntil, launch.retryAt ?? launch.leaseUntil)
      return at <= before ? [{ userId, botId: id, status, at }] : []
    })
    .slice(0, limit)

export const handedOver = (
  tenants: Tenants,
  endAfter: Instant,
  after: Place | null,
  limit: number
): ReadonlyArray<OwnedBot> =>
  owned(tenants)
    .filter(({ bot: { end, id, status, statusReason } }) => {
      const isBeyond = after === null || comparePlaces({ at: end, id }, after) > 0
      return status === "Launched" && statusReason === null && end > endAfter && isBeyond
    })
    .toSorted((a, b) => comparePlaces({ at: a.bot.end, id: a.bot.id }, { at: b.bot.end, id: b.bot.id }))
    .slice(0, limit)

export const unapplied = (tenants: Tenants, limit: number): ReadonlyArray<OwnedBot> =>
  owned(tenants)
    .filter((found) => found.bot.schedule.applied < found.bot.schedule.wanted)
    .toSorted((a, b) => comparePlaces({ at: a.bot.updatedAt, id: a.bot.id }, { at: b.bot.updatedAt, id: b.bot.id }))
    .slice(0, limit)

export const markApplied = (
  tenants: Tenants,
  applied: ReadonlyArray<{ readonly userId: UserId; readonly botId: BotId; readonly revision: number }>
): void => {
  for (const { botId, revision, userId } of applied) {
    const bots = tenants.get(userId)?.bots
    const known = bots?.get(botId)
    if (bots === undefined || known === undefined || known.schedule.applied >= revision) continue
    bots.set(botId, { ...known, schedule: { ...known.schedule, applied: revision } })
  }
}

export const botsOf = (tenants: Tenants, userId: UserId, meetings: ReadonlyArray<MeetingKey>): ReadonlyArray<Bot> => {
  const wanted = new Set(meetings)
  return [...tenantOf(tenants, userId).bots.values()].filter((row) => wanted.has(row.meeting)).toSorted(compareBots)
}

const owned = (tenants: Tenants): ReadonlyArray<OwnedBot> =>
  [...tenants.values()].flatMap(({ bots, userId }) => [...bots.values()].map((row) => ({ userId, bot: row })))
