/**
 * The database a host asked for, opened and with its schema up to date.
 * Decides which engine that is. Never opens the one that was not asked for.
 */
import { Effect, Layer, Schedule, type Scope } from "effect"
import { type SchemaOutdated, checkMigrated, migrate } from "./Migrate.ts"
import { Database } from "./database/Database.ts"
import type { DatabaseError } from "./database/DatabaseError.ts"
import type { DirectoryInUse } from "./database/DirectoryLock.ts"
import { type PGliteOptions, openPGlite } from "./database/PGlite.ts"
import { type PostgresOptions, openPostgres } from "./database/Postgres.ts"
import { finishMigrations } from "./migrations/AfterStart.ts"
import { migrations } from "./migrations/index.ts"
import { settlePlaces } from "./store/Changes.ts"

export interface MigrateOption {
  /** False: the host sees to migrations itself, and the start fails where one is outstanding. True unless said. */
  readonly migrate?: boolean
}

/** A server. Migrations run without limits of time, on a connection of their own where the pool is not a host's. */
export const layerPostgres = (
  options: PostgresOptions & MigrateOption
): Layer.Layer<Database, DatabaseError | SchemaOutdated> =>
  Layer.effect(
    Database,
    Effect.gen(function* () {
      const unlimited = openPostgres(withoutLimits(options))
      if (options.migrate !== false) yield* Effect.scoped(Effect.flatMap(unlimited, (database) => migrate(database)))
      const database = yield* openPostgres(options)
      if (options.migrate === false) yield* checkMigrated(database)
      yield* settlePlaces(database)
      yield* finishInBackground(unlimited)
      return database
    })
  )

/** The embedded engine, in a directory or in memory. */
export const layerPGlite = (
  options: PGliteOptions & MigrateOption
): Layer.Layer<Database, DatabaseError | DirectoryInUse | SchemaOutdated> =>
  Layer.effect(
    Database,
    Effect.gen(function* () {
      const database = yield* openPGlite(options)
      yield* options.migrate === false ? checkMigrated(database) : migrate(database)
      yield* settlePlaces(database)
      yield* finishInBackground(Effect.succeed(database))
      return database
    })
  )

export const withoutLimits = (options: PostgresOptions): PostgresOptions =>
  "kysely" in options
    ? options
    : { ...options, statementTimeoutMillis: 0, ...("url" in options && { connectionsMax: 1 }) }

/** Tried again so often while the database fails. */
const retryMillis = 60_000

/** What is left of migrations goes on beside the work; it never keeps a process from starting. */
const finishInBackground = (
  open: Effect.Effect<Database["Service"], DatabaseError, Scope.Scope>
): Effect.Effect<void, never, Scope.Scope> =>
  migrations.every(({ afterStart }) => afterStart === undefined)
    ? Effect.void
    : Effect.scoped(Effect.flatMap(open, (database) => finishMigrations(database))).pipe(
        Effect.tapError((error) =>
          Effect.logWarning("a migration's later steps are held up", { error: error.message })
        ),
        Effect.retry(Schedule.spaced(retryMillis)),
        Effect.ignore,
        Effect.forkScoped,
        Effect.asVoid
      )
