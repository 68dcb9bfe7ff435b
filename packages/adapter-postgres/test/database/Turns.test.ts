/** Who gets a connection when there are fewer than are asked for. The database answers at once: only turns are looked at. */
import { assert, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Result } from "effect"
import { TestClock } from "effect/testing"
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresDialect,
  type PostgresPool,
  PostgresQueryCompiler,
  sql
} from "kysely"
import { fromKysely } from "../../src/database/Database.ts"

const answeringAtOnce = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresDialect({ pool: {} as PostgresPool }).createIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler()
  }
})

it.effect("V5: who waits for a connection has it before those who ask for one again and again", () =>
  Effect.gen(function* () {
    const options = { engine: "postgres", isOwned: false, schema: "punctual", othersAtOnceMax: 2 } as const
    const db = yield* fromKysely({ ...options, kysely: answeringAtOnce })
    const log: Array<string> = []
    const asking = (name: string, times: number) =>
      Effect.gen(function* () {
        for (let time = 0; time < times; time++) {
          yield* db.rows(sql`select 1`)
          log.push(name)
        }
      })
    const busy = yield* Effect.forEach(["one", "two"], (name) =>
      Effect.forkChild(asking(name, 100), { startImmediately: true })
    )
    const late = yield* Effect.forEach(["late", "later"], (name) =>
      Effect.forkChild(asking(name, 1), { startImmediately: true })
    )
    yield* Effect.forEach([...busy, ...late], Fiber.join)
    // The two that were under way, and one of each whose turn comes with theirs.
    assert.isAtMost(log.indexOf("late"), 4, log.join(" "))
    assert.isAtMost(log.indexOf("later"), 4, log.join(" "))
    assert.lengthOf(log, 202)
  })
)

it.effect("V5: who waits gives up after 5 s, and takes as long as it likes once it has its turn", () =>
  Effect.gen(function* () {
    const options = { engine: "postgres", isOwned: false, schema: "punctual", othersAtOnceMax: 1 } as const
    const db = yield* fromKysely({ ...options, kysely: answeringAtOnce })
    /** One that keeps the connection for so long from when it has it. */
    const lasting = Effect.fnUntraced(function* (seconds: number) {
      const begun = yield* Deferred.make<void>()
      const body = Effect.andThen(Deferred.succeed(begun, undefined), Effect.sleep(seconds * 1_000))
      const asking = Effect.result(db.transaction(() => Effect.as(body, seconds)))
      return { begun: Deferred.await(begun), fiber: yield* Effect.forkChild(asking, { startImmediately: true }) }
    })
    const first = yield* lasting(7)
    const unlucky = yield* lasting(1)
    yield* first.begun
    yield* TestClock.adjust("4999 millis")
    assert.isUndefined(unlucky.fiber.pollUnsafe())
    yield* TestClock.adjust("1 millis")
    assert.isDefined(unlucky.fiber.pollUnsafe())
    const gaveUp = Result.mapError(yield* Fiber.join(unlucky.fiber), ({ detail }) => detail)
    assert.deepStrictEqual(gaveUp, Result.fail("no connection was free in time"))
    const second = yield* lasting(9)
    yield* TestClock.adjust("2 seconds")
    yield* second.begun
    yield* TestClock.adjust("9 seconds")
    const answers = [yield* Fiber.join(first.fiber), yield* Fiber.join(second.fiber)]
    assert.deepStrictEqual(answers, [Result.succeed(7), Result.succeed(9)])
  })
)
