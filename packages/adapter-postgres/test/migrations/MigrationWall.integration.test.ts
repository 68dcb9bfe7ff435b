/**
 * V6: no migration holds up a system at work. Every migration of ours, on tables with as many rows as a large deployment
 * has; and specimens that show what passes and what is caught. CONTRIBUTING has the rule.
 */
import type { Bot, StoreError } from "@punctual/core"
import { assert, describe, it, layer } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Result, type Scope } from "effect"
import { sql } from "kysely"
import { Database } from "../../src/database/Database.ts"
import type { DatabaseError } from "../../src/database/DatabaseError.ts"
import { openPostgres } from "../../src/database/Postgres.ts"
import { migrate } from "../../src/Migrate.ts"
import { batchRowsMax, nextBit, progress } from "../../src/migrations/AfterStart.ts"
import { migrations } from "../../src/migrations/index.ts"
import type { Fill, Migration } from "../../src/migrations/Migration.ts"
import * as StorePort from "../../src/Store.ts"
import { freshDatabase } from "../PostgresEngine.ts"
import { botOf, userOf } from "../StoreRows.ts"
import { fillTables } from "./FillTables.ts"
import { MigrationBlocks, watched } from "./WatchedDatabase.ts"

/** Bots and events each; the documentation claims a million with `PROVE=1`. */
const rows = process.env["PROVE"] === "1" ? 1_000_000 : 50_000

/** Filling a million rows and going through them in batches takes minutes on a small machine. */
const millisMax = 1_200_000

/** Laid before anything was released, so that no history was there to rewrite. */
const beforeRelease: ReadonlySet<string> = new Set(["initial"])

const ours = migrations.filter(({ name }) => !beforeRelease.has(name))

/** The schema as it was before a migration, full of rows. */
const filled = (before: ReadonlyArray<Migration>): Effect.Effect<Database["Service"], DatabaseError, Scope.Scope> =>
  Effect.gen(function* () {
    const db = yield* openPostgres({ url: yield* freshDatabase, statementTimeoutMillis: 0 })
    yield* migrate(db, before)
    yield* fillTables(db, rows)
    return db
  })

/** The launch protocol's own write, over and over, on a bot among all the others. */
const launching = Effect.fnUntraced(function* (db: Database["Service"], label: string) {
  const store = StorePort.make(db)
  let bot: Bot = botOf(label)
  const userId = userOf(1)
  const user = yield* store.slice(userId, { kind: "all" }, 0)
  yield* store.commit({
    userId,
    version: user.version,
    decided: null,
    decideAt: null,
    bots: [{ bot, expected: null }]
  })
  let launches = 0
  const launch: Effect.Effect<void, StoreError> = Effect.suspend(() => {
    const next: Bot = {
      ...bot,
      status: bot.status === "Scheduled" ? "Launching" : "Scheduled",
      revision: bot.revision + 1
    }
    return Effect.map(store.writeBot(userId, next, bot.revision), () => {
      bot = next
      launches++
    })
  })
  return { launch: Effect.orDie(launch), launches: () => launches }
})

