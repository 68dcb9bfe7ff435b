/**
 * Brings a database's schema to the newest version.
 * Decides what is outstanding, that one process at a time sees to it, and that nobody waits behind it for long: what can't
 * have its lock soon lets go, and tries again. Never goes back, and leaves a schema alone that a newer release made.
 * What takes long is done by `AfterStart.ts`.
 */
import { Effect, Schedule, Schema } from "effect"
import { sql } from "kysely"
import type { Database, Queries } from "./database/Database.ts"
import type { DatabaseError } from "./database/DatabaseError.ts"
import { quoted } from "./database/SchemaName.ts"
import { migrations as all } from "./migrations/index.ts"
import type { Migration } from "./migrations/Migration.ts"

/** The schema lacks what this release reads and writes, and the host said that it sees to migrations itself. */
export class SchemaOutdated extends Schema.TaggedError<SchemaOutdated>()("SchemaOutdated", {
  schema: Schema.String,
  /** The newest migration that was run; 0: none. */
  version: Schema.Int,
  /** Names of those that are missing, by number. */
  outstanding: Schema.Array(Schema.String)
}) {
  override get message(): string {
    const lack = this.version === 0 ? "has no tables of Punctual" : `is at version ${this.version} and lacks later ones`
    return (
      `the schema "${this.schema}" ${lack} (outstanding: ${this.outstanding.join(", ")}). ` +
      `Run \`punctual migrate --schema ${this.schema}\` with DATABASE_URL set, or give your DBA what ` +
      `\`punctual migrate --sql --from ${this.version} --schema ${this.schema}\` prints; or leave \`migrate\` out`
    )
  }
}

/** Any number will do, as long as every release takes the same: "punctual" in a telephone's letters. */
const advisoryLock = 78628825

/** Whoever comes behind a statement that waits for its lock waits too: launches, for one. */
export const lockTimeoutMillis = 2_000

/** Between tries, what queued behind gets its turn. */
const lockTriesMax = 30
const lockPauseMillis = 500

/** Migrations that this database has not seen, in order. Asks for nothing but to read. */
export const outstandingMigrations = Effect.fnUntraced(function* (
  db: Database["Service"],
  migrations: ReadonlyArray<Migration> = all
): Effect.fn.Return<ReadonlyArray<Migration>, DatabaseError> {
  const [found] = yield* db.rows<{ readonly isThere: boolean }>(
    sql`select to_regclass(${`${quoted(db.schema)}.migrations`}::text) is not null as "isThere"`
  )
  return found?.isThere === true ? yield* notIn(db, migrations) : migrations
})

/** Fails where something is outstanding. Changes nothing. */
export const checkMigrated = Effect.fnUntraced(function* (
  db: Database["Service"],
  migrations: ReadonlyArray<Migration> = all
): Effect.fn.Return<void, DatabaseError | SchemaOutdated> {
  const outstanding = yield* outstandingMigrations(db, migrations)
  const [first] = outstanding
  if (first === undefined) return
  const names = outstanding.map(({ name, number }) => `${number} ${name}`)
  return yield* new SchemaOutdated({ schema: db.schema, version: first.number - 1, outstanding: names })
})

/** Runs what is outstanding and answers how many that were. Several processes may call it at once. */
export const migrate = Effect.fnUntraced(function* (
  db: Database["Service"],
  migrations: ReadonlyArray<Migration> = all
): Effect.fn.Return<number, DatabaseError> {
  // A role that may not create anything finds a schema well that somebody else brought up to date.
  if ((yield* outstandingMigrations(db, migrations)).length === 0) return 0
  return yield* Effect.retry(runAll(db, migrations), {
    while: ({ isLockTimeout }) => isLockTimeout,
    times: lockTriesMax - 1,
    schedule: Schedule.spaced(lockPauseMillis)
  })
})

const runAll = (db: Database["Service"], migrations: ReadonlyArray<Migration>): Effect.Effect<number, DatabaseError> =>
  db.transaction(
    Effect.fnUntraced(function* (tx) {
      yield* tx.rows(sql`set local statement_timeout = 0`)
      yield* tx.rows(sql`select pg_advisory_xact_lock(${sql.lit(advisoryLock)})`)
      for (const statement of preparing(db.schema)) yield* tx.rows(sql.raw(statement))
      const outstanding = yield* notIn(tx, migrations)
      for (const migration of outstanding) {
        for (const statement of migration.statements) yield* tx.rows(sql.raw(statement))
        yield* tx.rows(sql.raw(recording(migration)))
      }
      return outstanding.length
    })
  )

/** What every run begins with. Statements that name no schema mean ours. */
const preparing = (schema: string): ReadonlyArray<string> => [
  `set local lock_timeout = ${lockTimeoutMillis}`,
  `create schema if not exists ${quoted(schema)}`,
  `set local search_path to ${quoted(schema)}`,
  `create table if not exists punctual.migrations (
    number integer primary key, name text not null, applied_at timestamptz not null default now())`,
  // How far each step has come that is done after the start; see AfterStart.ts.
  `create table if not exists punctual.migration_steps (
    number integer not null, step integer not null, after_key json, filled bigint not null default 0,
    bad bigint not null default 0, finished_at timestamptz, primary key (number, step))`
]

const notIn = Effect.fnUntraced(function* (db: Queries, migrations: ReadonlyArray<Migration>) {
  const done = yield* db.rows<{ readonly number: number }>(sql`select number from punctual.migrations`)
  return migrations.filter(({ number }) => !done.some((row) => row.number === number))
})

const recording = ({ name, number }: Migration): string =>
  `insert into punctual.migrations (number, name) values (${number}, '${name.replaceAll("'", "''")}')`

/** The statements of migrations beyond a version, without their parameters' place: for whoever runs them by hand. */
export const transactionOf = (schema: string, migrations: ReadonlyArray<Migration>): ReadonlyArray<string> => [
  ...preparing(schema),
  ...migrations.flatMap((migration) => [...migration.statements, recording(migration)])
]
