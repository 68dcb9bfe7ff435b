/**
 * The mirror: what the provider listed, under a claim.
 * Decides which members of a known row stay and what counts as a change. Never decides what is asked of the provider.
 */
import { Effect } from "effect"
import { type RawBuilder, sql } from "kysely"
import {
  type CalendarEvent,
  type CalendarId,
  type Claim,
  type ConnectionGeneration,
  type EventId,
  Fenced,
  type Instant,
  type Series,
  type SeriesId,
  type Span,
  type UserId
} from "@punctual/core"
import type { Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import { appendingCounts } from "../rows/ChangeRow.ts"
import { toInstant, toText, toTexts } from "../rows/Column.ts"
import { type EventRow, eventColumns, eventRows, toEvent } from "../rows/EventRow.ts"
import { type SeriesRow, seriesColumns, seriesRows, toSeries } from "../rows/SeriesRow.ts"
import { isCalendarOf } from "./Calendars.ts"
import { isClaimed, underClaim } from "./Claims.ts"
import { overlaps } from "./Overlap.ts"

/** Rows of the mirror, as they are written and found. */
export interface Rows {
  readonly events: ReadonlyArray<CalendarEvent>
  readonly series: ReadonlyArray<Series>
}

/** What is asked for: rows by their own ids, or by the provider's within one calendar. */
export interface Ids {
  readonly events: ReadonlyArray<EventId>
  readonly series: ReadonlyArray<SeriesId>
  readonly providerIds: ReadonlyArray<string>
}

export const mirrored = Effect.fnUntraced(function* (
  db: Queries,
  userId: UserId,
  calendarId: CalendarId,
  ids: Ids
): Effect.fn.Return<Rows, DatabaseError> {
  const user = toText(userId)
  const isTold = sql`(calendar_id = ${toText(calendarId)} and provider_id = any(${toTexts(ids.providerIds)}::text[])
    and provider_id <> '')`
  const events = yield* db.rows<EventRow>(sql`
    select ${eventColumns} from punctual.events
    where user_id = ${user} and (id = any(${toTexts(ids.events)}::text[]) or ${isTold}) and not is_virtual`)
  const series = yield* db.rows<SeriesRow>(sql`
    select ${seriesColumns} from punctual.series
    where user_id = ${user} and (id = any(${toTexts(ids.series)}::text[]) or ${isTold})`)
  return { events: events.map(toEvent), series: series.map(toSeries) }
})

/** One statement: the claim is checked, the rows are written and the mirror number is raised, or nothing is. */
export const putMirror = Effect.fnUntraced(function* (
  db: Queries,
  claim: Claim,
  rows: Rows
): Effect.fn.Return<number, DatabaseError | Fenced> {
  const seen = sql`${claim.calendar.syncGeneration}::bigint`
  const [result] = yield* db.rows<{ readonly fences: number; readonly changed: number }>(sql`
    with fence as materialized (${underClaim(claim)}),
    put_events as (${putEvents(lastOfEach(rows.events), seen)}),
    put_series as (${putSeries(lastOfEach(rows.series), seen)}),
    changed as (
      select (select count(*) from put_events where is_changed) + (select count(*) from put_series where is_changed)
        as rows
    ), counts as (
      select count(*) filter (where counted = 'c') as created, count(*) filter (where counted = 'u') as updated,
        count(*) filter (where counted = 'd') as deleted
      from put_events where is_changed
    ), counted as (
      update punctual.calendars c set created_count = c.created_count + counts.created,
        updated_count = c.updated_count + counts.updated, deleted_count = c.deleted_count + counts.deleted
      from fence, counts where c.user_id = fence.user_id and c.calendar_id = fence.calendar_id
        and counts.created + counts.updated + counts.deleted > 0
    ), raised as (
      update punctual.user_states s set mirror_number = fence.next
      from fence, changed where s.user_id = fence.user_id and changed.rows > 0
    ), noted as (${noteDay(sql`from fence, changed where changed.rows > 0`, lastUpdate(rows))}
    )
    select (select count(*) from fence)::int as fences, changed.rows::int as changed from changed`)
  if (result === undefined || result.fences === 0) return yield* new Fenced()
  return result.changed
})

const dayMillis = 86_400_000

/** The day that an instant belongs to, in UTC. */
export const dayOf = (at: Instant): number => Math.floor(toInstant(at) / dayMillis)

/** The first number of a day stands for all of it: whoever asks for what changed since then finds more than that. */
const noteDay = (source: RawBuilder<unknown>, at: Instant): RawBuilder<unknown> => sql`
  insert into punctual.mirror_days (user_id, day, mirror_number)
  select fence.user_id, ${dayOf(at)}::int, fence.next ${source}
  on conflict do nothing`

const lastUpdate = ({ events, series }: Rows): Instant =>
  [...events, ...series].reduce((latest, { updatedAt }) => Math.max(latest, updatedAt), 0)

/**
 * A row that changed carries the number that this write raises the mirror to; so the answer says which those are. What a
 * decision took apart stays so until the next one.
 */
const putEvents = (events: ReadonlyArray<CalendarEvent>, seen: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  insert into punctual.events as t (user_id, id, calendar_id, provider_id, kind, series_id, series_key, meeting,
    family, start_at, end_at, organizer, is_deleted, is_virtual, created_at, updated_at, seen, mirror_number, counted,
    digest, raw_digest, data, facts, raw)
  select fence.user_id, r.id, r.calendar_id, r.provider_id, r.kind, r.series_id, r.series_key, r.meeting, r.family,
    r.start_at, r.end_at, r.organizer, r.is_deleted, r.is_virtual, r.created_at, r.updated_at, ${seen}, fence.next,
    case when r.is_deleted then 'd' else 'c' end, r.digest, r.raw_digest, r.data, r.facts, r.raw
  from fence, ${eventRows(events)}
  on conflict (user_id, id) do update set calendar_id = excluded.calendar_id, provider_id = excluded.provider_id,
    kind = excluded.kind, series_id = excluded.series_id, series_key = excluded.series_key,
    meeting = case when t.family = excluded.family then t.meeting else excluded.meeting end, family = excluded.family,
    start_at = excluded.start_at, end_at = excluded.end_at, organizer = excluded.organizer,
    is_deleted = excluded.is_deleted, is_virtual = excluded.is_virtual, seen = excluded.seen,
    digest = excluded.digest, raw_digest = excluded.raw_digest, data = excluded.data,
    facts = case when ${isOtherwise} then excluded.facts else t.facts end,
    updated_at = case when ${isOtherwise} then excluded.updated_at else t.updated_at end,
    raw = case when ${isItemOtherwise} then excluded.raw else t.raw end,
    mirror_number = case when ${isOtherwise} then excluded.mirror_number else t.mirror_number end,
    counted = case when not ${isOtherwise} then t.counted when excluded.is_deleted then 'd'
      when t.is_deleted then 'c' else 'u' end
  where not ${isElsewhere}
  returning mirror_number = (select next from fence) as is_changed, counted`

/** What was decided stays, and exceptions that the provider was not asked for. */
const putSeries = (series: ReadonlyArray<Series>, seen: RawBuilder<unknown>): RawBuilder<unknown> => {
  const isChanged = sql`(${isOtherwise}
    or (excluded.exceptions is not null and excluded.exceptions::text is distinct from t.exceptions::text))`
  return sql`
  insert into punctual.series as t (user_id, id, calendar_id, provider_id, key, organizer, is_deleted, created_at,
    updated_at, seen, mirror_number, digest, raw_digest, data, facts, decided_timing, exceptions, raw)
  select fence.user_id, r.id, r.calendar_id, r.provider_id, r.key, r.organizer, r.is_deleted, r.created_at, r.updated_at,
    ${seen}, fence.next, r.digest, r.raw_digest, r.data, r.facts, r.decided_timing, r.exceptions, r.raw
  from fence, ${seriesRows(series)}
  on conflict (user_id, id) do update set calendar_id = excluded.calendar_id, provider_id = excluded.provider_id,
    key = excluded.key, organizer = excluded.organizer, is_deleted = excluded.is_deleted, seen = excluded.seen,
    digest = excluded.digest, raw_digest = excluded.raw_digest, data = excluded.data,
    facts = case when ${isOtherwise} then excluded.facts else t.facts end, exceptions = coalesce(excluded.exceptions, t.exceptions),
    updated_at = case when ${isChanged} then excluded.updated_at else t.updated_at end,
    raw = case when ${isItemOtherwise} then excluded.raw else t.raw end,
    mirror_number = case when ${isChanged} then excluded.mirror_number else t.mirror_number end
  where not ${isElsewhere}
  returning mirror_number = (select next from fence) as is_changed`
}

/** Moved to another calendar, which told of it first: what ends is its stay in this one. */
const isElsewhere = sql`(excluded.is_deleted and not t.is_deleted and t.calendar_id <> excluded.calendar_id)`

/** Whether the row at hand says something else than the stored one. */
const isOtherwise = sql`(excluded.digest <> t.digest or excluded.is_deleted <> t.is_deleted)`

/** The provider's item is kept up to date, and a change of it alone is none of the row. */
const isItemOtherwise = sql`excluded.raw_digest <> t.raw_digest`

export const unseen = Effect.fnUntraced(function* (
  db: Queries,
  claim: Claim,
  span: Span,
  after: EventId | null,
  limit: number
): Effect.fn.Return<ReadonlyArray<CalendarEvent>, DatabaseError | Fenced> {
  const rows = yield* db.rows<EventRow | { readonly id: null }>(sql`
    select ${eventColumns} from (
      select c.user_id as owner, c.calendar_id as claimed from punctual.calendars c where ${isClaimed(claim)}
    ) fence
    left join lateral (
      select ${eventColumns} from punctual.events e
      where e.user_id = fence.owner and e.calendar_id = fence.claimed and e.id > ${toText(after ?? "")}
        and e.seen is distinct from ${claim.calendar.syncGeneration}::bigint
        and not e.is_deleted and not e.is_virtual and ${overlaps(span)}
      order by e.id limit ${limit}::int
    ) e on true`)
  if (rows.length === 0) return yield* new Fenced()
  return rows.flatMap((row) => (row.id === null ? [] : [toEvent(row)])).toSorted((a, b) => (a.id < b.id ? -1 : 1))
})

export const occurrencesOf = (
  db: Queries,
  userId: UserId,
  series: ReadonlyArray<SeriesId>
): Effect.Effect<ReadonlyArray<CalendarEvent>, DatabaseError> =>
  Effect.map(
    db.rows<EventRow>(sql`
      select ${eventColumns} from punctual.events
      where user_id = ${toText(userId)} and series_id = any(${toTexts(series)}::text[]) and kind <> 'single'
        and not is_deleted
      order by start_at, id`),
    (rows) => rows.map(toEvent)
  )

export const dropMirror = Effect.fnUntraced(function* (
  db: Queries,
  of: ConnectionGeneration,
  calendarId: CalendarId,
  now: Instant,
  limit: number
): Effect.fn.Return<number, DatabaseError | Fenced> {
  const calendar = toText(calendarId)
  const some = (table: string) => sql`array(select id from ${sql.table(`punctual.${table}`)}
    where user_id = ${toText(of.userId)} and calendar_id = ${calendar} and not is_deleted limit ${limit}::int)`
  const bury = sql`is_deleted = true, updated_at = ${toInstant(now)}::bigint, mirror_number = fence.next`
  const [result] = yield* db.rows<{ readonly fences: number; readonly dropped: number }>(sql`
    with fence as materialized (
      select s.user_id, c.calendar_id, s.mirror_number + 1 as next, c.created_count, c.updated_count, c.deleted_count
      from punctual.user_states s join punctual.calendars c on c.user_id = s.user_id
      where s.user_id = ${toText(of.userId)} and ${isCalendarOf(of, calendarId)}
      for update of s for update of c
    ), events as (
      update punctual.events t set ${bury}, counted = 'd' from fence
      where t.user_id = fence.user_id and t.id = any(${some("events")}) and not t.is_deleted returning 1
    ), series as (
      update punctual.series t set ${bury} from fence
      where t.user_id = fence.user_id and t.id = any(${some("series")}) and not t.is_deleted returning 1
    ), dropped as (
      select (select count(*) from events) + (select count(*) from series) as rows
    ), raised as (
      update punctual.user_states s set mirror_number = fence.next
      from fence, dropped where s.user_id = fence.user_id and dropped.rows > 0
    ), noted as (${noteDay(sql`from fence, dropped where dropped.rows > 0`, now)}
    ), counts as (
      select created_count as created, updated_count as updated, deleted_count + gone.rows as deleted
      from fence, (select count(*) as rows from events) gone where gone.rows > 0
    ), counted as (
      update punctual.calendars c set created_count = 0, updated_count = 0, deleted_count = 0
      from fence, counts where c.user_id = fence.user_id and c.calendar_id = fence.calendar_id
    )
    ${appendingCounts(sql`${toText(of.userId)}::text`, calendarId, now, "counts")}
    select (select count(*) from fence)::int as fences, dropped.rows::int as dropped from dropped`)
  if (result === undefined || result.fences === 0) return yield* new Fenced()
  return result.dropped
})

/** A statement may write a row only once. */
const lastOfEach = <Row extends { readonly id: string }>(rows: ReadonlyArray<Row>): ReadonlyArray<Row> => [
  ...new Map(rows.map((row) => [row.id, row])).values()
]