/** A transaction that is open with what it saw when it began. */
const holding =
  (db: Database["Service"]) =>
  <A, E>(use: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    db
      .transaction((tx) =>
        tx
          .rows(sql`set transaction isolation level repeatable read`)
          .pipe(Effect.andThen(tx.rows(sql`select id from punctual.bots limit 1`)), Effect.andThen(use))
      )
      .pipe(Effect.catchIf(isDatabaseError, Effect.die))

const isDatabaseError = (error: unknown): error is DatabaseError =>
  (error as Partial<DatabaseError> | null)?._tag === "DatabaseError"

/** Runs a migration with a launch beside each of its bits; what it would hold up, in words. */
const judge = Effect.fnUntraced(function* (db: Database["Service"], migration: Migration) {
  const all = [...migrations.filter(({ number }) => number < migration.number), migration]
  const { launch, launches } = yield* launching(db, migration.name)
  const watch = watched(db, { beside: launch, holding: holding(db) })
  const ended = yield* Effect.exit(
    Effect.gen(function* () {
      yield* migrate(watch, all)
      let bits = 0
      while ((yield* nextBit(watch, all)) !== "finished") {
        yield* launch
        bits++
      }
      return bits
    })
  )
  if (Exit.isSuccess(ended)) return { findings: [], bits: ended.value, launches: launches() }
  const cause = Cause.squash(ended.cause)
  if (!(cause instanceof MigrationBlocks)) return yield* Effect.failCause(ended.cause)
  return { findings: cause.findings, bits: 0, launches: launches() }
})

const next = (name: string, members: Partial<Migration>): Migration => ({
  number: migrations.length + 1,
  name,
  statements: [],
  ...members
})

/** One of ten rows has an id that no note can be made from. */
const note: Fill = {
  kind: "fill",
  name: "notes of bots",
  rows: (after, limit) => sql`select user_id, id from punctual.bots where note is null
    ${after === null ? sql`` : sql`and (user_id, id) > (${sql.join(after)})`}
    order by user_id, id limit ${limit}::int for update`,
  keyOf: (row) => [String(row["user_id"]), String(row["id"])],
  valueOf: ({ id }) =>
    String(id).endsWith("7") ? Result.fail("ends in seven") : Result.succeed(`about ${String(id)}`),
  write: (rows) => sql`update punctual.bots b set note = v.note
    from json_to_recordset(${JSON.stringify(rows.map(({ row, value }) => ({ ...row, note: value })))}::json)
      as v (user_id text, id text, note text) where b.user_id = v.user_id and b.id = v.id`
}

const good = next("good", {
  statements: ["alter table punctual.bots add column note text"],
  afterStart: [{ kind: "index", name: "bots_note", on: "punctual.bots (note) where note is not null" }, note]
})

const bad: ReadonlyArray<readonly [string, ReadonlyArray<string>, RegExp]> = [
  [
    "a column that rewrites the table",
    ["alter table punctual.bots add column stamp double precision not null default random()"],
    /^bots is rewritten: add a nullable column/
  ],
  [
    "an index that keeps writers out while it is built",
    ["create index bots_updated on punctual.bots (updated_at)"],
    /^\d+ rows of bots are gone through under ShareLock: an index belongs into `afterStart`/
  ],
  [
    "a constraint that is checked on every row",
    ["alter table punctual.events add constraint events_length check (end_at >= start_at)"],
    /^\d+ rows of events are gone through under AccessExclusiveLock/
  ],
  [
    "history written anew in the migration's transaction",
    ["update punctual.bots set updated_at = created_at where status <> 'Launching'"],
    /^\d+ rows of bots are written at once: fill them after the start/
  ]
]

const shared = Layer.effect(
  Database,
  Effect.suspend(() => Effect.orDie(filled(migrations)))
)

describe("V6: a migration beside launches", () => {
  it("is every one of ours but the first, which may be all there are", () => {
    assert.deepStrictEqual(
      ours.map(({ number }) => number),
      migrations.slice(1).map(({ number }) => number)
    )
  })

  for (const migration of ours) {
    it.live(
      `passes: ${migration.name}`,
      () =>
        Effect.gen(function* () {
          const db = yield* filled(migrations.filter(({ number }) => number < migration.number))
          assert.deepStrictEqual((yield* judge(db, migration)).findings, [])
        }).pipe(Effect.scoped),
      millisMax
    )
  }

  layer(shared, { timeout: millisMax, excludeTestServices: true })(`on ${rows} bots`, (it) => {
    for (const [name, statements, finding] of bad) {
      it.effect(`is caught: ${name}`, () =>
        Effect.gen(function* () {
          const db = yield* Database
          const before = yield* progress(db)
          const { findings } = yield* judge(db, next(name, { statements }))
          assert.lengthOf(findings, 1)
          assert.match(findings[0] ?? "", finding)
          assert.deepStrictEqual(yield* progress(db), before)
        })
      )
    }

    it.effect(
      "passes: a nullable column, an index built beside writes, and batches that count bad rows",
      () =>
        Effect.gen(function* () {
          const db = yield* Database
          const { bits, findings, launches } = yield* judge(db, good)
          assert.deepStrictEqual(findings, [])
          // One beside the build of the index while it waited, and one after each bit.
          assert.strictEqual(launches, bits + 1)
          const [counted] = yield* db.rows<{ readonly total: number; readonly bad: number }>(sql`
            select count(*)::int as total, count(*) filter (where id like '%7')::int as bad from punctual.bots`)
          const { bad: badRows = 0, total = 0 } = counted ?? {}
          const [, filling] = yield* progress(db)
          assert.deepInclude(filling, { filled: total - badRows, bad: badRows, isFinished: true })
          assert.isAtLeast(bits, total / batchRowsMax)
        }),
      millisMax
    )
  })
})
