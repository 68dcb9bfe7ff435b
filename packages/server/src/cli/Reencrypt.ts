/**
 * Brings everything that rests encrypted under the first master key, so that the others can be taken out of the
 * configuration.
 *
 * Decides nothing about how: it opens storage, which only one process may do where the database is embedded. May be
 * stopped and started again at any time, and run beside the servers of a PostgreSQL.
 */
import { Effect, Option } from "effect"
import type { ServerConfig } from "../Config.ts"
import { ConfigFault } from "../ConfigFault.ts"
import { isRunning } from "./Reach.ts"

export interface Reencrypted {
  /** The key that everything rests under now. */
  readonly keyId: string
  readonly resealed: number
  /** What none of the keys opens. */
  readonly failed: number
}

export const reencrypt = (config: ServerConfig): Effect.Effect<Reencrypted, unknown> =>
  Effect.gen(function* () {
    if (Option.isNone(config.databaseUrl) && (yield* isRunning(config))) {
      return yield* new ConfigFault({
        variable: "PUNCTUAL_DATA_DIR",
        message: "the server is running and holds the embedded database; stop it first"
      })
    }
    if (config.storage.store.kind === "dynamodb") {
      return yield* new ConfigFault({
        variable: "PUNCTUAL_STORE",
        message:
          "what rests in DynamoDB can't be brought under another key yet: keep the former keys in the configuration"
      })
    }
    const [System, Storage, Postgres] = yield* Effect.promise(() =>
      Promise.all([import("../System.ts"), import("../Storage.ts"), import("@punctual/adapter-postgres")])
    )
    const masterKeys = yield* System.masterKeysOf(config)
    const counts = yield* Effect.flatMap(Postgres.Database, (db) => Postgres.rotate(db, masterKeys)).pipe(
      Effect.provide(Storage.database(config, masterKeys))
    )
    return { ...counts, keyId: masterKeys[0].id }
  })
