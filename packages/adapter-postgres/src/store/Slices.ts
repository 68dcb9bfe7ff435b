/**
 * Slices of a user's state, and which users have something to decide.
 * Decides what belongs to a slice: what the port promises. Never decides about bots.
 */
import { Effect } from "effect"
import { type RawBuilder, sql } from "kysely"
import {
  type AutoSchedule,
  type BotsOfUser,
  type Connection,
  type Instant,
  type Intent,
  type Override,
  type Scope,
  type SeriesKey,
  type Slice,
  type UserId,
  autoNever,
  relevantBots
} from "@punctual/core"
import type { Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import { type BotRow, botColumns, toBot } from "../rows/BotRow.ts"
import { type CalendarRow, calendarsByRank, toCalendar } from "../rows/CalendarRow.ts"
import { fromText, toInstant, toText, toTexts, userIs } from "../rows/Column.ts"
import { type EventRow, decidedEventColumns, eventColumns, toEvent } from "../rows/EventRow.ts"
import { type SeriesRow, seriesColumns, toSeries } from "../rows/SeriesRow.ts"
import { connectionsOf } from "./Connections.ts"
import { overlapping } from "./Overlap.ts"
import { type WorkspaceRow, toWorkspaceOrNull, workspaceOfUser } from "../rows/WorkspaceRow.ts"

export const slice = (db: Queries, userId: UserId, scope: Scope, now: Instant): Effect.Effect<Slice, DatabaseError> =>
  Effect.map(db.rows<SliceRow>(queryOf(userIs(userId), scope, now)), ([row]) => toSlice(userId, row))

const queryOf = (user: RawBuilder<unknown>, scope: Scope, now: Instant): RawBuilder<SliceRow> =>
  scope.kind === "all"
    ? sliceQuery(user, everything, eventColumns)
    : sliceQuery(user, reached(user, seed(user, scope), now))

interface SliceRow {
  readonly state: {
    readonly version: number
    readonly mirror_number: number
    readonly decided: number
    readonly decide_at: number | null
    readonly judge_mark: number | null
    readonly auto: AutoSchedule | null
    readonly paused_until: number | null
    readonly workspace: WorkspaceRow | null
  } | null
  readonly connections: ReadonlyArray<Connection> | null
  readonly calendars: ReadonlyArray<CalendarRow> | null
  readonly events: ReadonlyArray<EventRow> | null
  readonly series: ReadonlyArray<SeriesRow> | null
  readonly intents: ReadonlyArray<{ readonly data: Intent }> | null
  readonly overrides: ReadonlyArray<{ readonly data: Override }> | null
  readonly bots: ReadonlyArray<BotRow> | null
}

const toSlice = (userId: UserId, row: SliceRow | undefined): Slice => ({
  userId,
  version: row?.state?.version ?? 0,
  mirrorNumber: row?.state?.mirror_number ?? 0,
  decided: row?.state?.decided ?? 0,
  decideAt: row?.state?.decide_at ?? null,
  judgeMark: row?.state?.judge_mark ?? null,
  connections: row?.connections ?? [],
  calendars: (row?.calendars ?? []).map(toCalendar),
  auto: row?.state?.auto ?? autoNever,
  pausedUntil: row?.state?.paused_until ?? null,
  workspace: toWorkspaceOrNull(row?.state?.workspace),
  events: (row?.events ?? []).map(toEvent),
  series: (row?.series ?? []).map(toSeries),
  intents: (row?.intents ?? []).map(({ data }) => data),
  overrides: (row?.overrides ?? []).map(({ data }) => data),
  // Of those handed over all are read (each was a real bot): which one is in the meeting for longest, its data alone say.
  bots: relevantBots((row?.bots ?? []).map(toBot))
})

/**
 * One statement for all of them: each is read by itself, in the same plan, which takes as long to make as ten users take to
 * read.
 */
export const slicesOfBots = (
  db: Queries,
  asked: ReadonlyArray<BotsOfUser>,
  now: Instant
): Effect.Effect<ReadonlyArray<Slice>, DatabaseError> => {
  const user = sql`asked.user_id`
  const botIds = sql`asked.bot_ids`
  const named = asked.flatMap(({ botIds: ids }, at) => ids.map((id) => ({ at, id })))
  return Effect.map(
    db.rows<SliceRow>(sql`
      with named as materialized (
        select n, array_agg(bot_id) as bot_ids
        from unnest(${named.map(({ at }) => at + 1)}::int[], ${toTexts(named.map(({ id }) => id))}::text[]) b (n, bot_id)
        group by n
      ), asked as materialized (
        select a.n, a.user_id, coalesce(named.bot_ids, '{}') as bot_ids
        from unnest(${toTexts(asked.map(({ userId }) => userId))}::text[]) with ordinality a (user_id, n)
        left join named on named.n = a.n
      )
      select slice.* from asked cross join lateral (${sliceQuery(user, reached(user, ofBots(user, botIds), now))}) slice
      order by asked.n`),
    (rows) => asked.map(({ userId }, at) => toSlice(userId, rows[at]))
  )
}

const ofBots = (user: RawBuilder<unknown>, botIds: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  select false, meeting from punctual.bots where user_id = ${user} and id = any(${botIds})
  union all
  select true, series from punctual.bots where user_id = ${user} and id = any(${botIds})`

/** One statement, so that all of it is of one moment. */
const sliceQuery = (
  user: RawBuilder<unknown>,
  { isOfMeeting, isOfSeries, reach }: Reach,
  columns: RawBuilder<unknown> = decidedEventColumns
): RawBuilder<SliceRow> => sql`
    ${reach}
    select
      (select row_to_json(t) from (
        select version, mirror_number, decided, decide_at, judge_mark, auto, paused_until, ${workspaceOfUser} as workspace
        from punctual.user_states s where user_id = ${user}) t) as state,
      ${connectionsOf(user)} as connections,
      (select json_agg(t) from (${calendarsByRank(user)}) t) as calendars,
      (select json_agg(t) from (
        select ${columns} from punctual.events
        where user_id = ${user} and ${isOfMeeting(sql`meeting`)} order by start_at, id) t) as events,
      (select json_agg(t) from (
        select ${seriesColumns} from punctual.series
        where user_id = ${user} and ${isOfSeries(sql`key`)} order by id) t) as series,
      (select json_agg(t) from (
        select data from punctual.intents
        where user_id = ${user} and (${isOfMeeting(sql`meeting`)} or ${isOfSeries(sql`series`)}) order by id) t
      ) as intents,
      (select json_agg(t) from (
        select data from punctual.overrides
        where user_id = ${user} and ${isOfMeeting(sql`meeting`)} order by meeting) t) as overrides,
      (select json_agg(t) from (
        select ${botColumns} from (
          select ${botColumns}, id, created_at, status,
            row_number() over (partition by meeting, status order by created_at desc, id desc) as place
          from punctual.bots where user_id = ${user} and ${isOfMeeting(sql`meeting`)}) b
        where status in ('Scheduled', 'Launching', 'Launched') or place = 1
        order by created_at desc, id desc) t) as bots`

/** What a slice is about, and how a statement asks whether a row is about it. */
interface Reach {
  readonly reach: RawBuilder<unknown>
  readonly isOfMeeting: (column: RawBuilder<unknown>) => RawBuilder<unknown>
  readonly isOfSeries: (column: RawBuilder<unknown>) => RawBuilder<unknown>
}

const everything: Reach = { reach: sql``, isOfMeeting: () => sql`true`, isOfSeries: () => sql`true` }

/**
 * Grows from the scope until it is closed: a meeting brings the series that own a copy of it, and the meetings of its
 * events' families: those under other names than the family's by an index of their own, the one under the family's own by
 * that. A series brings the meetings of its own that somebody asks for or against or that have a live bot, and with any such
 * intent the stored occurrences that are still ahead. The keys are handed on as arrays, so that each table is read through
 * its index.
 */
const reached = (user: RawBuilder<unknown>, begin: RawBuilder<unknown>, now: Instant): Reach => ({
  reach: sql`
    with recursive reach (is_series, key) as (
      select is_series, key collate "C" from (${begin}) seed (is_series, key) where key is not null
      union
      select step.is_series, step.key from reach r cross join lateral (
        select true, e.series_key from punctual.events e
        where not r.is_series and e.user_id = ${user} and e.meeting = r.key and e.series_key is not null
        union all
        select false, f.meeting from punctual.events e
        join punctual.events f on f.user_id = e.user_id and f.family = e.family and f.meeting <> f.family
        where not r.is_series and e.user_id = ${user} and e.meeting = r.key
        union all
        select false, f.meeting from punctual.events e
        join punctual.events f on f.user_id = e.user_id and f.meeting = e.family and f.family = e.family
        where not r.is_series and e.user_id = ${user} and e.meeting = r.key and e.meeting <> e.family
        union all
        select false, i.meeting from punctual.intents i
        where r.is_series and i.user_id = ${user} and i.series = r.key and i.meeting is not null
        union all
        select false, o.meeting from punctual.overrides o
        where r.is_series and o.user_id = ${user} and o.series = r.key
        union all
        select false, b.meeting from punctual.bots b
        where r.is_series and b.user_id = ${user} and b.series = r.key and b.status in ('Scheduled', 'Launching')
        union all
        select false, e.meeting from punctual.events e
        where r.is_series and e.user_id = ${user} and e.series_key = r.key and e.end_at > ${toInstant(now)}::bigint
          and exists (select 1 from punctual.intents i where i.user_id = ${user} and i.series = r.key)
      ) step (is_series, key)
    ),
    keys as materialized (
      select array(select key from reach where not is_series) as meetings,
        array(select key from reach where is_series) as series
    )`,
  isOfMeeting: (column) => sql`${column} = any((select meetings from keys)::text[])`,
  isOfSeries: (column) => sql`${column} = any((select series from keys)::text[])`
})

/** Where a slice starts: rows of (is it a series?, key). */
const seed = (user: RawBuilder<unknown>, scope: Exclude<Scope, { kind: "all" }>): RawBuilder<unknown> => {
  switch (scope.kind) {
    case "changed":
      return sql`
        select false, e.meeting from punctual.user_states s
        join punctual.events e on e.user_id = s.user_id and e.mirror_number > s.decided where s.user_id = ${user}
        union all
        select true, t.key from punctual.user_states s
        join punctual.series t on t.user_id = s.user_id and t.mirror_number > s.decided where s.user_id = ${user}
        union all
        select true, series from punctual.intents where user_id = ${user} and kind = 'recurring'
        union all
        select true, unnest(${toTexts(scope.series ?? [])}::text[])
        union all
        select false, unnest(${toTexts(scope.meetings ?? [])}::text[])`
    case "meetings":
      return sql`
        select false, unnest(${toTexts(scope.meetings)}::text[])
        union all
        select true, unnest(${toTexts(scope.series)}::text[])`
    case "span":
      return sql`
        select false, meeting from (
          ${overlapping(sql`meeting`, user, scope.span, sql``, sql``)}) spanned
        union all
        select false, meeting from punctual.bots where user_id = ${user} and status in ('Scheduled', 'Launching')`
    case "intended":
      return sql`
        select series is not null and meeting is null, coalesce(meeting, series) from punctual.intents
        where user_id = ${user} and kind not in ('exclusion', 'series-exclusion')
        union all
        select false, meeting from punctual.bots where user_id = ${user} and status in ('Scheduled', 'Launching')`
  }
}

/** Users whose state is ahead of what was decided, who are marked, or for whom time alone may have changed it. */
export const lagging = (
  db: Queries,
  now: Instant,
  after: UserId | null,
  limit: number
): Effect.Effect<ReadonlyArray<UserId>, DatabaseError> => {
  const isNext = sql`user_id > ${toText(after ?? "")}`
  return users(
    db,
    sql`
    select user_id from (
      (select user_id from punctual.user_states where mirror_number > decided and ${isNext}
        order by user_id limit ${limit}::int)
      union
      (select user_id from punctual.user_states where judge_mark is not null and ${isNext}
        order by user_id limit ${limit}::int)
      union
      (select user_id from punctual.user_states where decide_at <= ${toInstant(now)}::bigint and ${isNext}
        order by user_id limit ${limit}::int)
    ) lagging order by user_id limit ${limit}::int`
  )
}

export const autoUsers = (
  db: Queries,
  after: UserId | null,
  limit: number
): Effect.Effect<ReadonlyArray<UserId>, DatabaseError> =>
  users(
    db,
    sql`
    select user_id from punctual.user_states where auto_enabled and user_id > ${toText(after ?? "")}
    order by user_id limit ${limit}::int`
  )

export const intendedSeries = (db: Queries, userId: UserId): Effect.Effect<ReadonlyArray<SeriesKey>, DatabaseError> =>
  Effect.map(
    db.rows<{ readonly series: string }>(sql`
      select series from punctual.intents where user_id = ${toText(userId)} and series is not null
      union
      select series from punctual.overrides where user_id = ${toText(userId)} and series is not null
      order by series`),
    (rows) => rows.map((row) => fromText(row.series) as SeriesKey)
  )

const users = (db: Queries, query: RawBuilder<unknown>): Effect.Effect<ReadonlyArray<UserId>, DatabaseError> =>
  Effect.map(db.rows(query as RawBuilder<{ readonly user_id: string }>), (rows) =>
    rows.map((row) => fromText(row.user_id) as UserId)
  )
