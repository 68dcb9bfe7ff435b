/**
 * H3: a host that has a database already: its pool or its Kysely, a schema of its own, migrations in its own hands.
 */
import { Store } from "@punctual/core"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Redacted } from "effect"
import { CamelCasePlugin, Kysely, PGliteDialect, PostgresDialect, sql } from "kysely"
import { PGlite } from "@electric-sql/pglite"
import type { Pool } from "pg"
import type { Database } from "../src/database/Database.ts"
import { openPostgres } from "../src/database/Postgres.ts"
import { migratePostgres } from "../src/MigrateDatabase.ts"
import { migrationsSql } from "../src/MigrationSql.ts"
import { migrations } from "../src/migrations/index.ts"
import { layerPGlite, layerPostgres } from "../src/Open.ts"
import * as StorePort from "../src/Store.ts"
import { schemaOfHost } from "./Engines.ts"
import { hostPool } from "./HostPool.ts"
import { templateDump } from "./PGliteTemplate.ts"
import { freshDatabase } from "./PostgresEngine.ts"
import { userOf } from "./StoreRows.ts"

const claim = Store.use((store) => store.claimJob("H3", "2026-11-29", { now: 1, staleBefore: 0 }))

const storeOver = <E>(database: Layer.Layer<Database, E>) => Layer.provide(StorePort.layer, database)

const schemasOf = (pool: Pool) =>
  Effect.promise(async () => {
    const { rows } = await pool.query<{ readonly name: string }>(
      `select distinct table_schema as name from information_schema.tables
        where table_schema not in ('pg_catalog', 'information_schema') order by 1`
    )
    return rows.map(({ name }) => name)
  })

const settingsOf = (pool: Pool) =>
  Effect.promise(async () => {
    const client = await pool.connect()
    try {
      const { rows } = await client.query(
        `select current_setting('search_path') as path, current_setting('statement_timeout') as timeout,
          current_setting('lock_timeout') as lock, current_setting('jit') as jit, current_setting('plan_cache_mode') as plans`
      )
      return rows[0] as unknown
    } finally {
      client.release()
    }
  })

describe("H3: a host's pool", () => {
  it.live("is left as it was: open, its settings unchanged, nothing outside the schema named", () =>
    Effect.gen(function* () {
      const pool = yield* Effect.flatMap(freshDatabase, hostPool)
      const before = yield* settingsOf(pool)
      const layer = storeOver(layerPostgres({ pool, schema: schemaOfHost }))
      assert.isTrue(yield* Effect.provide(claim, layer))
      assert.isFalse(yield* Effect.provide(claim, layer))
      // The pool reads `int8` as BigInt; instants are numbers all the same.
      yield* Effect.provide(
        Store.use((store) => store.leaveShare("H3", userOf(1), 7)),
        layer
      )
      const left = Store.use((store) => store.sharesLeft("H3", null, 1))
      assert.deepStrictEqual(yield* Effect.provide(left, layer), [{ userId: userOf(1), at: 7 }])
      assert.deepStrictEqual(yield* schemasOf(pool), [schemaOfHost])
      assert.deepStrictEqual(yield* settingsOf(pool), before)
      assert.strictEqual(pool.idleCount, pool.totalCount)
    })
  )

  it.live("gives a connection up whose answer never came", () =>
    Effect.gen(function* () {
      const pool = yield* Effect.flatMap(freshDatabase, hostPool)
      const db = yield* openPostgres({ pool, statementTimeoutMillis: 100, answerSlackMillis: 100 })
      const error = yield* Effect.flip(db.rows(sql`select pg_sleep(60)`))
      assert.include(error.message, "timeout")
      assert.strictEqual(pool.totalCount, 0)
    })
  )
})

describe("H3: a host's Kysely", () => {
  it.live("serves whatever its plugins are, and is left open", () =>
    Effect.gen(function* () {
      const loadDataDir = yield* Effect.promise(templateDump)
      const pglite = yield* Effect.promise(() => PGlite.create("memory://", { loadDataDir }))
      const kysely = new Kysely<object>({ dialect: new PGliteDialect({ pglite }), plugins: [new CamelCasePlugin()] })
      const layer = storeOver(layerPostgres({ kysely, schema: "other" }))
      assert.isTrue(yield* Effect.provide(claim, layer))
      const progress = Store.use((store) => store.sharesLeft("H3", null, 1))
      const leave = Store.use((store) => store.leaveShare("H3", userOf(1), 7))
      assert.deepStrictEqual(yield* Effect.provide(Effect.andThen(leave, progress), layer), [
        { userId: userOf(1), at: 7 }
      ])
      assert.isFalse(pglite.closed)
      yield* Effect.promise(() => kysely.destroy())
    })
  )

  it.live("is refused in a sentence where it reads counters as texts", () =>
    Effect.gen(function* () {
      const pool = yield* Effect.flatMap(freshDatabase, hostPool)
      const kysely = new Kysely<object>({ dialect: new PostgresDialect({ pool }) })
      const error = yield* Effect.flip(Effect.scoped(openPostgres({ kysely })))
      assert.include(error.message, "give its pool (`pool`)")
    })
  )
})

