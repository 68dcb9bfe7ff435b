/**
 * The database a host asked for, opened and with its schema up to date.
 * Decides which engine that is. Never opens the one that was not asked for.
 */
import { Effect, Layer } from "effect"
import { migrate } from "./Migrate.ts"
import { Database } from "./database/Database.ts"
import type { DatabaseError } from "./database/DatabaseError.ts"
import type { DirectoryInUse } from "./database/DirectoryLock.ts"
import { type PGliteOptions, openPGlite } from "./database/PGlite.ts"
import { type PostgresOptions, openPostgres } from "./database/Postgres.ts"

/** A server. Migrations run on a connection of their own, without limits of time, before the pool is opened. */
export const layerPostgres = (options: PostgresOptions): Layer.Layer<Database, DatabaseError> =>
  Layer.effect(
    Database,
    Effect.gen(function* () {
      const unlimited = { ...options, connectionsMax: 1, statementTimeoutMillis: 0 }
      yield* Effect.scoped(Effect.flatMap(openPostgres(unlimited), (database) => migrate(database)))
      return yield* openPostgres(options)
    })
  )

/** The embedded engine, in a directory or in memory. */
export const layerPGlite = (options: PGliteOptions): Layer.Layer<Database, DatabaseError | DirectoryInUse> =>
  Layer.effect(
    Database,
    Effect.tap(openPGlite(options), (database) => migrate(database))
  )
