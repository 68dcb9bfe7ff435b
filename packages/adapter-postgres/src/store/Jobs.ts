/**
 * Daily jobs: who claimed a run, how far it has come, and whose share is still to be made up.
 * Decides who takes a run. Never runs one.
 */
import type { Instant, JobRun, ShareLeft, UserId } from "@punctual/core"
import { Effect, Option } from "effect"
import { sql } from "kysely"
import type { Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import { fromText, toInstant, toText } from "../rows/Column.ts"

type Result<A> = Effect.Effect<A, DatabaseError>

export const claimJob = (
  db: Queries,
  job: string,
  date: string,
  { now, staleBefore }: { readonly now: Instant; readonly staleBefore: Instant }
): Result<boolean> =>
  Effect.map(
    db.rows(
      sql`insert into punctual.jobs as t (job, date, claimed_at)
        values (${toText(job)}, ${toText(date)}, ${toInstant(now)}::bigint)
        on conflict (job, date) do update set claimed_at = excluded.claimed_at
        where t.finished_at is null and t.claimed_at < ${toInstant(staleBefore)}::bigint
        returning job`
    ),
    (rows) => rows.length > 0
  )

export const jobRun = (db: Queries, job: string, date: string): Result<Option.Option<JobRun>> =>
  Effect.map(
    db.rows<{ readonly claimed_at: number; readonly is_finished: boolean }>(
      sql`select claimed_at, finished_at is not null as is_finished from punctual.jobs
        where job = ${toText(job)} and date = ${toText(date)}`
    ),
    ([row]) =>
      Option.map(Option.fromUndefinedOr(row), ({ claimed_at, is_finished }) => ({
        at: claimed_at,
        isFinished: is_finished
      }))
  )

export const jobProgress = (db: Queries, job: string, date: string): Result<Option.Option<UserId>> =>
  Effect.map(
    db.rows<{ readonly last_user_id: string | null }>(
      sql`select last_user_id from punctual.jobs where job = ${toText(job)} and date = ${toText(date)}`
    ),
    ([row]) => Option.map(Option.fromNullishOr(row?.last_user_id), (last) => fromText(last) as UserId)
  )

/** What a run does keeps its claim fresh. */
export const saveJobProgress = (db: Queries, job: string, date: string, last: UserId, now: Instant): Result<void> =>
  Effect.asVoid(
    db.rows(
      sql`update punctual.jobs set last_user_id = ${toText(last)}::text, claimed_at = ${toInstant(now)}::bigint
        where job = ${toText(job)} and date = ${toText(date)}`
    )
  )

export const finishJob = (db: Queries, job: string, date: string, now: Instant): Result<void> =>
  Effect.asVoid(
    db.rows(
      sql`update punctual.jobs set finished_at = ${toInstant(now)}::bigint, claimed_at = ${toInstant(now)}::bigint
        where job = ${toText(job)} and date = ${toText(date)}`
    )
  )

export const leaveShare = (db: Queries, job: string, userId: UserId, at: Instant): Result<void> =>
  Effect.asVoid(
    db.rows(
      sql`insert into punctual.job_shares as t (job, user_id, due_at)
        values (${toText(job)}, ${toText(userId)}, ${toInstant(at)}::bigint)
        on conflict (job, user_id) do update set due_at = greatest(t.due_at, excluded.due_at)`
    )
  )

export const finishShare = (db: Queries, job: string, userId: UserId): Result<void> =>
  Effect.asVoid(
    db.rows(sql`delete from punctual.job_shares where job = ${toText(job)} and user_id = ${toText(userId)}`)
  )

export const sharesLeft = (
  db: Queries,
  job: string,
  after: UserId | null,
  limit: number
): Result<ReadonlyArray<ShareLeft>> =>
  Effect.map(
    db.rows<{ readonly user_id: string; readonly due_at: number }>(
      sql`select user_id, due_at from punctual.job_shares
        where job = ${toText(job)} and user_id > ${toText(after ?? "")} order by user_id limit ${limit}::int`
    ),
    (rows) => rows.map((row) => ({ userId: fromText(row.user_id) as UserId, at: row.due_at }))
  )
