/**
 * `punctual secrets reencrypt`: everything under the first key, and nothing done where it could do harm.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Redacted } from "effect"
import { Secrets, type UserId, connectionId } from "@punctual/core"
import { reencrypt } from "../../src/cli/Reencrypt.ts"
import { type ServerConfig, parse } from "../../src/config/Config.ts"
import { storage } from "../../src/Storage.ts"
import { masterKeysOf } from "../../src/System.ts"
import { fillDataDir } from "../../../adapter-postgres/test/PGliteTemplate.ts"

const former = Buffer.alloc(32, 1).toString("base64")
const current = Buffer.alloc(32, 2).toString("base64")

const dataDir = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "punctual-reencrypt-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
).pipe(Effect.tap((path) => Effect.promise(() => fillDataDir(path))))

const ref = {
  userId: "usr_1" as UserId,
  connectionId: connectionId("outlook_calendar", "usr_1" as UserId),
  generation: 1,
  version: 1
}
const credentials = { clientId: "a", clientSecret: "b", refreshToken: "c", obtainedAt: 1 }

/** With the storage of a configuration, opened for this alone. */
const inStorage = <A, E>(config: ServerConfig, use: Effect.Effect<A, E, Secrets>) =>
  Effect.gen(function* () {
    const keys = yield* masterKeysOf(config)
    return yield* Effect.provide(use, storage(config, keys))
  })

describe("secrets reencrypt", () => {
  it.live("lets a former key be taken out, counts what no key opens, and is done when it is run again", () =>
    Effect.gen(function* () {
      const PUNCTUAL_DATA_DIR = yield* dataDir
      const configOf = (PUNCTUAL_MASTER_KEY: string) =>
        parse({ PUNCTUAL_DATA_DIR, PUNCTUAL_MASTER_KEY, PUNCTUAL_PORT: "9" })
      const put = Secrets.use((secrets) => secrets.put(ref, Redacted.make(credentials)))
      yield* inStorage(yield* configOf(former), put)
      assert.deepInclude(yield* reencrypt(yield* configOf(current)), { resealed: 0, failed: 1 })
      assert.deepInclude(yield* reencrypt(yield* configOf(`${current},${former}`)), { resealed: 1, failed: 0 })
      const again = yield* reencrypt(yield* configOf(current))
      assert.deepInclude(again, { resealed: 0, failed: 0 })
      assert.match(again.keyId, /^[0-9a-f]{16}$/)
      const get = Secrets.use((secrets) => secrets.get(ref))
      const found = yield* inStorage(yield* configOf(current), get)
      assert.deepStrictEqual(Redacted.value(Option.getOrThrow(found)), credentials)
    })
  )

  it.live("asks for the server to be stopped while it holds the embedded database", () =>
    Effect.gen(function* () {
      const server = createServer((_, response) => void response.end())
      yield* Effect.callback<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void)))
      const address = server.address()
      const port = typeof address === "object" && address !== null ? String(address.port) : ""
      const refused = yield* Effect.flip(reencrypt(yield* parse({ PUNCTUAL_PORT: port })))
      server.close()
      assert.include(JSON.stringify(refused), "stop it first")
    })
  )

  it.live("has nothing to do where all rests on AWS, and says that what is under a former key goes by itself", () =>
    Effect.gen(function* () {
      const config = yield* parse({
        PUNCTUAL_STORE: "dynamodb",
        PUNCTUAL_AWS_TABLE: "punctual",
        PUNCTUAL_SECRETS: "ssm",
        PUNCTUAL_AWS_SSM_PREFIX: "/punctual",
        PUNCTUAL_SCHEDULER: "eventbridge",
        PUNCTUAL_AWS_QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/123456789012/fires",
        PUNCTUAL_AWS_QUEUE_ARN: "arn:aws:sqs:eu-central-1:123456789012:fires",
        PUNCTUAL_AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/punctual",
        PUNCTUAL_MASTER_KEY: `${current},${former}`
      })
      assert.deepInclude(yield* reencrypt(config), { resealed: 0, failed: 0, isExpiring: true })
    })
  )

  it.live("brings credentials under the first key that are in the database beside a table on DynamoDB", () =>
    Effect.gen(function* () {
      const PUNCTUAL_DATA_DIR = yield* dataDir
      const base = { PUNCTUAL_DATA_DIR, PUNCTUAL_PORT: "9" }
      const put = Secrets.use((secrets) => secrets.put(ref, Redacted.make(credentials)))
      yield* inStorage(yield* parse({ ...base, PUNCTUAL_MASTER_KEY: former }), put)
      const config = yield* parse({ ...base, PUNCTUAL_MASTER_KEY: `${current},${former}` })
      // Beside DynamoDB it would be a PostgreSQL, which is opened in the same way.
      const beside: ServerConfig = {
        ...config,
        storage: { ...config.storage, store: { kind: "dynamodb", table: "punctual" } }
      }
      assert.deepInclude(yield* reencrypt(beside), { resealed: 1, failed: 0, isExpiring: true })
    })
  )
})
