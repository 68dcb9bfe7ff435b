/**
 * Daily jobs: who claimed a run, how far it has come, and whose share is still to be made up.
 * Decides who takes a run. Never runs one.
 */
import type { Instant, JobRun, ShareLeft, UserId } from "@punctual/core"
import { Effect, Option } from "effect"
import type { Key } from "../table/Item.ts"
import { last, merged } from "../table/Queries.ts"
import { everyShard, fit, inShard, ordered } from "./items/Keys.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"

type Result<A> = Effect.Effect<A, TableError>

/** In `by_instant`: runs by when they were first claimed, and shares by when they were due, for whoever prunes them. */
const runsList = "RUN"
const sharesList = "SHARE"

const runKey = (job: string, date: string): Key => ({ pk: `JOB#${job}`, sk: date })

export const claimJob = (
  table: Table,
  job: string,
  date: string,
  { now, staleBefore }: { readonly now: Instant; readonly staleBefore: Instant }
): Result<boolean> =>
  Effect.map(
    table.updateIf(runKey(job, date), "claimedAt = :now, ipk = :ipk, isk = :isk", {
      expression: "attribute_not_exists(pk) OR (attribute_not_exists(finishedAt) AND claimedAt < :stale)",
      values: { ":now": now, ":stale": staleBefore, ":ipk": inShard(runsList, date), ":isk": `${ordered(now)}#${job}` }
    }),
    (run) => run !== null
  )

export const jobRun = (table: Table, job: string, date: string): Result<Option.Option<JobRun>> =>
  Effect.map(table.get(runKey(job, date)), (run) =>
    Option.map(Option.fromNullishOr(run), (found) => ({
      at: found["claimedAt"] as Instant,
      isFinished: found["finishedAt"] !== undefined
    }))
  )

export const jobProgress = (table: Table, job: string, date: string): Result<Option.Option<UserId>> =>
  Effect.map(table.get(runKey(job, date)), (run) => Option.fromNullishOr(run?.["lastUserId"] as UserId | undefined))

/** What a run does keeps its claim fresh. */
export const saveJobProgress = (table: Table, job: string, date: string, last: UserId, now: Instant): Result<void> =>
  Effect.asVoid(
    table.updateIf(runKey(job, date), "lastUserId = :last, claimedAt = :now", {
      expression: "attribute_exists(pk)",
      values: { ":last": last, ":now": now }
    })
  )

export const finishJob = (table: Table, job: string, date: string, now: Instant): Result<void> =>
  Effect.asVoid(
    table.updateIf(runKey(job, date), "finishedAt = :now, claimedAt = :now", {
      expression: "attribute_exists(pk)",
      values: { ":now": now }
    })
  )

/** All shares of one job that are left stand together, by user. */
const sharesOf = (job: string): string => `SHARES#${job}`

export const leaveShare = (table: Table, job: string, userId: UserId, at: Instant): Result<void> =>
  Effect.asVoid(
    table.updateIf({ pk: sharesOf(job), sk: userId }, "dueAt = :at, ipk = :ipk, isk = :isk", {
      expression: "attribute_not_exists(pk) OR dueAt < :at",
      values: { ":at": at, ":ipk": inShard(sharesList, userId), ":isk": `${ordered(at)}#${fit(userId)}` }
    })
  )

export const finishShare = (table: Table, job: string, userId: UserId): Result<void> =>
  table.deleteIf({ pk: sharesOf(job), sk: userId }, null)

export const sharesLeft = (
  table: Table,
  job: string,
  after: UserId | null,
  limit: number
): Result<ReadonlyArray<ShareLeft>> =>
  Effect.map(table.partition(sharesOf(job), after, limit), (items) =>
    items.map((item) => ({ userId: item["sk"] as UserId, at: item["dueAt"] as Instant }))
  )

export const pruneJobs = Effect.fnUntraced(function* (
  table: Table,
  before: Instant,
  limit: number
): Effect.fn.Return<number, TableError> {
  const runs = yield* pruneList(table, runsList, "claimedAt", before, limit)
  return runs + (yield* pruneList(table, sharesList, "dueAt", before, limit))
})

/** What was noted again since stands at its old place in the list, and stays. */
const pruneList = Effect.fnUntraced(function* (
  table: Table,
  list: string,
  noted: "claimedAt" | "dueAt",
  before: Instant,
  limit: number
): Effect.fn.Return<number, TableError> {
  const until = { high: `${ordered(before - 1)}${last}` }
  const cursor = yield* merged(table.page, everyShard("by_instant", list, until), (item) => String(item["isk"]), 100)
  let pruned = 0
  while (pruned < limit) {
    const found = yield* cursor.next
    if (found === null) break
    const condition = { expression: `${noted} < :before`, values: { ":before": before } }
    yield* table.deleteIf({ pk: String(found["pk"]), sk: String(found["sk"]) }, condition)
    pruned += 1
  }
  return pruned
})
