/**
 * V7: a process starts only with the master keys that credentials rest under.
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import * as Postgres from "@punctual/adapter-postgres"
import { Secrets, type UserId, connectionId } from "@punctual/core"
import { checkMasterKeys } from "../src/MasterKeyCheck.ts"

const text = (byte: number) => Buffer.alloc(32, byte).toString("base64")
const keysOf = (...bytes: ReadonlyArray<number>) =>
  Postgres.parseMasterKeys(Redacted.make(bytes.map((byte) => text(byte)).join(",")))

const folder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "punctual-keys-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)

describe("V7: a start", () => {
  it.live("is refused with other master keys than credentials rest under, and says which and what to do", () =>
    Effect.gen(function* () {
      const masterKeys = yield* keysOf(1)
      const others = yield* keysOf(2)
      const both = yield* keysOf(2, 1)
      const dataDir = yield* folder
      yield* Effect.gen(function* () {
        yield* checkMasterKeys(others)
        const userId = "usr_1" as UserId
        const ref = { userId, connectionId: connectionId("outlook_calendar", userId), generation: 1, version: 1 }
        const credentials = { clientId: "id", clientSecret: "secret", refreshToken: "token", obtainedAt: 0 }
        const secrets = yield* Secrets
        yield* secrets.put(ref, Redacted.make(credentials))
        yield* checkMasterKeys(masterKeys)
        yield* checkMasterKeys(both)
        const fault = yield* Effect.flip(checkMasterKeys(others))
        if (fault._tag !== "ConfigFault") return assert.fail("refused for another reason")
        const { message, variable } = fault
        assert.strictEqual(variable, "PUNCTUAL_MASTER_KEY")
        assert.include(message, `1 under ${masterKeys[0].id}`)
        assert.include(message, `punctual secrets forget ${masterKeys[0].id}`)
        const database = yield* Postgres.Database
        assert.strictEqual(yield* Postgres.forgetKeys(database, [masterKeys[0].id]), 1)
        yield* checkMasterKeys(others)
      }).pipe(Effect.provide(Postgres.layerPGlite({ dataDir, masterKeys })))
    }).pipe(Effect.scoped)
  )
})
