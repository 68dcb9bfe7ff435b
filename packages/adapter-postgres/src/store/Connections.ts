/**
 * Connections: who is connected, and what is left of who is not.
 * Decides whether a connection's row may be written, and what a disconnect leaves. Never asks the time.
 */
import { Effect, Option } from "effect"
import { sql } from "kysely"
import { type Account, Conflict, type Connection, type Erased, type UserId } from "@punctual/core"
import type { Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import { type CalendarRow, calendarColumns, calendarOrder, openAt, toCalendar } from "../rows/CalendarRow.ts"
import { toInstantOrNull, toJson, toText } from "../rows/Column.ts"

export const connection = (db: Queries, userId: UserId): Effect.Effect<Option.Option<Connection>, DatabaseError> =>
  Effect.map(
    db.rows<{ readonly connection: Connection | null }>(
      sql`select connection from punctual.user_states where user_id = ${toText(userId)}`
    ),
    ([row]) => Option.fromNullishOr(row?.connection)
  )

interface AccountRow {
  readonly connection: Connection | null
  readonly calendars: ReadonlyArray<CalendarRow> | null
}

export const account = (db: Queries, userId: UserId): Effect.Effect<Option.Option<Account>, DatabaseError> =>
  Effect.map(
    db.rows<AccountRow>(sql`
      select connection, (select json_agg(t) from (
        select ${calendarColumns} from punctual.calendars where user_id = ${toText(userId)} order by ${calendarOrder}) t
      ) as calendars from punctual.user_states where user_id = ${toText(userId)}`),
    ([row]) =>
      row === undefined || row.connection === null
        ? Option.none()
        : Option.some({ connection: row.connection, calendars: (row.calendars ?? []).map(toCalendar) })
  )

/** The calendars learn in the same statement whether the provider may be asked for them. */
export const saveConnection = Effect.fnUntraced(function* (
  db: Queries,
  row: Connection,
  expected: number | null
): Effect.fn.Return<void, DatabaseError | Conflict> {
  const saved = yield* db.rows(sql`
    with saved as (
      insert into punctual.user_states as s (user_id, generation, revision, status, status_reason, not_before,
        connection)
      select ${toText(row.userId)}::text, ${row.generation}::bigint, ${row.revision}::bigint, ${row.status}::text,
        ${toText(row.statusReason)}::text, ${toInstantOrNull(row.notBefore)}::bigint, ${toJson(row)}::json
      where ${expected}::bigint is null
        or exists (select 1 from punctual.user_states where user_id = ${toText(row.userId)})
      on conflict (user_id) do update set generation = excluded.generation, revision = excluded.revision,
        status = excluded.status, status_reason = excluded.status_reason, not_before = excluded.not_before, connection = excluded.connection
      where s.revision is not distinct from ${expected}::bigint
      returning s.user_id
    ), opened as (
      update punctual.calendars c set open_at = ${toInstantOrNull(openAt(row))}::bigint
      from saved where c.user_id = saved.user_id and c.open_at is distinct from ${toInstantOrNull(openAt(row))}::bigint
    )
    select user_id from saved`)
  if (saved.length === 0) return yield* new Conflict()
})

export const connections = (
  db: Queries,
  after: UserId | null,
  limit: number
): Effect.Effect<ReadonlyArray<Connection>, DatabaseError> =>
  Effect.map(
    db.rows<{ readonly connection: Connection }>(sql`
      select connection from punctual.user_states
      where status is not null and status <> 'disconnected' and user_id > ${toText(after ?? "")}
      order by user_id limit ${limit}::int`),
    (rows) => rows.map((row) => row.connection)
  )

export const disconnecting = (db: Queries, limit: number): Effect.Effect<ReadonlyArray<Connection>, DatabaseError> =>
  Effect.map(
    db.rows<{ readonly connection: Connection }>(sql`
      select connection from punctual.user_states
      where status = 'disconnected' and status_reason = 'erasing' order by user_id limit ${limit}::int`),
    (rows) => rows.map((row) => row.connection)
  )

/**
 * A bounded number of each kind in one statement, so that no row is counted by one run and deleted by another, and none
 * holds the database for long. The row that fences the others stays and its counters go on, so that nothing decided
 * before can be mistaken for something decided after. Whoever connected again meanwhile keeps what is theirs.
 */
export const erase = (db: Queries, userId: UserId, limit: number): Effect.Effect<Erased, DatabaseError> => {
  const user = sql`${toText(userId)}::text`
  const chosen = (table: Erasable) => sql`array(
    select ctid from ${sql.table(`punctual.${table}`)} where user_id = ${user} ${table === "bots" ? sql`and ${mayGo}` : sql``}
    limit ${limit}::int) as ${sql.ref(table)}`
  const part = (table: Erasable) => sql`delete from ${sql.table(`punctual.${table}`)} t using fence, chosen
    where t.user_id = fence.user_id and t.ctid = any(chosen.${sql.ref(table)})`
  return Effect.map(
    // Whether it is done is told by what was chosen: another run may have removed it meanwhile, and not what is left.
    db.rows<{ readonly events: number; readonly bots: number; readonly most: number; readonly kept: number }>(sql`
      with fence as (
        update punctual.user_states set version = version + 1, decided = mirror_number, decide_at = null,
          auto_enabled = false, auto = null
        where user_id = ${user} and (status is null or status = 'disconnected') returning user_id
      ), chosen as materialized (
        select ${chosen("events")}, ${chosen("bots")}, ${chosen("series")}, ${chosen("calendars")}, ${chosen("intents")},
          ${chosen("overrides")}
      ), events as (${part("events")} returning is_deleted
      ), bots as (${part("bots")} returning t.status
      ), series as (${part("series")}
      ), calendars as (${part("calendars")}
      ), intents as (${part("intents")}
      ), overrides as (${part("overrides")}
      )
      select (select count(*) from events where not is_deleted)::int as events,
        (select count(*) from bots where status = 'Scheduled')::int as bots,
        -- One that was chosen and not removed was written meanwhile, and may be on its way by now.
        (select (select count(*) from punctual.bots where user_id = ${user} and not ${mayGo})
          + cardinality(chosen.bots) - (select count(*) from bots) from chosen, fence)::int as kept,
        coalesce((select greatest(cardinality(chosen.events), cardinality(chosen.bots), cardinality(chosen.series),
          cardinality(chosen.calendars), cardinality(chosen.intents), cardinality(chosen.overrides))
          from chosen, fence), 0) as most`),
    ([row]) => ({
      events: row?.events ?? 0,
      liveBots: row?.bots ?? 0,
      isDone: (row?.most ?? 0) < limit,
      keptBots: row?.kept ?? 0
    })
  )
}

/** All but what the launch protocol has yet to find out about. */
const mayGo = sql`status <> 'Launching'`

type Erasable = "events" | "bots" | "series" | "calendars" | "intents" | "overrides"
