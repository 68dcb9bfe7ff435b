/**
 * Connections: who is connected, and what is left of who is not.
 * Decides whether a connection's row may be written, and what a disconnect leaves. Never asks the time.
 */
import { Effect } from "effect"
import { type RawBuilder, sql } from "kysely"
import {
  type Account,
  Conflict,
  type Connection,
  type ConnectionChange,
  type ConnectionId,
  type Erased,
  type UserId
} from "@punctual/core"
import type { Database, Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import { type CalendarRow, calendarsByRank, connectionOrder, openAt, toCalendar } from "../rows/CalendarRow.ts"
import { appending } from "../rows/ChangeRow.ts"
import { fromText, toInstant, toInstantOrNull, toJson, toText, userIs } from "../rows/Column.ts"

interface ConnectionRow {
  readonly data: Connection
}

export const connections = (db: Queries, userId: UserId): Effect.Effect<ReadonlyArray<Connection>, DatabaseError> =>
  Effect.map(
    db.rows<ConnectionRow>(sql`
      select k.data from punctual.connections k where k.user_id = ${toText(userId)} order by ${connectionOrder}`),
    (rows) => rows.map(({ data }) => data)
  )

interface AccountRow {
  readonly connections: ReadonlyArray<Connection> | null
  readonly calendars: ReadonlyArray<CalendarRow> | null
}

export const account = (db: Queries, userId: UserId): Effect.Effect<Account, DatabaseError> =>
  Effect.map(
    db.rows<AccountRow>(sql`
      select ${connectionsOf(userIs(userId))} as connections,
        (select json_agg(t) from (${calendarsByRank(userIs(userId))}) t) as calendars`),
    ([row]) => ({ connections: row?.connections ?? [], calendars: (row?.calendars ?? []).map(toCalendar) })
  )

/** A user's connections as one value, for statements that answer with more than them; null: there are none. */
export const connectionsOf = (user: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select json_agg(k.data order by ${connectionOrder}) from punctual.connections k where k.user_id = ${user})`

/**
 * The user's row is locked first, as by everyone else; whoever lost leaves its version as it was. The calendars learn in
 * the same transaction of which generation they are and whether the provider may be asked for them.
 */
export const saveConnection = (
  db: Database["Service"],
  row: Connection,
  expected: number | null,
  change: ConnectionChange | null = null,
  marksJudging = false
): Effect.Effect<void, DatabaseError | Conflict> =>
  db.transaction(
    Effect.fnUntraced(function* (tx) {
      const open = sql`${toInstantOrNull(openAt(row))}::bigint`
      yield* tx.rows(sql`
        insert into punctual.user_states as s (user_id, version, judge_mark)
        values (${toText(row.userId)}, 1, case when ${marksJudging}::boolean then 1 end)
        on conflict (user_id) do update set version = s.version + 1,
          judge_mark = case when ${marksJudging}::boolean then s.version + 1 else s.judge_mark end`)
      const saved = yield* tx.rows(sql`
        with saved as (
          insert into punctual.connections as k (user_id, id, platform, generation, revision, status, status_reason,
            not_before, created_at, data)
          select ${toText(row.userId)}::text, ${toText(row.id)}::text, ${toText(row.platform)}::text,
            ${row.generation}::bigint, ${row.revision}::bigint, ${row.status}::text, ${toText(row.statusReason)}::text,
            ${toInstantOrNull(row.notBefore)}::bigint, ${toInstant(row.createdAt)}::bigint, ${toJson(row)}::json
          where ${expected}::bigint is null
            or exists (select 1 from punctual.connections where user_id = ${toText(row.userId)} and id = ${toText(row.id)})
          on conflict (user_id, id) do update set platform = excluded.platform, generation = excluded.generation,
            revision = excluded.revision, status = excluded.status, status_reason = excluded.status_reason,
            not_before = excluded.not_before, created_at = excluded.created_at, data = excluded.data
          where k.revision is not distinct from ${expected}::bigint
          returning k.user_id, k.id, k.generation
        ), told as (
          update punctual.calendars c set generation = saved.generation, open_at = ${open}
          from saved where c.user_id = saved.user_id and c.connection_id = saved.id
            and (c.generation <> saved.generation or c.open_at is distinct from ${open})
        )
        ${appending(sql`${toText(row.userId)}::text`, change === null ? [] : [change], { expected: 1, written: "saved" })}
        select id from saved`)
      if (saved.length === 0) return yield* new Conflict()
    })
  )

export const connectedUsers = (
  db: Queries,
  after: UserId | null,
  limit: number
): Effect.Effect<ReadonlyArray<UserId>, DatabaseError> =>
  Effect.map(
    db.rows<{ readonly user_id: string }>(sql`
      select distinct user_id from punctual.connections
      where status <> 'disconnected' and user_id > ${toText(after ?? "")} order by user_id limit ${limit}::int`),
    (rows) => rows.map((row) => fromText(row.user_id) as UserId)
  )

export const disconnecting = (db: Queries, limit: number): Effect.Effect<ReadonlyArray<Connection>, DatabaseError> =>
  Effect.map(
    db.rows<ConnectionRow>(sql`
      select k.data from punctual.connections k
      where k.status = 'disconnected' and k.status_reason = 'erasing'
      order by k.user_id, ${connectionOrder} limit ${limit}::int`),
    (rows) => rows.map(({ data }) => data)
  )

const nothing: Erased = { events: 0, liveBots: 0, isDone: true, keptBots: 0 }

/**
 * The user's row is locked before it is asked who is connected: whoever connects (again) at this moment does so before, and
 * keeps what is theirs, or after. That row stays and its counters go on, so that nothing decided before can be mistaken for
 * something decided after; it also says which workspace the user is of, connected or not.
 */
export const erase = (
  db: Database["Service"],
  userId: UserId,
  connectionId: ConnectionId,
  limit: number
): Effect.Effect<Erased, DatabaseError> =>
  db.transaction(
    Effect.fnUntraced(function* (tx) {
      const user = sql`${toText(userId)}::text`
      yield* tx.rows(sql`select user_id from punctual.user_states where user_id = ${user} for update`)
      const found = yield* tx.rows<{ readonly is_meant: boolean; readonly is_standing: boolean }>(sql`
        select id = ${toText(connectionId)} as is_meant, status <> 'disconnected' as is_standing
        from punctual.connections where user_id = ${user}`)
      if (!found.some(({ is_meant, is_standing }) => is_meant && !is_standing)) return nothing
      const [row] = yield* tx.rows(
        found.some(({ is_standing }) => is_standing)
          ? calendarsErased(user, toText(connectionId), limit)
          : everythingErased(user, limit)
      )
      return {
        events: row?.events ?? 0,
        liveBots: row?.bots ?? 0,
        isDone: (row?.most ?? 0) < limit,
        keptBots: row?.kept ?? 0
      }
    })
  )

/** Whether it is done is told by what was chosen, a bounded number of each kind, so that none holds the database for long. */
interface ErasedRow {
  readonly events: number
  readonly bots: number
  readonly most: number
  readonly kept: number
}

/** All but what the launch protocol has yet to find out about. */
const mayGo = sql`status <> 'Launching'`

type Erasable = "events" | "bots" | "series" | "intents" | "overrides" | "changes"

/** A connection that was taken down is told of without anything personal. */
const isPersonal = sql`type <> 'connection.disconnected'`

const chosen = (table: Erasable, which: RawBuilder<unknown>, limit: number): RawBuilder<unknown> => sql`array(
  select ctid from ${sql.table(`punctual.${table}`)} where ${which} limit ${limit}::int) as ${sql.ref(table)}`

/** By one array, not a join: rows are fetched by their places, instead of each of the user's compared with each of them. */
const part = (user: RawBuilder<unknown>, table: Exclude<Erasable, "bots">): RawBuilder<unknown> => sql`
  delete from ${sql.table(`punctual.${table}`)} t
  where t.user_id = ${user} and t.ctid = any((select ${sql.ref(table)} from chosen)::tid[])`

/** By a join: one that is written meanwhile has another place, is compared again, and stays. */
const botsPart = (user: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  delete from punctual.bots t using chosen where t.user_id = ${user} and t.ctid = any(chosen.bots)`

/** Calendars when nothing is left that stands in them: whoever connects another meanwhile leaves it to them what is this one's. */
const everythingErased = (user: RawBuilder<unknown>, limit: number): RawBuilder<ErasedRow> => {
  const which = { bots: sql`and ${mayGo}`, changes: sql`and ${isPersonal}` }
  const some = (table: Erasable) =>
    chosen(table, sql`user_id = ${user} ${table === "bots" || table === "changes" ? which[table] : sql``}`, limit)
  return sql`
    with counted as (
      update punctual.user_states set version = version + 1, decided = mirror_number, decide_at = null,
        judge_mark = null, auto_enabled = false, auto = null, paused_until = null
      where user_id = ${user}
    ), chosen as materialized (
      select ${some("events")}, ${some("bots")}, ${some("series")}, ${some("intents")}, ${some("overrides")},
        ${some("changes")}
    ), events as (${part(user, "events")} returning is_deleted
    ), bots as (${botsPart(user)} returning status
    ), series as (${part(user, "series")}
    ), calendars as (
      delete from punctual.calendars t using chosen where t.user_id = ${user}
        and greatest(cardinality(chosen.events), cardinality(chosen.series)) < ${limit}::int
    ), intents as (${part(user, "intents")}
    ), overrides as (${part(user, "overrides")}
    ), changes as (${part(user, "changes")}
    ), days as (
      -- One row a day, as long as rows are kept.
      delete from punctual.mirror_days where user_id = ${user}
    )
    select (select count(*) from events where not is_deleted)::int as events,
      (select count(*) from bots where status = 'Scheduled')::int as bots,
      -- One that was chosen and not removed was written meanwhile, and may be on its way by now.
      (select (select count(*) from punctual.bots where user_id = ${user} and not ${mayGo})
        + cardinality(chosen.bots) - (select count(*) from bots) from chosen)::int as kept,
      (select greatest(cardinality(chosen.events), cardinality(chosen.bots), cardinality(chosen.series),
        cardinality(chosen.intents), cardinality(chosen.overrides), cardinality(chosen.changes)) from chosen) as most`
}

/** Calendars last: by them the other rows are found. */
const calendarsErased = (user: RawBuilder<unknown>, connection: string, limit: number): RawBuilder<ErasedRow> => {
  const gone = sql`array(
    select calendar_id from punctual.calendars where user_id = ${user} and connection_id = ${connection})`
  const some = (table: Erasable) => chosen(table, sql`user_id = ${user} and calendar_id = any(${gone})`, limit)
  // Bots outlive a connection while others stand, and so does what is told of them.
  const isOfIt = sql`user_id = ${user} and ${isPersonal}
    and (connection_id = ${connection} or type = 'calendar.synced' and calendar_id = any(${gone}))`
  return sql`
    with counted as (
      update punctual.user_states set version = version + 1 where user_id = ${user}
    ), chosen as materialized (
      select ${some("events")}, ${some("series")}, ${chosen("changes", isOfIt, limit)}
    ), events as (${part(user, "events")} returning is_deleted
    ), series as (${part(user, "series")}
    ), changes as (${part(user, "changes")}
    ), calendars as (
      delete from punctual.calendars t using chosen where t.user_id = ${user} and t.connection_id = ${connection}
        and greatest(cardinality(chosen.events), cardinality(chosen.series), cardinality(chosen.changes)) < ${limit}::int
    )
    select (select count(*) from events where not is_deleted)::int as events, 0 as bots, 0 as kept,
      (select greatest(cardinality(chosen.events), cardinality(chosen.series), cardinality(chosen.changes)) from chosen)
        as most`
}
