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
 * One statement, so that no row is counted by one run and deleted by another. The row that fences the others stays and
 * its counters go on, so that nothing decided before can be mistaken for something decided after. Whoever connected
 * again meanwhile keeps what is theirs.
 */
export const erase = (db: Queries, userId: UserId): Effect.Effect<Erased, DatabaseError> => {
  const user = sql`${toText(userId)}::text`
  return Effect.map(
    db.rows<{ readonly events: number; readonly bots: number }>(sql`
      with fence as (
        update punctual.user_states set version = version + 1, decided = mirror_number, decide_at = null,
          auto_enabled = false, auto = null
        where user_id = ${user} and (status is null or status = 'disconnected') returning user_id
      ), events as (
        delete from punctual.events using fence where events.user_id = fence.user_id returning is_deleted
      ), bots as (
        delete from punctual.bots using fence where bots.user_id = fence.user_id returning status
      ), series as (
        delete from punctual.series using fence where series.user_id = fence.user_id
      ), calendars as (
        delete from punctual.calendars using fence where calendars.user_id = fence.user_id
      ), intents as (
        delete from punctual.intents using fence where intents.user_id = fence.user_id
      ), overrides as (
        delete from punctual.overrides using fence where overrides.user_id = fence.user_id
      )
      select (select count(*) from events where not is_deleted)::int as events,
        (select count(*) from bots where status in ('Scheduled', 'Launching'))::int as bots`),
    ([row]) => ({ events: row?.events ?? 0, liveBots: row?.bots ?? 0 })
  )
}
