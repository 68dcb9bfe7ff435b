/**
 * Claims: who may write a calendar's mirror, for how long, and how a round ends.
 * Decides who holds a calendar. Never touches the mirror itself: see `Mirror.ts`.
 */
import { Effect, Option } from "effect"
import { type RawBuilder, sql } from "kysely"
import {
  type CalendarId,
  type Claim,
  type Connection,
  Fenced,
  type Instant,
  type Span,
  type SyncStatus,
  type UserId
} from "@punctual/core"
import type { Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import { type CalendarRow, calendarColumns, toCalendar } from "../rows/CalendarRow.ts"
import { appendingCounts } from "../rows/ChangeRow.ts"
import { toInstant, toText, toTexts } from "../rows/Column.ts"
import { isCalendarOf } from "./Calendars.ts"

export const claimNext = (
  db: Queries,
  now: Instant,
  leaseUntil: Instant,
  leftOut: ReadonlyArray<UserId>
): Effect.Effect<Option.Option<Claim>, DatabaseError> =>
  // What another claims at this very moment is passed over; `due_at` leads the index, so that nothing else is read.
  take(
    db,
    leaseUntil,
    sql`select user_id, calendar_id from punctual.calendars
      where selected and open_at is not null and due_at <= ${toInstant(now)}::bigint
        and ready_at <= ${toInstant(now)}::bigint and user_id <> all(${toTexts(leftOut)}::text[])
      order by due_at, user_id, calendar_id limit 1 for update skip locked`
  )

export const claimCalendar = (
  db: Queries,
  userId: UserId,
  calendarId: CalendarId,
  now: Instant,
  leaseUntil: Instant
): Effect.Effect<Option.Option<Claim>, DatabaseError> =>
  take(
    db,
    leaseUntil,
    sql`select user_id, calendar_id from punctual.calendars
      where user_id = ${toText(userId)} and calendar_id = ${toText(calendarId)}
        and selected and open_at is not null and (lease_until is null or lease_until <= ${toInstant(now)}::bigint)
      for update`
  )

interface ClaimRow extends CalendarRow {
  readonly connection: Connection
}

/** Leases the one calendar that `found` locks. */
const take = (
  db: Queries,
  leaseUntil: Instant,
  found: RawBuilder<unknown>
): Effect.Effect<Option.Option<Claim>, DatabaseError> =>
  Effect.map(
    db.rows<ClaimRow>(sql`
      with found as materialized (${found}), taken as (
        update punctual.calendars c
        set sync_generation = c.sync_generation + 1, lease_until = ${toInstant(leaseUntil)}::bigint
        from found where c.user_id = found.user_id and c.calendar_id = found.calendar_id
        returning c.*
      )
      select ${calendarColumns}, k.data as connection from taken c
      join punctual.connections k on k.user_id = c.user_id and k.id = c.connection_id and k.status = 'active'`),
    ([row]) =>
      Option.map(Option.fromUndefinedOr(row), ({ connection, ...calendar }) => ({
        userId: connection.userId,
        connection,
        calendar: toCalendar(calendar),
        leaseUntil
      }))
  )

export const nextDue = (
  db: Queries,
  leftOut: ReadonlyArray<UserId>
): Effect.Effect<Option.Option<Instant>, DatabaseError> =>
  Effect.map(
    db.rows<{ readonly ready_at: Instant | null }>(
      sql`select min(ready_at) as ready_at from punctual.calendars
        where ready_at is not null and user_id <> all(${toTexts(leftOut)}::text[])`
    ),
    ([row]) => Option.fromNullishOr(row?.ready_at)
  )

/**
 * The calendar of a claim, as long as it holds: the first of every statement that writes under one. Both rows stay
 * locked, so that neither a disconnect nor another claim comes between the question and the write.
 */
export const underClaim = (claim: Claim): RawBuilder<unknown> => sql`
  select s.user_id, c.calendar_id, s.mirror_number + 1 as next
  from punctual.user_states s join punctual.calendars c on c.user_id = s.user_id
  where s.user_id = ${toText(claim.userId)} and ${isClaimed(claim)}
  for update of s for share of c`

export const extendLease = (
  db: Queries,
  claim: Claim,
  leaseUntil: Instant
): Effect.Effect<void, DatabaseError | Fenced> => patch(db, claim, sql`lease_until = ${toInstant(leaseUntil)}::bigint`)

/** Whether a row `c` is the claim's, still. */
export const isClaimed = ({ calendar, connection }: Claim): RawBuilder<boolean> => sql`(
  ${isCalendarOf(connection, calendar.id)} and c.sync_generation = ${calendar.syncGeneration}::bigint)`

/** How a round that was read to its end changes its calendar. */
export interface Round {
  readonly cursor: string
  readonly window: Span
  readonly basedAt: Instant
  readonly syncedAt: Instant
  readonly endedAt: Instant
  readonly againAt: Instant
  readonly dueAt: Instant
}

export const finishPass = (db: Queries, claim: Claim, round: Round): Effect.Effect<void, DatabaseError | Fenced> => {
  const dueAt = toInstant(round.dueAt)
  const againAt = Math.min(dueAt, toInstant(round.againAt))
  return end(
    db,
    claim,
    round.endedAt,
    sql`cursor = ${toText(round.cursor)}::text, window_from = ${toInstant(round.window.from)}::bigint,
      window_to = ${toInstant(round.window.to)}::bigint, based_at = ${toInstant(round.basedAt)}::bigint,
      last_synced_at = ${toInstant(round.syncedAt)}::bigint, sync_status = 'ok', sync_error = null,
      lease_until = null, due_at = case when c.changed_mark > ${claim.calendar.changedMark}::bigint
        then ${againAt}::bigint else ${dueAt}::bigint end`
  )
}

/** How a round that failed changes its calendar. */
export interface Failure {
  readonly syncStatus: SyncStatus
  readonly syncError: string
  readonly endedAt: Instant
  readonly dueAt: Instant
  readonly reset: boolean
}

export const failPass = (db: Queries, claim: Claim, failure: Failure): Effect.Effect<void, DatabaseError | Fenced> =>
  end(
    db,
    claim,
    failure.endedAt,
    sql`sync_status = ${failure.syncStatus}::text, sync_error = ${toText(failure.syncError)}::text,
      due_at = ${toInstant(failure.dueAt)}::bigint, lease_until = null
      ${failure.reset ? sql`, cursor = null, window_from = null, window_to = null` : sql``}`
  )

/** The counts are read before they are set back, in the row that both lock. */
const end = Effect.fnUntraced(function* (
  db: Queries,
  claim: Claim,
  at: Instant,
  assignments: RawBuilder<unknown>
): Effect.fn.Return<void, DatabaseError | Fenced> {
  const ended = yield* db.rows(sql`
    with fence as materialized (
      select user_id from punctual.user_states where user_id = ${toText(claim.userId)} for share
    ), counts as materialized (
      select c.created_count as created, c.updated_count as updated, c.deleted_count as deleted
      from punctual.calendars c join fence on c.user_id = fence.user_id where ${isClaimed(claim)} for update of c
    ), ended as (
      update punctual.calendars c set created_count = 0, updated_count = 0, deleted_count = 0, ${assignments}
      from counts where c.user_id = ${toText(claim.userId)} and ${isClaimed(claim)}
      returning c.calendar_id
    )
    ${appendingCounts(sql`${toText(claim.userId)}::text`, claim.calendar.id, at, "counts")}
    select calendar_id from ended`)
  if (ended.length === 0) return yield* new Fenced()
})

const patch = Effect.fnUntraced(function* (
  db: Queries,
  claim: Claim,
  assignments: RawBuilder<unknown>
): Effect.fn.Return<void, DatabaseError | Fenced> {
  const patched = yield* db.rows(sql`
    with fence as materialized (
      select user_id from punctual.user_states where user_id = ${toText(claim.userId)} for share
    )
    update punctual.calendars c set ${assignments}
    from fence where c.user_id = fence.user_id and ${isClaimed(claim)}
    returning c.calendar_id`)
  if (patched.length === 0) return yield* new Fenced()
})
