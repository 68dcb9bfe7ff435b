/**
 * Reads how things stand, in numbers: what waits, what is late, what fails.
 *
 * Decides what is counted, in one round trip, by index wherever a table may be long. Calendars that fail are the exception:
 * they are looked for among all calendars, of which there are few to a user. Names nobody.
 */
import { Effect } from "effect"
import { sql } from "kysely"
import type { Queries } from "./database/Database.ts"
import type { DatabaseError } from "./database/DatabaseError.ts"

export interface Gauges {
  /** Bots that join within the time asked about, those overdue among them. */
  readonly botsDue: number
  readonly botsOverdue: number
  /** Join time of the bot that waits longest, `Scheduled` still; null: none waits. */
  readonly nextJoinAt: number | null
  readonly botsLaunching: number
  /** Users whose changes have not led to a decision yet. */
  readonly usersLagging: number
  /** Since when the calendar that waits longest for its sync could have been read; null: none waits. */
  readonly nextSyncAt: number | null
  readonly calendarsFailing: number
  /** Live subscriptions that end within the time asked about, and those that have ended. */
  readonly subscriptionsEnding: number
  readonly subscriptionsEnded: number
  readonly connectionsActive: number
  /** Connections that need their user, or whose app or mailbox refuses. */
  readonly connectionsBroken: number
}

export interface GaugeOptions {
  readonly now: number
  readonly dueWithinMillis: number
  /** A bot is overdue when its join time has passed by so much. */
  readonly overdueMillis: number
  readonly endingWithinMillis: number
}

export const readGauges = (
  db: Queries,
  { dueWithinMillis, endingWithinMillis, now, overdueMillis }: GaugeOptions
): Effect.Effect<Gauges, DatabaseError> =>
  db
    .rows<Gauges>(
      sql`
    select
      (select count(*)::int from punctual.bots where status = 'Scheduled' and join_at < ${now + dueWithinMillis}::bigint)
        as "botsDue",
      (select count(*)::int from punctual.bots where status = 'Scheduled' and join_at < ${now - overdueMillis}::bigint)
        as "botsOverdue",
      (select min(join_at) from punctual.bots where status = 'Scheduled') as "nextJoinAt",
      (select count(*)::int from punctual.bots where status = 'Launching') as "botsLaunching",
      (select count(*)::int from punctual.user_states where mirror_number > decided) as "usersLagging",
      (select min(ready_at) from punctual.calendars where ready_at is not null) as "nextSyncAt",
      (select count(*)::int from punctual.calendars where selected and sync_status = 'failed') as "calendarsFailing",
      (select count(*)::int from punctual.calendars where subscription_ends_at is not null
        and subscription_ends_at between ${now}::bigint and ${now + endingWithinMillis}::bigint) as "subscriptionsEnding",
      (select count(*)::int from punctual.calendars where subscription_ends_at < ${now}::bigint) as "subscriptionsEnded",
      (select count(*)::int from punctual.connections where status <> 'disconnected' and status = 'active')
        as "connectionsActive",
      (select count(*)::int from punctual.connections where status <> 'disconnected' and status <> 'active')
        as "connectionsBroken"`
    )
    .pipe(Effect.map(([row]) => row ?? empty))

/** What a query without `from` always has is one row. */
const empty: Gauges = {
  botsDue: 0,
  botsOverdue: 0,
  nextJoinAt: null,
  botsLaunching: 0,
  usersLagging: 0,
  nextSyncAt: null,
  calendarsFailing: 0,
  subscriptionsEnding: 0,
  subscriptionsEnded: 0,
  connectionsActive: 0,
  connectionsBroken: 0
}

/** Rows of each table, by its name. */
export type RowCounts = Readonly<Record<string, number>>

/** What has more rows than this is not counted but estimated. */
const countedMax = 50_000

/**
 * How many rows there are of each kind: counted where there are few, or where nobody has estimated it; else as the
 * database's own statistics have it, which are a tenth of the table behind at most.
 */
export const readRowCounts = Effect.fnUntraced(function* (db: Queries): Effect.fn.Return<RowCounts, DatabaseError> {
  const tables = yield* db.rows<{ readonly name: string; readonly estimate: number }>(sql`
    select c.relname as name, c.reltuples::bigint as estimate from pg_class c
    where c.relnamespace = 'punctual'::regnamespace and c.relkind = 'r' order by 1`)
  const few = tables.filter(({ estimate }) => estimate <= countedMax)
  const counts = few.map(
    ({ name }) => sql`select ${name}::text as name, count(*)::bigint as rows from ${sql.table(`punctual.${name}`)}`
  )
  const counted =
    counts.length === 0
      ? []
      : yield* db.rows<{ readonly name: string; readonly rows: number }>(sql.join(counts, sql` union all `))
  const known = new Map(counted.map(({ name, rows }) => [name, rows]))
  return Object.fromEntries(tables.map(({ estimate, name }) => [name, known.get(name) ?? estimate]))
})
