/**
 * The in-memory store's log, as it is read and pruned.
 * Decides which entries are on a page. They are written by `Append.ts`, with what they tell of, but for what is foreseen.
 */
import { Result } from "effect"
import type { UserId } from "../../../src/domain/Ids.ts"
import type { ChangeType, CoverageChange, LoggedChange } from "../../../src/domain/LoggedChange.ts"
import type { Instant } from "../../../src/domain/Time.ts"
import {
  type AllChangesQuery,
  type ChangesPage,
  type ChangesQuery,
  Conflict,
  type Page,
  type TimelineQuery
} from "../../../src/ports/Store.ts"
import { append } from "./Append.ts"
import { type Tenants, type Told, tenantOf } from "./Tenant.ts"

export const changes = (tenants: Tenants, { after, limit, types, userId }: ChangesQuery): ChangesPage<number> => {
  const { log, sequence } = tenantOf(tenants, userId)
  const found = log.filter(({ change }) => change.sequence > after && isOf(types, change))
  return page(found, limit, ({ change }) => change.sequence, Math.max(after, sequence))
}

export const changePlace = (tenants: Tenants, userId: UserId, at: Instant): number => {
  const { log, sequence } = tenantOf(tenants, userId)
  const first = log.find(({ change }) => change.occurredAt >= at)
  return first === undefined ? sequence : first.change.sequence - 1
}

export const allChanges = (
  tenants: Tenants,
  { after, limit, types, workspaceId }: AllChangesQuery
): ChangesPage<string> => {
  const from = Number(after ?? 0) || 0
  const found = everybodys(tenants).filter(
    ({ change, place }) =>
      place > from && isOf(types, change) && (workspaceId === null || change.workspaceId === workspaceId)
  )
  const { next, ...rest } = page(found, limit, ({ place }) => place, Math.max(from, tenants.place))
  return { ...rest, next: String(next) }
}

export const changesEnd = (tenants: Tenants): string => String(tenants.place)

export const timeline = (tenants: Tenants, { before, limit, of, userId }: TimelineQuery): Page<LoggedChange> => {
  const found = tenantOf(tenants, userId)
    .log.map(({ change }) => change)
    .filter((change) => ("botId" in of ? change.botId === of.botId : change.meeting === of.meeting))
    .filter(({ sequence }) => before === null || sequence < before)
    .toReversed()
  return { items: found.slice(0, limit), hasMore: found.length > limit }
}

export const tellCoverage = (
  tenants: Tenants,
  userId: UserId,
  after: number,
  told: ReadonlyArray<CoverageChange>
): Result.Result<void, Conflict> => {
  const tenant = tenantOf(tenants, userId)
  if (tenant.sequence !== after) return Result.fail(new Conflict())
  for (const change of told) append(tenants, tenant, change)
  return Result.void
}

export const pruneChanges = (tenants: Tenants, before: Instant, limit: number): number => {
  const gone = new Set(
    everybodys(tenants)
      .filter(({ change }) => change.occurredAt < before)
      .slice(0, limit)
  )
  for (const tenant of tenants.values()) tenant.log = tenant.log.filter((told) => !gone.has(told))
  return gone.size
}

const isOf = (types: ReadonlyArray<ChangeType> | null, { type }: LoggedChange): boolean =>
  types === null || types.includes(type)

const everybodys = (tenants: Tenants): ReadonlyArray<Told> =>
  [...tenants.values()].flatMap(({ log }) => log).toSorted((a, b) => a.place - b.place)

/** `end`: where to go on from where there is no more. */
const page = (
  found: ReadonlyArray<Told>,
  limit: number,
  placeOf: (told: Told) => number,
  end: number
): ChangesPage<number> => {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  const hasMore = found.length > limit
  return {
    items: items.map(({ change }) => change),
    next: hasMore && last !== undefined ? placeOf(last) : end,
    hasMore
  }
}
