/**
 * Calendars: which there are, which are selected, which are due and subscribed.
 * Decides what a listing, a patch and a notification change. Never touches the mirror: see `Mirror.ts`.
 */
import { Effect } from "effect"
import { type RawBuilder, sql } from "kysely"
import {
  type Calendar,
  type CalendarId,
  type CalendarPatch,
  type ConnectionGeneration,
  type ConnectionId,
  Fenced,
  type Instant,
  type KnownListing,
  type SubscribedCalendar,
  type UserId
} from "@punctual/core"
import type { Database, Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import {
  type CalendarRow,
  type SubscriptionColumns,
  calendarsByRank,
  toCalendar,
  toSubscription
} from "../rows/CalendarRow.ts"
import { fromText, toInstant, toText, userIs } from "../rows/Column.ts"

export const calendars = (db: Queries, userId: UserId): Effect.Effect<ReadonlyArray<Calendar>, DatabaseError> =>
  Effect.map(db.rows<CalendarRow>(calendarsByRank(userIs(userId))), (rows) => rows.map(toCalendar))

/** Whether a row `c` is this calendar, and that connection's. It is asked of a locked row: see `generation` in the schema. */
export const isCalendarOf = (of: ConnectionGeneration, calendarId: CalendarId): RawBuilder<boolean> => sql`(
  c.user_id = ${toText(of.userId)} and c.calendar_id = ${toText(calendarId)} and c.connection_id = ${toText(of.id)}
  and c.generation = ${of.generation}::bigint)`

export const listCalendars = (
  db: Database["Service"],
  of: ConnectionGeneration,
  listings: ReadonlyArray<KnownListing>,
  dueAt: Instant
): Effect.Effect<ReadonlyArray<Calendar>, DatabaseError | Fenced> =>
  db.transaction(
    Effect.fnUntraced(function* (tx) {
      // The provider may name a calendar twice; a statement may write a row only once.
      const once = [...new Map(listings.map((listing, position) => [listing.id, { listing, position }])).values()]
      const each = <A>(of: (listing: KnownListing) => A): Array<A> => once.map(({ listing }) => of(listing))
      const fence = yield* tx.rows(sql`
        select k.id from punctual.user_states s join punctual.connections k on k.user_id = s.user_id
        where s.user_id = ${toText(of.userId)} and k.id = ${toText(of.id)} and k.generation = ${of.generation}::bigint
        for share of s, k`)
      if (fence.length === 0) return yield* new Fenced()
      yield* tx.rows(sql`
        insert into punctual.calendars (user_id, calendar_id, connection_id, provider_id, namespace, generation, summary,
          is_primary, access_role, color, time_zone, selected, position, sync_status, due_at, changed_mark,
          sync_generation, open_at)
        select k.user_id, r.id, k.id, r.provider_id, r.namespace, k.generation, r.summary, r.is_primary, r.access_role,
          r.color, r.time_zone, r.access_role <> 'freeBusyReader', r.position, 'never', ${toInstant(dueAt)}::bigint, 0, 0,
          case when k.status = 'active' then coalesce(k.not_before, ${Number.MIN_SAFE_INTEGER}::bigint) end
        from punctual.connections k, unnest(
          ${each((listing) => toText(listing.id))}::text[],
          ${each((listing) => toText(listing.providerId))}::text[],
          ${each((listing) => toText(listing.namespace))}::text[],
          ${each((listing) => toText(listing.summary))}::text[],
          ${each((listing) => listing.isPrimary)}::boolean[],
          ${each((listing) => listing.accessRole)}::text[],
          ${each((listing) => toText(listing.color))}::text[],
          ${each((listing) => toText(listing.timeZone))}::text[],
          ${once.map(({ position }) => position)}::int[]
        ) as r (id, provider_id, namespace, summary, is_primary, access_role, color, time_zone, position)
        where k.user_id = ${toText(of.userId)} and k.id = ${toText(of.id)}
        on conflict (user_id, calendar_id) do update set connection_id = excluded.connection_id,
          provider_id = excluded.provider_id, namespace = excluded.namespace, generation = excluded.generation,
          summary = excluded.summary, is_primary = excluded.is_primary, access_role = excluded.access_role,
          color = excluded.color, time_zone = excluded.time_zone, open_at = excluded.open_at`)
      return (yield* calendars(tx, of.userId)).filter(({ connectionId }) => connectionId === of.id)
    })
  )

export const patchCalendar = Effect.fnUntraced(function* (
  db: Queries,
  of: ConnectionGeneration,
  calendarId: CalendarId,
  patch: CalendarPatch
): Effect.fn.Return<void, DatabaseError | Fenced> {
  // What is decided from calendars that are selected or not is decided from others by then.
  const raises = patch.selected !== undefined
  const patched = yield* db.rows(sql`
    with fence as materialized (
      select user_id from punctual.user_states where user_id = ${toText(of.userId)}
      for ${sql.raw(raises ? "update" : "share")}
    ), patched as (
      update punctual.calendars c set ${sql.join(assignments(patch))}
      from fence where c.user_id = fence.user_id and ${isCalendarOf(of, calendarId)}
      returning c.user_id
    ) ${raises ? raised : sql``}
    select user_id from patched`)
  if (patched.length === 0) return yield* new Fenced()
})

const raised = sql`, raised as (
  update punctual.user_states s set version = s.version + 1 from patched where s.user_id = patched.user_id
)`

const assignments = (patch: CalendarPatch): ReadonlyArray<RawBuilder<unknown>> => {
  const { dueAt, isRemoved, pollingReason, reset, selected, subscription, syncError, syncStatus } = patch
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
  if (isRemoved !== undefined) sets.push(sql`is_removed = ${isRemoved}::boolean`)
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
  readonly connection_id: string
  readonly generation: number
  readonly calendar_id: string
}

const subscribedColumns = sql.raw(
  `c.user_id, c.connection_id, c.generation, c.calendar_id, c.subscription_id, c.subscription_hash,
  c.subscription_ends_at`
)

/**
 * Tombstones' calendars are on their way out. Asked of each calendar that was found: a join would be planned as if it
 * found a single one, and then by reading all there are.
 */
const isStanding = sql.raw(`(select k.status from punctual.connections k
  where k.user_id = c.user_id and k.id = c.connection_id) <> 'disconnected'`)

export const subscriptions = (
  db: Queries,
  subscriptionIds: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<SubscribedCalendar>, DatabaseError> =>
  Effect.map(
    db.rows<SubscribedRow>(sql`
      select ${subscribedColumns} from punctual.calendars c
      where c.subscription_id = any(${subscriptionIds.map(toText)}::text[]) and ${isStanding}`),
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
      where c.subscription_ends_at < ${toInstant(before)}::bigint and ${isStanding}
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
      connectionId: fromText(row.connection_id) as ConnectionId,
      generation: row.generation,
      calendarId: fromText(row.calendar_id) as CalendarId,
      subscription: found
    }
  ]
}
