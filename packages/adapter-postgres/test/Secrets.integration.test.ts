/**
 * The Secrets port's contract, on every engine, with an intruder who can write to the tables; what a disconnect leaves;
 * and the rotation of master keys.
 */
import { type ConnectionRef, type Credentials, type Secrets, type UserId } from "@punctual/core"
import { SecretsContract } from "@punctual/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted } from "effect"
import { sql } from "kysely"
import * as AccountsPort from "../src/Accounts.ts"
import { Database, type Queries } from "../src/database/Database.ts"
import { databaseError } from "../src/database/DatabaseError.ts"
import { keysInUse } from "../src/sealing/KeysInUse.ts"
import { rotate } from "../src/Rotate.ts"
import * as SecretsPort from "../src/Secrets.ts"
import * as StorePort from "../src/Store.ts"
import { engines, pgliteInMemory } from "./Engines.ts"
import { keysOf } from "./MasterKeys.ts"
import * as StoreRows from "./StoreRows.ts"

const isAt = ({ connectionId, generation, userId, version }: ConnectionRef) =>
  sql`user_id = ${userId} and connection_id = ${connectionId} and generation = ${generation}::bigint
    and version = ${version}::bigint`

for (const { database, name } of engines) {
  SecretsContract.suite(name, Layer.provideMerge(SecretsPort.layer(keysOf("a")), database), {
    time: "live",
    tamper: {
      corrupt: (ref) =>
        Database.use((db) =>
          db.rows(sql`
            update punctual.secrets set sealed = set_byte(sealed, 100, get_byte(sealed, 100) # 1) where ${isAt(ref)}`)
        ),
      transplant: (from, to) =>
        Database.use((db) =>
          db.rows(sql`
            update punctual.secrets t set sealed = s.sealed, obtained_at = s.obtained_at
            from (select sealed, obtained_at from punctual.secrets where ${isAt(from)}) s where ${isAt(to)}`)
        )
    }
  })
}

const refOf = (user: string, generation = 1, version = 1): ConnectionRef =>
  StoreRows.refOf(user as UserId, generation, version)

const credentialsOf = (n: number): Credentials => ({
  clientId: "client",
  clientSecret: `MARKER-secret-${n}`,
  refreshToken: `MARKER-token-${n}`,
  obtainedAt: n
})

const held = (secrets: Secrets["Service"], ref: ConnectionRef) =>
  Effect.map(secrets.get(ref), (found) => Option.getOrNull(Option.map(found, Redacted.value)))

describe("what rests", () => {
  it.live("shows no secret, and opens no more once its instant is turned back", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const secrets = SecretsPort.make(db, keysOf("a"))
      yield* secrets.put(refOf("usr_1"), Redacted.make(credentialsOf(5)))
      const rows = yield* db.rows(
        sql`select row_to_json(t)::text as row, encode(sealed, 'escape') as sealed from punctual.secrets t`
      )
      assert.lengthOf(rows, 1)
      assert.notInclude(JSON.stringify(rows), "MARKER")
      yield* db.rows(sql`update punctual.secrets set obtained_at = 1`)
      const refused = yield* Effect.flip(secrets.get(refOf("usr_1")))
      assert.strictEqual(refused.reason._tag, "DecryptFailed")
    }).pipe(Effect.provide(pgliteInMemory.database))
  )

  it.live("is refused where it is larger than a row should hold", () =>
    Effect.gen(function* () {
      const secrets = SecretsPort.make(yield* Database, keysOf("a"))
      const large = { ...credentialsOf(1), refreshToken: "x".repeat(70_000) }
      const refused = yield* Effect.flip(secrets.put(refOf("usr_1"), Redacted.make(large)))
      assert.strictEqual(refused.reason._tag, "TooLarge")
      assert.isFalse(refused.isRetryable)
    }).pipe(Effect.provide(pgliteInMemory.database))
  )

  it.live("is not written any more once its connection has gone on to another generation", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const secrets = SecretsPort.make(db, keysOf("a"))
      const gone = StoreRows.connectionOf("usr_1" as UserId, { generation: 2 })
      yield* StorePort.make(db).saveConnection(gone, null)
      yield* secrets.put(refOf("usr_1", 1), Redacted.make(credentialsOf(1)))
      yield* secrets.put(refOf("usr_1", 2), Redacted.make(credentialsOf(2)))
      assert.isNull(yield* held(secrets, refOf("usr_1", 1)))
      assert.deepStrictEqual(yield* held(secrets, refOf("usr_1", 2)), credentialsOf(2))
    }).pipe(Effect.provide(pgliteInMemory.database))
  )
})