describe("H3: two schemas in one database", () => {
  it.live("do not meet", () =>
    Effect.gen(function* () {
      const url = yield* freshDatabase
      const one = storeOver(layerPostgres({ url, schema: "one" }))
      const two = storeOver(layerPostgres({ url, schema: "two" }))
      const usual = storeOver(layerPostgres({ url }))
      for (const layer of [one, two, usual]) assert.isTrue(yield* Effect.provide(claim, layer))
      for (const layer of [one, two, usual]) assert.isFalse(yield* Effect.provide(claim, layer))
      const pool = yield* hostPool(url)
      assert.deepStrictEqual(yield* schemasOf(pool), ["one", "punctual", "two"])
    })
  )

  it.live("never take a name that PostgreSQL would cut, or keeps for itself", () =>
    Effect.gen(function* () {
      const url = Redacted.make("postgres://127.0.0.1:1/x")
      for (const schema of ["", "x".repeat(64), "ü".repeat(32), "pg_mine", "a\0b", "\ud800"]) {
        const error = yield* Effect.flip(Effect.scoped(openPostgres({ url, schema })))
        assert.strictEqual(error.code, "42602", schema)
        assert.include(error.message, "give another `schema`")
      }
    })
  )
})

const failureOf = <A, E>(layer: Layer.Layer<A, E>) =>
  Effect.map(Effect.exit(Effect.scoped(Layer.build(layer))), (exit) =>
    Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
  )

describe("H3: migrate: false", () => {
  it.live("fails at the start and says what to run, changing nothing; and starts once that was run", () =>
    Effect.gen(function* () {
      const pool = yield* Effect.flatMap(freshDatabase, hostPool)
      const layer = layerPostgres({ pool, schema: "mine", migrate: false })
      const error = yield* failureOf(layer)
      assert.propertyVal(error, "_tag", "SchemaOutdated")
      assert.include(String(error), "punctual migrate --schema mine")
      assert.include(String(error), "punctual migrate --sql --from 0 --schema mine")
      assert.deepStrictEqual(yield* schemasOf(pool), [])
      const done = yield* migratePostgres({ pool, schema: "mine" })
      assert.deepStrictEqual(done, { migrations: migrations.length, rowsFilled: 0, rowsBad: 0 })
      assert.isTrue(yield* Effect.provide(claim, storeOver(layer)))
    })
  )

  it.live("holds for the embedded engine too", () =>
    Effect.gen(function* () {
      const loadDataDir = yield* Effect.promise(templateDump)
      const error = yield* failureOf(layerPGlite({ dataDir: null, loadDataDir, schema: "mine", migrate: false }))
      assert.propertyVal(error, "_tag", "SchemaOutdated")
      assert.isUndefined(yield* failureOf(layerPGlite({ dataDir: null, loadDataDir, migrate: false })))
    })
  )

  it.live("starts as a role that may create nothing, on what a DBA ran from the printed SQL", () =>
    Effect.gen(function* () {
      const url = yield* freshDatabase
      const pool = yield* hostPool(url)
      const schema = schemaOfHost
      const role = `reader_${new URL(Redacted.value(url)).pathname.slice(1)}`
      const run = (text: string) => Effect.promise(() => pool.query(text))
      yield* run(migrationsSql({ schema }))
      yield* Effect.acquireRelease(run(`create role "${role}" login password 'password'`), () =>
        Effect.andThen(run(`drop owned by "${role}"`), run(`drop role "${role}"`))
      )
      const named = `"${schema.replaceAll('"', '""')}"`
      yield* run(`grant usage on schema ${named} to "${role}"`)
      yield* run(`grant select, insert, update, delete on all tables in schema ${named} to "${role}"`)
      const address = new URL(Redacted.value(url))
      address.username = role
      address.password = "password"
      const asRole = { url: Redacted.make(address.toString()), schema }
      assert.isTrue(yield* Effect.provide(claim, storeOver(layerPostgres({ ...asRole, migrate: false }))))
      // Nothing is outstanding, so that migrating asks for no right either.
      assert.isFalse(yield* Effect.provide(claim, storeOver(layerPostgres(asRole))))
      // A second run of the script is undone.
      const again = yield* Effect.exit(Effect.tryPromise(() => pool.query(migrationsSql({ schema }))))
      assert.isTrue(Exit.isFailure(again))
      yield* run("rollback")
    })
  )
})
