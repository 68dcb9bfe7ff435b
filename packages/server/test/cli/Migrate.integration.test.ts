/**
 * H3: `punctual migrate`, by a process of its own on a server, and its SQL for a DBA.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Redacted } from "effect"
import { migrations } from "../../../adapter-postgres/src/migrations/index.ts"
import { freshDatabase } from "../../../adapter-postgres/test/PostgresEngine.ts"
import { migrateConfigured } from "../../src/cli/Migrate.ts"
import { parse } from "../../src/config/Config.ts"
import { punctual } from "../e2e/Processes.ts"

const masterKey = Buffer.alloc(32, 1).toString("base64")

describe("H3: punctual migrate", () => {
  it.live("runs what is outstanding in the schema it is told, and says when nothing is", () =>
    Effect.gen(function* () {
      const DATABASE_URL = Redacted.value(yield* freshDatabase)
      const env = { DATABASE_URL, PUNCTUAL_MASTER_KEY: masterKey }
      const args = ["migrate", "--schema", "mine"]
      const first = yield* Effect.promise(() => punctual(args, env))
      assert.include(first.output, `Ran ${migrations.length} migration(s)`)
      assert.strictEqual(first.code, 0)
      const second = yield* Effect.promise(() => punctual(args, env))
      assert.include(second.output, "The schema is up to date.")
      assert.strictEqual(second.code, 0)
      // The server's own schema is another one.
      const own = yield* migrateConfigured(yield* parse(env), null)
      assert.strictEqual(own.migrations, migrations.length)
    })
  )

  it.live("prints SQL without any configuration, from a version on", () =>
    Effect.gen(function* () {
      const whole = yield* Effect.promise(() => punctual(["migrate", "--sql", "--schema", "mine"], {}))
      assert.strictEqual(whole.code, 0)
      assert.include(whole.output, 'create schema if not exists "mine"')
      assert.include(whole.output, 'create table "mine".bots')
      assert.notMatch(whole.output, /\bpunctual\./)
      const none = yield* Effect.promise(() => punctual(["migrate", "--sql", "--from", String(migrations.length)], {}))
      assert.strictEqual(none.code, 0, none.output)
      assert.notInclude(none.output, "create")
    })
  )

  it.live("names the variable where there is no database to migrate", () =>
    Effect.gen(function* () {
      const config = yield* parse({})
      const kinds = { store: { kind: "dynamodb" }, scheduler: { kind: "eventbridge" }, secrets: { kind: "ssm" } }
      const refused = yield* Effect.flip(
        migrateConfigured({ ...config, databaseUrl: Option.none(), storage: kinds as never }, null)
      )
      assert.include(refused, { _tag: "ConfigFault", variable: "PUNCTUAL_STORE" })
    })
  )
})
