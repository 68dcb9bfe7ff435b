/**
 * The Accounts port's contract, on every engine; and that nothing it stores can be read in the tables.
 */
import { AccountsContract } from "@punctual/core/testing"
import type { UserId } from "@punctual/core"
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { sql } from "kysely"
import * as AccountsPort from "../src/Accounts.ts"
import { Database } from "../src/database/Database.ts"
import { engines, pgliteInMemory } from "./Engines.ts"
import { keysOf } from "./MasterKeys.ts"

for (const { database, name } of engines) {
  AccountsContract.suite(name, Layer.provide(AccountsPort.layer(keysOf("a")), database), { time: "live" })
}

it.live("stores neither answers nor verifiers in the clear, nor hands them out under other keys", () =>
  Effect.gen(function* () {
    const db = yield* Database
    const accounts = AccountsPort.make(db, keysOf("a"))
    const key = { userId: "usr_1" as UserId, route: "POST /admin/users", key: "k" }
    yield* accounts.begin(key, { digest: "d", now: 1, leaseUntil: 2, keepUntil: 9 })
    yield* accounts.finish(key, { status: 201, body: "MARKER-answer", keepUntil: 9, leaseUntil: 2 })
    yield* accounts.putConsent({ digest: "d", userId: key.userId, verifier: "MARKER-verifier", expiresAt: 9 })
    const rows = yield* db.rows(sql`
      select row_to_json(t)::text, encode(sealed, 'escape') from punctual.idempotency_keys t
      union all
      select row_to_json(t)::text, encode(sealed, 'escape') from punctual.consents t`)
    assert.lengthOf(rows, 2)
    assert.notInclude(JSON.stringify(rows), "MARKER")

    const others = AccountsPort.make(db, keysOf("b"))
    const request = { digest: "d", now: 3, leaseUntil: 4, keepUntil: 9 }
    assert.strictEqual((yield* Effect.flip(others.begin(key, request)))._tag, "AccountsUnavailable")
    assert.strictEqual((yield* Effect.flip(others.takeConsent("d", 3)))._tag, "AccountsUnavailable")
    assert.deepStrictEqual(yield* accounts.begin(key, request), { kind: "done", status: 201, body: "MARKER-answer" })
  }).pipe(Effect.provide(pgliteInMemory.database))
)
