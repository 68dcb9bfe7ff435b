/**
 * Brings a database's schema to the newest version.
 * Decides what is outstanding and that one process at a time sees to it. Never goes back, and leaves a schema alone that
 * a newer release made.
 */
import { Effect } from "effect"
import { sql } from "kysely"
import type { Database } from "./database/Database.ts"
import type { DatabaseError } from "./database/DatabaseError.ts"
import { type Migration, migrations as all } from "./migrations/index.ts"

/** Any number will do, as long as every release takes the same: "punctual" in a telephone's letters. */
const advisoryLock = 78628825

/** Runs what is outstanding and answers how many that were. Several processes may call it at once. */
export const migrate = Effect.fnUntraced(function* (
  database: Database["Service"],
  migrations: ReadonlyArray<Migration> = all
): Effect.fn.Return<number, DatabaseError> {
  return yield* database.transaction(
    Effect.fnUntraced(function* (tx) {
      yield* tx.rows(sql`select pg_advisory_xact_lock(${sql.lit(advisoryLock)})`)
      yield* tx.rows(sql`create schema if not exists punctual`)
      yield* tx.rows(sql`create table if not exists punctual.migrations (
        number integer primary key, name text not null, applied_at timestamptz not null default now())`)
      const done = yield* tx.rows<{ readonly number: number }>(sql`select number from punctual.migrations`)
      const outstanding = migrations.filter(({ number }) => !done.some((row) => row.number === number))
      for (const migration of outstanding) {
        for (const statement of migration.statements) yield* tx.rows(sql.raw(statement))
        yield* tx.rows(
          sql`insert into punctual.migrations (number, name) values (${migration.number}::int, ${migration.name})`
        )
      }
      return outstanding.length
    })
  )
})
