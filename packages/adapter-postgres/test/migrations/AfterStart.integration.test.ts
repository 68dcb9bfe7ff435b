/**
 * V6: what a migration leaves for after the start is done once, whoever dies or works beside, and waits in nobody's way.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Result, Schedule } from "effect"
import { sql } from "kysely"
import type { Database } from "../../src/database/Database.ts"
import { openPGlite } from "../../src/database/PGlite.ts"
import { openPostgres } from "../../src/database/Postgres.ts"
import { lockTimeoutMillis, migrate } from "../../src/Migrate.ts"
import { batchRowsMax, finishMigrations, nextBit, progress } from "../../src/migrations/AfterStart.ts"
import { migrations } from "../../src/migrations/index.ts"
import type { BuildIndex, Fill, Migration } from "../../src/migrations/Migration.ts"
import { templateDump } from "../PGliteTemplate.ts"
import { freshDatabase } from "../PostgresEngine.ts"

const rows = 3 * batchRowsMax

const size: Fill = {
  kind: "fill",
  name: "sizes",
  rows: (after, limit) => sql`select id from punctual.boxes where size is null
    ${after === null ? sql`` : sql`and id > ${after[0]}::int`} order by id limit ${limit}::int for update`,
  keyOf: ({ id }) => [Number(id)],
  valueOf: ({ id }) => {
    if (id === 7) throw new Error("nobody thought of seven")
    return id === 8 ? Result.fail("eight") : Result.succeed(id === 9 ? -9 : Number(id))
  },
  write: (all) => sql`update punctual.boxes b set size = v.size
    from json_to_recordset(${JSON.stringify(all.map(({ row, value }) => ({ ...row, size: value })))}::json)
      as v (id int, size int) where b.id = v.id`
}

const index: BuildIndex = { kind: "index", name: "boxes_size", on: "punctual.boxes (size)" }

const all: ReadonlyArray<Migration> = [
  ...migrations,
  {
    number: migrations.length + 1,
    name: "boxes",
    statements: [
      "create table punctual.boxes (id int primary key, size int check (size > 0))",
      `insert into punctual.boxes (id) select generate_series(1, ${rows})`
    ],
    afterStart: [index, size]
  }
]

const sizes = (db: Database["Service"]) =>
  Effect.map(
    db.rows<{ readonly filled: number; readonly wrong: number }>(sql`
      select count(size)::int as filled, count(*) filter (where size <> id)::int as wrong from punctual.boxes`),
    ([row]) => row
  )

const isValid = (db: Database["Service"]) =>
  Effect.map(
    db.rows<{ readonly valid: boolean }>(sql`select i.indisvalid as valid from pg_index i
      join pg_class c on c.oid = i.indexrelid where c.relname = 'boxes_size'`),
    (found) => found.map(({ valid }) => valid)
  )

const server = Effect.flatMap(freshDatabase, (url) => openPostgres({ url }))
const embedded = Effect.flatMap(Effect.promise(templateDump), (loadDataDir) =>
  openPGlite({ dataDir: null, loadDataDir })
)

describe("V6: after the start", () => {
  for (const [name, open] of [
    ["PostgreSQL", server],
    ["PGlite", embedded]
  ] as const) {
    it.live(`a fill goes on where it was, and leaves bad rows, counted (${name})`, () =>
      Effect.gen(function* () {
        const db = yield* open
        yield* migrate(db, all)
        // The index, then two batches; here the process dies.
        for (let bit = 0; bit < 3; bit++) assert.strictEqual(yield* nextBit(db, all), "more")
        const [, before] = yield* progress(db)
        // Seven threw, eight was odd, and nine the database refused: the others of their batch are filled.
        assert.deepInclude(before, { filled: 2 * batchRowsMax - 3, bad: 3, isFinished: false })
        // A row behind the place it came to is not looked at again.
        yield* db.rows(sql`update punctual.boxes set size = null where id = 1`)
        yield* finishMigrations(db, all)
        const [, after] = yield* progress(db)
        assert.deepInclude(after, { filled: rows - 3, bad: 3, isFinished: true })
        assert.deepStrictEqual(yield* sizes(db), { filled: rows - 4, wrong: 0 })
        assert.strictEqual(yield* nextBit(db, all), "finished")
      })
    )
  }

  it.live("two processes share a fill, and no row is done twice", () =>
    Effect.gen(function* () {
      const url = yield* freshDatabase
      const [one, two] = [yield* openPostgres({ url }), yield* openPostgres({ url })]
      yield* migrate(one, all)
      yield* nextBit(one, all)
      const bits = (db: Database["Service"]) =>
        Effect.gen(function* () {
          while ((yield* nextBit(db, all)) !== "finished") yield* Effect.yieldNow
        })
      yield* Effect.all([bits(one), bits(two)], { concurrency: 2 })
      const [, after] = yield* progress(one)
      assert.deepInclude(after, { filled: rows - 3, bad: 3, isFinished: true })
    })
  )

  it.live("an index whose builder died is built anew", () =>
    Effect.gen(function* () {
      const db = yield* server
      yield* migrate(db, all)
      // A unique one over equal values fails half way, and leaves what a builder that dies leaves.
      yield* db.rows(sql`update punctual.boxes set size = 1`)
      yield* Effect.flip(db.unlimited(sql`create unique index concurrently boxes_size on punctual.boxes (size)`))
      assert.deepStrictEqual(yield* isValid(db), [false])
      assert.strictEqual(yield* nextBit(db, all), "more")
      assert.deepStrictEqual(yield* isValid(db), [true])
    })
  )

  it.live("a migration that can't have its lock lets others through, and is done when it can", () =>
    Effect.gen(function* () {
      const url = yield* freshDatabase
      const [db, busy, beside] = [
        yield* openPostgres({ url, statementTimeoutMillis: 0 }),
        yield* openPostgres({ url }),
        yield* openPostgres({ url })
      ]
      yield* migrate(db)
      const later = [
        ...migrations,
        {
          number: migrations.length + 1,
          name: "later",
          statements: ["alter table punctual.bots add column note text"]
        }
      ]
      const migrating = yield* busy.transaction((tx) =>
        Effect.gen(function* () {
          yield* tx.rows(sql`lock table punctual.bots in row exclusive mode`)
          const fiber = yield* Effect.forkDetach(migrate(db, later))
          const waits = beside.rows(sql`select from pg_locks where relation = 'punctual.bots'::regclass
            and mode = 'AccessExclusiveLock' and not granted`)
          yield* waits.pipe(
            Effect.filterOrFail((found) => found.length > 0),
            Effect.retry(Schedule.spaced(20))
          )
          // It stands behind the migration, whose lock is refused as long as this transaction is open.
          yield* beside.rows(sql`update punctual.bots set updated_at = 0`)
          return fiber
        })
      )
      assert.strictEqual(yield* Fiber.join(migrating), 1)
      assert.isBelow(lockTimeoutMillis, 15_000, "longer than a statement of ours may wait")
    })
  )
})