describe("rotation", () => {
  /** More than one batch. */
  const count = 250

  it.live("brings everything under the first key, and the old one can be retired", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const before = SecretsPort.make(db, keysOf("a"))
      const refs = Array.from({ length: count }, (_, n) => refOf(`usr_${n % 7}`, 1 + (n % 3), n))
      for (const [n, ref] of refs.entries()) yield* before.put(ref, Redacted.make(credentialsOf(n)))
      const accounts = AccountsPort.make(db, keysOf("a"))
      const key = { userId: "usr_1" as UserId, route: "POST /x", key: "odd \u0000 key" }
      yield* accounts.begin(key, { digest: "d", now: 1, leaseUntil: 2, keepUntil: 9 })
      yield* accounts.finish(key, { status: 200, body: "answer", keepUntil: 9, leaseUntil: 2 })
      yield* accounts.putConsent({ digest: "d", userId: key.userId, verifier: "verifier", expiresAt: 9 })

      const both = keysOf("b", "a")
      assert.deepStrictEqual(yield* held(SecretsPort.make(db, both), refs[0] ?? refOf("")), credentialsOf(0))
      assert.deepStrictEqual(yield* rotate(db, both), { resealed: count + 2, failed: 0 })
      assert.deepStrictEqual(yield* rotate(db, both), { resealed: 0, failed: 0 })

      const after = SecretsPort.make(db, keysOf("b"))
      for (const [n, ref] of refs.entries()) assert.deepStrictEqual(yield* held(after, ref), credentialsOf(n))
      const renewed = AccountsPort.make(db, keysOf("b"))
      const again = yield* renewed.begin(key, { digest: "d", now: 3, leaseUntil: 4, keepUntil: 9 })
      assert.deepStrictEqual(again, { kind: "done", status: 200, body: "answer" })
      assert.strictEqual(Option.getOrThrow(yield* renewed.takeConsent("d", 3)).verifier, "verifier")
      // A key that was retired opens nothing.
      assert.strictEqual((yield* Effect.flip(before.get(refs[3] ?? refOf("")))).reason._tag, "DecryptFailed")
    }).pipe(Effect.provide(pgliteInMemory.database))
  )

  it.live("passes over what does not open, and goes on with the rest", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const before = SecretsPort.make(db, keysOf("a"))
      const lost = SecretsPort.make(db, keysOf("lost"))
      yield* lost.put(refOf("usr_0"), Redacted.make(credentialsOf(0)))
      yield* before.put(refOf("usr_1"), Redacted.make(credentialsOf(1)))
      assert.deepStrictEqual(yield* rotate(db, keysOf("b", "a")), { resealed: 1, failed: 1 })
      const inUse = yield* keysInUse(db)
      assert.sameDeepMembers(
        [...inUse],
        [keysOf("b")[0], keysOf("lost")[0]].map(({ id }) => ({ keyId: id, secrets: 1, credentials: 1 }))
      )
      assert.deepStrictEqual(yield* held(SecretsPort.make(db, keysOf("b")), refOf("usr_1")), credentialsOf(1))
    }).pipe(Effect.provide(pgliteInMemory.database))
  )

  /** Answers so many questions, and then none any more. */
  const dying = (db: Queries, questions: number): Queries => {
    let left = questions
    return {
      rows: (query) =>
        left-- > 0 ? db.rows(query) : Effect.fail(databaseError(new Error("Connection terminated unexpectedly")))
    }
  }

  it.live("that is broken off anywhere loses nothing, and goes on where it was", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const before = SecretsPort.make(db, keysOf("a"))
      const refs = Array.from({ length: count }, (_, n) => refOf("usr_1", 1, n))
      for (const [n, ref] of refs.entries()) yield* before.put(ref, Redacted.make(credentialsOf(n)))
      const both = keysOf("b", "a")
      for (const questions of [0, 1, 40, 130]) {
        yield* Effect.flip(rotate(dying(db, questions), both))
        const found = yield* Effect.forEach(refs, (ref) => held(SecretsPort.make(db, both), ref))
        assert.deepStrictEqual(
          found,
          refs.map((_, n) => credentialsOf(n))
        )
      }
      const { failed, resealed } = yield* rotate(db, both)
      assert.strictEqual(failed, 0)
      // Of those questions all but the first of each batch were rows brought over.
      assert.strictEqual(resealed, count - (39 + 128))
      for (const ref of refs) assert.isNotNull(yield* held(SecretsPort.make(db, keysOf("b")), ref))
    }).pipe(Effect.provide(pgliteInMemory.database))
  )
})
