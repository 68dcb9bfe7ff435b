/**
 * Migrations as a step of a host's own: before its processes start, by its own hand.
 * Decides that the step ends when everything is done, also what a process otherwise does after its start.
 */
import { Effect } from "effect"
import { migrate } from "./Migrate.ts"
import type { Database } from "./database/Database.ts"
import type { DatabaseError } from "./database/DatabaseError.ts"
import { type PostgresOptions, openPostgres } from "./database/Postgres.ts"
import { finishMigrations, progress } from "./migrations/AfterStart.ts"
import { withoutLimits } from "./Open.ts"

export interface Migrated {
  readonly migrations: number
  /** Rows filled by migrations, ever, and rows that could not be. */
  readonly rowsFilled: number
  readonly rowsBad: number
}

/** On a database that is open without limits of time: to build an index may take longer than a statement is given. */
export const migrateDatabase = Effect.fnUntraced(function* (
  database: Database["Service"]
): Effect.fn.Return<Migrated, DatabaseError> {
  const migrations = yield* migrate(database)
  yield* finishMigrations(database)
  const steps = yield* progress(database)
  return {
    migrations,
    rowsFilled: steps.reduce((sum, { filled }) => sum + filled, 0),
    rowsBad: steps.reduce((sum, { bad }) => sum + bad, 0)
  }
})

/** On a server, by its address or over a host's connections. */
export const migratePostgres = (options: PostgresOptions): Effect.Effect<Migrated, DatabaseError> =>
  Effect.scoped(Effect.flatMap(openPostgres(withoutLimits(options)), migrateDatabase))
