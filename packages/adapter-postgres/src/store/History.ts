/**
 * What the store forgets of a user's past, and of jobs.
 * Decides what goes with an event that has ended. Each statement takes a bounded number of rows and locks the user's first,
 * as whoever writes the mirror or a decision does.
 */
import { Effect } from "effect"
import { type RawBuilder, sql } from "kysely"
import type { Instant, Kept, UserId } from "@punctual/core"
import type { Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import { toInstant, toText, toTexts } from "../rows/Column.ts"
import { dayOf } from "./Mirror.ts"
import { removeUnusedConfigs } from "./SharedConfigs.ts"

export const pruneHistory = (
  db: Queries,
  userId: UserId,
  kept: Kept,
  limit: number
): Effect.Effect<number, DatabaseError> => {
  const user = sql`${toText(userId)}::text`
  const most = sql`${limit}::int`
  const parts = [eventsGone, botsGone, seriesGone, itemsGone, daysGone].map((part) => part(user, kept, most))
  return Effect.zipWith(
    Effect.forEach(parts, (part) => db.rows<{ readonly gone: number }>(part)),
    // Last: what went has referred to some of them.
    removeUnusedConfigs(db, user, limit),
    (counts, configs) => counts.flat().reduce((sum, { gone }) => sum + gone, configs)
  )
}

type Part = (user: RawBuilder<unknown>, kept: Kept, limit: RawBuilder<unknown>) => RawBuilder<{ readonly gone: number }>

const fence = (user: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`fence as materialized (select user_id from punctual.user_states where user_id = ${user} for update)`

const live = sql`('Scheduled', 'Launching')`

/** Of a meeting that no event is left of, and no bot is to come to, nothing is asked for any more. */
const eventsGone: Part = (user, { rowsFrom, series }, limit) => sql`
  with ${fence(user)}, gone as materialized (
    select e.id, e.meeting, e.is_deleted, e.mirror_number, e.updated_at
    from fence join lateral (
      select * from punctual.events where user_id = fence.user_id
        and start_at < ${toInstant(rowsFrom)}::bigint and end_at < ${toInstant(rowsFrom)}::bigint
        and (series_key is null or series_key <> all(${toTexts(series)}::text[]))
      order by start_at, id limit ${limit}
    ) e on true
  ), events as (
    delete from punctual.events e using gone where e.user_id = ${user} and e.id = gone.id
  ), over as materialized (
    select distinct meeting from gone
    where not exists (select 1 from punctual.events e where e.user_id = ${user} and e.meeting = gone.meeting
        and e.id <> all(array(select id from gone)))
      and not exists (select 1 from punctual.bots b where b.user_id = ${user} and b.meeting = gone.meeting
        and b.status in ${live})
  ), intents as (
    delete from punctual.intents i using over where i.user_id = ${user} and i.meeting = over.meeting
  ), overrides as (
    delete from punctual.overrides o using over where o.user_id = ${user} and o.meeting = over.meeting
  ), told as (
    update punctual.user_states s set pruned_number = greatest(s.pruned_number, g.mirror_number),
      pruned_at = greatest(s.pruned_at, g.updated_at)
    from (select max(mirror_number) as mirror_number, max(updated_at) as updated_at from gone where is_deleted) g
    where s.user_id = ${user} and g.mirror_number is not null
  )
  select count(*)::int as gone from gone`

const botsGone: Part = (user, { rowsFrom }, limit) => sql`
  with gone as (
    delete from punctual.bots where ctid = any(array(
      select ctid from punctual.bots where user_id = ${user} and status in ('Launched', 'Failed', 'Cancelled')
        and join_at < ${toInstant(rowsFrom)}::bigint and end_at < ${toInstant(rowsFrom)}::bigint limit ${limit}))
    returning 1
  ) select count(*)::int as gone from gone`

const seriesGone: Part = (user, { rowsFrom }, limit) => sql`
  with ${fence(user)}, gone as (
    delete from punctual.series where ctid = any(array(
      select s.ctid from fence join punctual.series s on s.user_id = fence.user_id
      where s.updated_at < ${toInstant(rowsFrom)}::bigint
        and not exists (select 1 from punctual.events e where e.user_id = ${user} and e.series_id = s.id)
        and not exists (select 1 from punctual.intents i
          where i.user_id = ${user} and i.series = s.key and i.meeting is null)
      limit ${limit}))
    returning 1
  ) select count(*)::int as gone from gone`

/** Without the digest an item that is told again is another one, and is kept again. */
const itemsGone: Part = (user, { itemsFrom }, limit) => sql`
  with ${fence(user)}, gone as (
    update punctual.events set raw = null, raw_digest = '' where ctid = any(array(
      select e.ctid from fence join punctual.events e on e.user_id = fence.user_id
      where e.start_at < ${toInstant(itemsFrom)}::bigint and e.end_at < ${toInstant(itemsFrom)}::bigint
        and e.raw is not null
      limit ${limit}))
    returning 1
  ) select count(*)::int as gone from gone`

const daysGone: Part = (user, { rowsFrom }, limit) => sql`
  with gone as (
    delete from punctual.mirror_days where ctid = any(array(
      select ctid from punctual.mirror_days where user_id = ${user} and day < ${dayOf(rowsFrom)}::int limit ${limit}))
    returning 1
  ) select count(*)::int as gone from gone`

export const pruneJobs = (db: Queries, before: Instant, limit: number): Effect.Effect<number, DatabaseError> =>
  Effect.map(
    db.rows<{ readonly gone: number }>(sql`
      with runs as (
        delete from punctual.jobs where ctid = any(array(
          select ctid from punctual.jobs where claimed_at < ${toInstant(before)}::bigint limit ${limit}::int))
        returning 1
      ), shares as (
        delete from punctual.job_shares where ctid = any(array(
          select ctid from punctual.job_shares where due_at < ${toInstant(before)}::bigint limit ${limit}::int))
        returning 1
      )
      select ((select count(*) from runs) + (select count(*) from shares))::int as gone`),
    ([row]) => row?.gone ?? 0
  )
