/**
 * Whether a process may start with the master keys that it was given.
 *
 * Decides that it may not while credentials rest under a key that is not among them: it would take other people's
 * connections for broken, and what it wrote itself nobody else could read.
 */
import { Effect, Option } from "effect"
import * as Postgres from "@punctual/adapter-postgres"
import { ConfigFault } from "./config/ConfigFault.ts"

/** On a database, where there is one; a table is looked at where it is opened (`AwsStorage.ts`). */
export const checkMasterKeys = Effect.fnUntraced(function* (masterKeys: Postgres.MasterKeys) {
  const database = yield* Effect.serviceOption(Postgres.Database)
  if (Option.isNone(database)) return
  const held = new Set(masterKeys.map(({ id }) => id))
  const inUse = yield* Postgres.keysInUse(database.value)
  const missing = inUse.filter(({ credentials, keyId }) => credentials > 0 && !held.has(keyId))
  if (missing.length > 0) return yield* otherKey(missing)
})

const otherKey = (missing: ReadonlyArray<Postgres.KeyInUse>): Effect.Effect<never, ConfigFault> => {
  const named = missing.map(({ credentials, keyId }) => `${credentials} under ${keyId}`).join(", ")
  const ids = missing.map(({ keyId }) => keyId).join(" ")
  const message =
    `credentials rest in the database under a key that is not given (${named}). Put that key behind the first, or, if it ` +
    `is lost, take them out: punctual secrets forget ${ids}; their users connect again`
  return Effect.fail(new ConfigFault({ variable: "PUNCTUAL_MASTER_KEY", message }))
}
