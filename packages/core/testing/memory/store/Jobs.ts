/**
 * Daily jobs in the in-memory store: who claimed a run, how far it has come, and whose share is still to be made up.
 * Decides who takes a run. Never runs one.
 */
import { Option } from "effect"
import type { UserId } from "../../../src/domain/Ids.ts"
import type { Instant } from "../../../src/domain/Time.ts"
import type { JobRun, ShareLeft } from "../../../src/ports/Store.ts"
import { type Tenants, compareIds } from "./Tenant.ts"

/** One run of a job. */
interface Run {
  readonly claimedAt: Instant
  readonly last: UserId | null
  readonly isFinished: boolean
}

interface Jobs {
  readonly runs: Map<string, Run>
  /** By job, then by user: when the run was due. */
  readonly left: Map<string, Map<UserId, Instant>>
}

/** Jobs are nobody's state: they stand beside the tenants of the store that they belong to. */
const beside = new WeakMap<Tenants, Jobs>()

const jobsOf = (tenants: Tenants): Jobs => {
  const jobs = beside.get(tenants) ?? { runs: new Map(), left: new Map() }
  beside.set(tenants, jobs)
  return jobs
}

const nameOf = (job: string, date: string): string => `${date} ${job}`

export const claimJob = (
  tenants: Tenants,
  job: string,
  date: string,
  { now, staleBefore }: { readonly now: Instant; readonly staleBefore: Instant }
): boolean => {
  const { runs } = jobsOf(tenants)
  const known = runs.get(nameOf(job, date))
  if (known !== undefined && (known.isFinished || known.claimedAt >= staleBefore)) return false
  runs.set(nameOf(job, date), { claimedAt: now, last: known?.last ?? null, isFinished: false })
  return true
}

export const jobRun = (tenants: Tenants, job: string, date: string): Option.Option<JobRun> =>
  Option.map(Option.fromUndefinedOr(jobsOf(tenants).runs.get(nameOf(job, date))), ({ claimedAt, isFinished }) => ({
    at: claimedAt,
    isFinished
  }))

export const jobProgress = (tenants: Tenants, job: string, date: string): Option.Option<UserId> =>
  Option.fromNullishOr(jobsOf(tenants).runs.get(nameOf(job, date))?.last)

export const saveJobProgress = (tenants: Tenants, job: string, date: string, last: UserId, now: Instant): void =>
  change(tenants, nameOf(job, date), { last, claimedAt: now })

export const finishJob = (tenants: Tenants, job: string, date: string, now: Instant): void =>
  change(tenants, nameOf(job, date), { isFinished: true, claimedAt: now })

const change = (tenants: Tenants, name: string, members: Partial<Run>): void => {
  const { runs } = jobsOf(tenants)
  const known = runs.get(name)
  if (known !== undefined) runs.set(name, { ...known, ...members })
}

export const leaveShare = (tenants: Tenants, job: string, userId: UserId, at: Instant): void => {
  const { left } = jobsOf(tenants)
  const shares = left.get(job) ?? new Map<UserId, Instant>()
  left.set(job, shares.set(userId, Math.max(at, shares.get(userId) ?? at)))
}

export const finishShare = (tenants: Tenants, job: string, userId: UserId): void => {
  jobsOf(tenants).left.get(job)?.delete(userId)
}

export const sharesLeft = (
  tenants: Tenants,
  job: string,
  after: UserId | null,
  limit: number
): ReadonlyArray<ShareLeft> =>
  [...(jobsOf(tenants).left.get(job) ?? [])]
    .map(([userId, at]) => ({ userId, at }))
    .filter(({ userId }) => after === null || userId > after)
    .toSorted((a, b) => compareIds(a.userId, b.userId))
    .slice(0, limit)

export const pruneJobs = (tenants: Tenants, before: Instant, limit: number): number => {
  const { left, runs } = jobsOf(tenants)
  const past = [...runs].filter(([, { claimedAt }]) => claimedAt < before).slice(0, limit)
  for (const [name] of past) runs.delete(name)
  const shares = [...left.values()]
    .flatMap((users) => [...users].map(([userId, at]) => ({ at, userId, users })))
    .filter(({ at }) => at < before)
    .slice(0, limit)
  for (const { userId, users } of shares) users.delete(userId)
  return past.length + shares.length
}
