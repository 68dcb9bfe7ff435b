/**
 * Brings everything that rests encrypted under the first master key, so that the others can be taken out of the
 * configuration.
 *
 * Decides what has to be: what rests in the database. Parameter Store encrypts by AWS's own key, and what a DynamoDB table
 * holds sealed (stored answers, sign-ins under way) goes by itself within a day; it opens only for who repeats the very
 * request. Opens storage, which only one process may do where the database is embedded. May be stopped and started again
 * at any time, and run beside the servers of a PostgreSQL.
 */
import { Effect, Option } from "effect"
import type { ServerConfig } from "../config/Config.ts"
import { demandReleased } from "./AdminTarget.ts"

export interface Reencrypted {
  /** The key that everything rests under now. */
  readonly keyId: string
  readonly resealed: number
  /** What none of the keys opens. */
  readonly failed: number
  /** Whether something may rest under a former key for a day more, and then is gone. */
  readonly isExpiring: boolean
}

export const reencrypt = (config: ServerConfig): Effect.Effect<Reencrypted, unknown> =>
  Effect.gen(function* () {
    const { store } = config.storage
    const hasDatabase = yield* databaseAtHand(config)
    const [System, Storage, Postgres] = yield* Effect.promise(() =>
      Promise.all([import("../System.ts"), import("../Storage.ts"), import("@punctual/adapter-postgres")])
    )
    const masterKeys = yield* System.masterKeysOf(config)
    const counts = hasDatabase
      ? yield* Effect.flatMap(Postgres.Database, (db) => Postgres.rotate(db, masterKeys)).pipe(
          Effect.provide(Storage.database(config, masterKeys))
        )
      : { resealed: 0, failed: 0 }
    return { ...counts, keyId: masterKeys[0].id, isExpiring: store.kind === "dynamodb" }
  })

/** Whether there is a database. Refused while a server holds the embedded one. */
const databaseAtHand = Effect.fnUntraced(function* (config: ServerConfig) {
  const { scheduler, secrets, store } = config.storage
  const hasDatabase = [store, scheduler, secrets].some(({ kind }) => kind === "postgres")
  if (hasDatabase && Option.isNone(config.databaseUrl)) yield* demandReleased(config)
  return hasDatabase
})

/** Takes out what rests in the database under lost keys; counts the credentials among it. */
export const forget = (config: ServerConfig, keyIds: ReadonlyArray<string>): Effect.Effect<number, unknown> =>
  Effect.gen(function* () {
    if (!(yield* databaseAtHand(config))) return 0
    const [System, Storage, Postgres] = yield* Effect.promise(() =>
      Promise.all([import("../System.ts"), import("../Storage.ts"), import("@punctual/adapter-postgres")])
    )
    const masterKeys = yield* System.masterKeysOf(config)
    return yield* Effect.flatMap(Postgres.Database, (db) => Postgres.forgetKeys(db, keyIds)).pipe(
      Effect.provide(Storage.database(config, masterKeys))
    )
  })
