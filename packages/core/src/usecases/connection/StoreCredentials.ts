/**
 * Stores new credentials of a connection together with the row that names them.
 * Decides their version, and what is erased if it does not come to that: what a row may name stays.
 */
import { Effect, Random, type Redacted } from "effect"
import type { Connection, Credentials } from "../../domain/Connection.ts"
import { connectionChange } from "../../domain/ConnectionChange.ts"
import { isStanding } from "../../domain/ConnectionStatus.ts"
import { Secrets, type SecretsError } from "../../ports/Secrets.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { hasOtherAddresses } from "../../rules/People.ts"
import { refOf } from "../account/OpenAccount.ts"

/** Versions of credentials grow by a random step of at most so much. */
const versionStepMax = 1_000_000

/** A version of its own, so that two requests at once neither overwrite nor erase each other's credentials. */
export const nextVersion = (before: Connection | null): Effect.Effect<number> =>
  Effect.map(Random.nextIntBetween(1, versionStepMax), (step) => (before?.credentialsVersion ?? 0) + step)

/**
 * `connection`: the row that takes the place of `before` (null: there is none yet). `isFirst`: nothing is mirrored yet that other
 * addresses would say anything of; else they mark the user, so that whoever dies before deciding by them leaves it to the sweep.
 */
export const storeCredentials = Effect.fnUntraced(function* (
  connection: Connection,
  before: Connection | null,
  credentials: Redacted.Redacted<Credentials>,
  isFirst: boolean
): Effect.fn.Return<void, SecretsError | StoreError, Secrets | Store> {
  const secrets = yield* Secrets
  const store = yield* Store
  const ref = refOf(connection)
  const takeOut = Effect.ignore(secrets.erase(ref))
  yield* secrets.put(ref, credentials).pipe(Effect.tapError(() => takeOut))
  const change = connectionChange(before, connection, "user")
  const marksJudging = !isFirst && hasOtherAddresses(before, connection)
  yield* store.saveConnection(connection, before?.revision ?? null, change, marksJudging).pipe(
    // Erased only where the row was surely not written. After a store that broke off the row may exist and name them;
    // credentials that no row names are erased with the connection.
    Effect.tapError((error) => (error.isConflict || error.isFenced ? takeOut : Effect.void))
  )
})

/** What no row names any more. */
export const eraseFormer = Effect.fnUntraced(function* (
  before: Connection | null
): Effect.fn.Return<void, never, Secrets> {
  const secrets = yield* Secrets
  if (before !== null && isStanding(before)) yield* Effect.ignore(secrets.erase(refOf(before)))
})
