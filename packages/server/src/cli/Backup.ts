/**
 * A copy of the embedded database. A PostgreSQL server and AWS have tools of their own for that.
 * Decides what is said where there is nothing to copy, and what has to be kept beside the copy.
 */
import { Effect, Option } from "effect"
import type { ServerConfig } from "../config/Config.ts"
import { ConfigFault } from "../config/ConfigFault.ts"
import { demandReleased } from "./AdminTarget.ts"

export interface BackedUp {
  readonly bytes: number
  /** The generated master key, which is not in the copy; null: it stands in the configuration. */
  readonly keyFile: string | null
}

export const backupTo = (config: ServerConfig, file: string): Effect.Effect<BackedUp, unknown> =>
  Effect.gen(function* () {
    if (Option.isSome(config.databaseUrl)) {
      return yield* new ConfigFault({ variable: "DATABASE_URL", message: "PostgreSQL is copied with pg_dump" })
    }
    if (config.storage.store.kind !== "postgres") {
      return yield* new ConfigFault({ variable: "PUNCTUAL_STORE", message: "tables are copied by AWS's own backups" })
    }
    yield* demandReleased(config)
    const Postgres = yield* Effect.promise(() => import("@punctual/adapter-postgres"))
    const bytes = yield* Postgres.backup(config.dataDir, file)
    return { bytes, keyFile: Option.isSome(config.masterKey) ? null : Postgres.masterKeyFile(config.dataDir) }
  })
