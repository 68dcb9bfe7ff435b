/**
 * Calendars: which there are, which are selected, which are due and subscribed.
 * Decides what a listing, a patch and a notification change. Never touches the mirror: see `Mirror.ts`.
 */
import { Effect } from "effect"
import { type RawBuilder, sql } from "kysely"
import {
  type Calendar,
  type CalendarId,
  type CalendarListing,
  type CalendarPatch,
  Fenced,
  type Instant,
  type SubscribedCalendar,
  type UserId
} from "@punctual/core"
import type { Database, Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import {
  type CalendarRow,
  type SubscriptionColumns,
  calendarColumns,
  calendarOrder,
  toCalendar,
  toSubscription
} from "../rows/CalendarRow.ts"
import { fromText, toInstant, toText } from "../rows/Column.ts"

export const calendars = (db: Queries, userId: UserId): Effect.Effect<ReadonlyArray<Calendar>, DatabaseError> =>
  Effect.map(
    db.rows<CalendarRow>(sql`
      select ${calendarColumns} from punctual.calendars where user_id = ${toText(userId)} order by ${calendarOrder}`),
    (rows) => rows.map(toCalendar)
  )

export const listCalendars = (
  db: Database["Service"],
  userId: UserId,
  generation: number,
  listings: ReadonlyArray<CalendarListing>,
  now: Instant
): Effect.Effect<ReadonlyArray<Calendar>, DatabaseError | Fenced> =>
  db.transaction(
    Effect.fnUntraced(function* (tx) {
      // The provider may name a calendar twice; a statement may write a row only once.
      const once = [...new Map(listings.map((listing, position) => [listing.id, { listing, position }])).values()]
      const each = <A>(of: (listing: CalendarListing) => A): Array<A> => once.map(({ listing }) => of(listing))
      const fence = yield* tx.rows(sql`
        select user_id from punctual.user_states
        where user_id = ${toText(userId)} and generation = ${generation}::bigint for share`)
      if (fence.length === 0) return yield* new Fenced()
      yield* tx.rows(sql`
        insert into punctual.calendars (user_id, calendar_id, generation, summary, is_primary, access_role, color,
          time_zone, selected, position, sync_status, due_at, changed_mark, sync_generation, open_at)
        select s.user_id, r.id, s.generation, r.summary, r.is_primary, r.access_role, r.color, r.time_zone, true,
          r.position, 'never', ${toInstant(now)}::bigint, 0, 0,
          case when s.status = 'active' then coalesce(s.not_before, ${Number.MIN_SAFE_INTEGER}::bigint) end
        from punctual.user_states s, unnest(
          ${each((listing) => toText(listing.id))}::text[],
          ${each((listing) => toText(listing.summary))}::text[],
          ${each((listing) => listing.isPrimary)}::boolean[],
          ${each((listing) => listing.accessRole)}::text[],
          ${each((listing) => toText(listing.color))}::text[],
          ${each((listing) => toText(listing.timeZone))}::text[],
          ${once.map(({ position }) => position)}::int[]
        ) as r (id, summary, is_primary, access_role, color, time_zone, position)
        where s.user_id = ${toText(userId)}
        on conflict (user_id, calendar_id) do update set generation = excluded.generation, summary = excluded.summary,
          is_primary = excluded.is_primary, access_role = excluded.access_role, color = excluded.color,
          time_zone = excluded.time_zone`)
      return yield* calendars(tx, userId)
    })
  )

export const patchCalendar = Effect.fnUntraced(function* (
  db: Queries,
  userId: UserId,
  generation: number,
  calendarId: CalendarId,
  patch: CalendarPatch
): Effect.fn.Return<void, DatabaseError | Fenced> {
  const patched = yield* db.rows(sql`
    with fence as materialized (
      select user_id from punctual.user_states
      where user_id = ${toText(userId)} and generation = ${generation}::bigint for share
    )
    update punctual.calendars c set ${sql.join(assignments(patch))}
    from fence where c.user_id = fence.user_id and c.calendar_id = ${toText(calendarId)}
    returning c.calendar_id`)
  if (patched.length === 0) return yield* new Fenced()
})

const assignments = (patch: CalendarPatch): ReadonlyArray<RawBuilder<unknown>> => {
  const { dueAt, pollingReason, reset, selected, subscription, syncError, syncStatus } = patch
  // Something must be set, also by an empty patch.
  const sets: Array<RawBuilder<unknown>> = [sql`position = c.position`]
  if (selected !== undefined) {
    const isTurned = sql`c.selected <> ${selected}::boolean`
    // Whoever held the claim can't end its round any more, so the lease goes with it.
    sets.push(
      sql`selected = ${selected}::boolean`,
      sql`sync_generation = c.sync_generation + case when ${isTurned} then 1 else 0 end`,
      sql`lease_until = case when ${isTurned} then null else c.lease_until end`
    )
  }
  if (subscription !== undefined) {
    sets.push(
      sql`subscription_id = ${subscription === null ? null : toText(subscription.id)}::text`,
      sql`subscription_hash = ${subscription === null ? null : toText(subscription.clientStateHash)}::text`,
      sql`subscription_ends_at = ${subscription === null ? null : toInstant(subscription.expiresAt)}::bigint`
    )
  }
  if (pollingReason !== undefined) sets.push(sql`polling_reason = ${toText(pollingReason)}::text`)
  if (dueAt !== undefined) sets.push(sql`due_at = ${toInstant(dueAt)}::bigint`)
  if (syncStatus !== undefined) sets.push(sql`sync_status = ${syncStatus}::text`)
  if (syncError !== undefined) sets.push(sql`sync_error = ${toText(syncError)}::text`)
  if (reset === true) sets.push(sql`cursor = null`, sql`window_from = null`, sql`window_to = null`)
  return sets
}

interface SubscribedRow extends SubscriptionColumns {
  readonly user_id: string
  readonly generation: number
  readonly calendar_id: string
}

const subscribedColumns = sql.raw(
  `c.user_id, c.generation, c.calendar_id, c.subscription_id, c.subscription_hash, c.subscription_ends_at`
)

export const subscriptions = (
  db: Queries,
  subscriptionIds: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<SubscribedCalendar>, DatabaseError> =>
  Effect.map(
    db.rows<SubscribedRow>(sql`
      select ${subscribedColumns} from punctual.calendars c
      where c.subscription_id = any(${subscriptionIds.map(toText)}::text[])`),
    (rows) => rows.flatMap(toSubscribed)
  )

export const subscriptionsEnding = (
  db: Queries,
  before: Instant,
  limit: number
): Effect.Effect<ReadonlyArray<SubscribedCalendar>, DatabaseError> =>
  Effect.map(
    db.rows<SubscribedRow>(sql`
      select ${subscribedColumns} from punctual.calendars c
      join punctual.user_states s on s.user_id = c.user_id and s.status <> 'disconnected'
      where c.subscription_ends_at < ${toInstant(before)}::bigint
      order by c.subscription_ends_at, c.subscription_id limit ${limit}::int`),
    (rows) => rows.flatMap(toSubscribed)
  )

/** A sooner instant stays: the first of a burst decides, and whoever has waited longest goes first, also in a storm. */
export const markChanged = (
  db: Queries,
  marks: ReadonlyArray<{ readonly userId: UserId; readonly calendarId: CalendarId }>,
  dueAt: Instant
): Effect.Effect<void, DatabaseError> =>
  Effect.asVoid(
    db.rows(sql`
      with marked as materialized (
        select c.user_id, c.calendar_id, r.times from punctual.calendars c
        join (
          select user_id, calendar_id, count(*) as times
          from unnest(
            ${marks.map(({ userId }) => toText(userId))}::text[],
            ${marks.map(({ calendarId }) => toText(calendarId))}::text[]
          ) as t (user_id, calendar_id)
          group by user_id, calendar_id
        ) as r on r.user_id = c.user_id and r.calendar_id = c.calendar_id
        -- Always in one order, so that two batches with the same calendars do not wait for each other.
        order by c.user_id, c.calendar_id for update of c
      )
      update punctual.calendars c
      set due_at = least(c.due_at, ${toInstant(dueAt)}::bigint), changed_mark = c.changed_mark + marked.times
      from marked where c.user_id = marked.user_id and c.calendar_id = marked.calendar_id`)
  )

const toSubscribed = (row: SubscribedRow): ReadonlyArray<SubscribedCalendar> => {
  const found = toSubscription(row)
  if (found === null) return []
  return [
    {
      userId: fromText(row.user_id) as UserId,
      generation: row.generation,
      calendarId: fromText(row.calendar_id) as CalendarId,
      subscription: found
    }
  ]
}
