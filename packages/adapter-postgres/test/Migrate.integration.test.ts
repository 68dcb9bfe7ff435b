/**
 * The schema comes about once, however many processes start at once, whole or not at all, and stays as it is.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { sql } from "kysely"
import { Database } from "../src/database/Database.ts"
import { layerPostgres } from "../src/Open.ts"
import { openPGlite } from "../src/database/PGlite.ts"
import { openPostgres } from "../src/database/Postgres.ts"
import { migrate } from "../src/Migrate.ts"
import { migrations } from "../src/migrations/index.ts"
import type { Migration } from "../src/migrations/Migration.ts"
import { templateDump } from "./PGliteTemplate.ts"
import { freshDatabase } from "./PostgresEngine.ts"

/** Migrations that a later release might bring. */
const later: Migration = {
  number: migrations.length + 1,
  name: "later",
  statements: ["create table punctual.later (id text primary key)"]
}
const broken: Migration = {
  number: migrations.length + 1,
  name: "broken",
  statements: ["create table punctual.half (id text)", "alter table punctual.nowhere add column x text"]
}

const tables = (db: Database["Service"]) =>
  Effect.map(
    db.rows<{ readonly name: string }>(
      sql`select table_name as name from information_schema.tables where table_schema = 'punctual' order by 1`
    ),
    (rows) => rows.map(({ name }) => name)
  )

const openFresh = Effect.flatMap(freshDatabase, (url) => openPostgres({ url }))

/** Made from nothing, for that is what a migration begins with; and one that was migrated before. */
const openers = [
  [
    "PGlite",
    openPGlite({ dataDir: null }),
    Effect.flatMap(Effect.promise(templateDump), (loadDataDir) => openPGlite({ dataDir: null, loadDataDir }))
  ],
  ["PostgreSQL", openFresh, openFresh]
] as const

describe("migrations", () => {
  it("are numbered without gaps", () => {
    assert.deepStrictEqual(
      migrations.map(({ number }) => number),
      migrations.map((_, index) => index + 1)
    )
  })

  for (const [name, open, openMigrated] of openers) {
    it.live(`run from empty and from each version on, once (${name})`, () =>
      Effect.gen(function* () {
        const db = yield* open
        for (let version = 0; version <= migrations.length; version++) {
          yield* db.rows(sql`drop schema if exists punctual cascade`)
          assert.strictEqual(yield* migrate(db, migrations.slice(0, version)), version)
          assert.strictEqual(yield* migrate(db), migrations.length - version)
        }
        assert.strictEqual(yield* migrate(db), 0)
        assert.includeMembers(yield* tables(db), [
          "user_states",
          "connections",
          "events",
          "bots",
          "schedules",
          "secrets",
          "users"
        ])
      })
    )

    it.live(`leave nothing behind when one fails, and run when it is mended (${name})`, () =>
      Effect.gen(function* () {
        const db = yield* openMigrated
        yield* migrate(db)
        const failed = yield* Effect.flip(migrate(db, [...migrations, broken]))
        assert.strictEqual(failed.code, "42P01")
        assert.notInclude(yield* tables(db), "half")
        assert.strictEqual(yield* migrate(db, [...migrations, later]), 1)
        // An older release starts beside the newer schema.
        assert.strictEqual(yield* migrate(db), 0)
        assert.include(yield* tables(db), "later")
      })
    )
  }

  it.live("run once when five processes start at once", () =>
    Effect.gen(function* () {
      const url = yield* freshDatabase
      const opened = yield* Effect.all(
        Array.from({ length: 5 }, () => Layer.build(layerPostgres({ url }))),
        { concurrency: "unbounded" }
      )
      assert.lengthOf(opened, 5)
      const applied = yield* Database.use((db) => db.rows(sql`select number from punctual.migrations`)).pipe(
        Effect.provide(layerPostgres({ url }))
      )
      assert.lengthOf(applied, migrations.length)
    })
  )
})
