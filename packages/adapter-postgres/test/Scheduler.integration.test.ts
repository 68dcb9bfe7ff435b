/**
 * The Scheduler port's contract, on every engine; how late it is; and that two processes share one table.
 */
import type { BotId, Schedule, ScheduleName, UserId } from "@punctual/core"
import { Scheduler } from "@punctual/core"
import { SchedulerContract } from "@punctual/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Layer, Ref, Stream } from "effect"
import { Database } from "../src/database/Database.ts"
import * as SchedulerPort from "../src/Scheduler.ts"
import { engines, pgliteInMemory, postgres } from "./Engines.ts"

/** Shorter than any host would set it, so that the contract can wait for it. */
const redeliverAfterMillis = 2000

for (const { database, name } of engines) {
  const layer = Layer.provide(SchedulerPort.layer({ redeliverAfterMillis }), database)
  SchedulerContract.suite(name, layer, { time: "live", redeliversWithinMillis: redeliverAfterMillis })
}

const scheduleOf = (label: string, at: number): Schedule => ({
  name: `bot-${label}` as ScheduleName,
  group: "zoom",
  at,
  revision: 1,
  userId: "usr_1" as UserId,
  botId: `bot_${label}` as BotId
})

/** Delivers until so many fires came, each confirmed; answers when each came. */
const collect = (scheduler: Scheduler["Service"], count: number) =>
  Effect.gen(function* () {
    const received = yield* Ref.make<ReadonlyArray<{ readonly schedule: Schedule; readonly at: number }>>([])
    yield* scheduler.fires(0).pipe(
      Stream.mapEffect(
        Effect.fnUntraced(function* (fires) {
          const at = yield* Clock.currentTimeMillis
          yield* Ref.update(received, (all) => [...all, ...fires.map((schedule) => ({ schedule, at }))])
          yield* Effect.forEach(fires, (fire) => fire.done, { discard: true, concurrency: 8 })
          return (yield* Ref.get(received)).length
        })
      ),
      Stream.takeUntil((total) => total >= count),
      Stream.runDrain
    )
    return yield* Ref.get(received)
  })

const percentile = (sorted: ReadonlyArray<number>, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN

/**
 * How late 99 of 100 may be. The documentation claims 250 ms, of a machine that has nothing else to do; the bound for
 * every day leaves room for a machine that runs other tests beside, and is counted on top of how late plain timers were.
 */
const proving = process.env["PROVE"] === "1"
const latenessMaxMillis = proving ? 250 : 3000
const lookMillis = 50

/** Answers how late plain timers have been, at worst, since it was started: a machine that stalls is no fault of ours. */
const watchTimers = Effect.gen(function* () {
  let worst = 0
  const look = Effect.gen(function* () {
    const before = yield* Clock.currentTimeMillis
    yield* Effect.sleep(lookMillis)
    worst = Math.max(worst, (yield* Clock.currentTimeMillis) - before - lookMillis)
  })
  yield* Effect.forkChild(Effect.forever(look))
  return () => (proving ? 0 : worst)
})
const spreadMillis = 5000
const samples = 200

describe("punctuality", () => {
  for (const { database, name } of [pgliteInMemory, postgres]) {
    it.live(`is never early, and late by less than ${latenessMaxMillis} ms (${name})`, () =>
      Effect.gen(function* () {
        const scheduler = yield* Scheduler
        const stall = yield* watchTimers
        const start = (yield* Clock.currentTimeMillis) + 500
        const schedules = Array.from({ length: samples }, (_, n) =>
          scheduleOf(String(n), start + Math.floor(((n * 7919) % samples) * (spreadMillis / samples)))
        )
        const listening = yield* Effect.forkChild(collect(scheduler, samples))
        yield* scheduler.put(schedules)
        const received = yield* Fiber.join(listening)
        const late = received.map(({ at, schedule }) => at - schedule.at).toSorted((a, b) => a - b)
        yield* Effect.log(
          `lateness on ${name}, ms: p50 ${percentile(late, 0.5)}, p99 ${percentile(late, 0.99)}, max ${late.at(-1)}`
        )
        assert.strictEqual(new Set(received.map(({ schedule }) => schedule.name)).size, samples)
        assert.isAtLeast(late[0] ?? -1, 0)
        assert.isAtMost(percentile(late, 0.99), latenessMaxMillis + stall())
      }).pipe(Effect.provide(Layer.provide(SchedulerPort.layer(), database)))
    )
  }
})

describe("several processes on one table", () => {
  it.live("share what is due between them, and nothing is delivered twice", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const options = SchedulerPort.defaultOptions(db.engine)
      const [one, other] = yield* Effect.all([SchedulerPort.make(db, options), SchedulerPort.make(db, options)])
      const schedules = Array.from({ length: 1000 }, (_, n) => scheduleOf(String(n), n))
      yield* one.put(schedules)
      const received = yield* Ref.make<ReadonlyArray<string>>([])
      const consume = (scheduler: Scheduler["Service"]) =>
        scheduler.fires(0).pipe(
          Stream.mapEffect((fires) => Ref.updateAndGet(received, (all) => [...all, ...fires.map(({ name }) => name)])),
          Stream.takeUntil((all) => all.length >= schedules.length),
          Stream.runDrain
        )
      yield* Effect.raceFirst(consume(one), consume(other))
      assert.sameMembers(
        [...(yield* Ref.get(received))],
        schedules.map(({ name }) => name)
      )
    }).pipe(Effect.scoped, Effect.provide(postgres.database))
  )

  it.live("notice within a second what another of them put sooner", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const options = SchedulerPort.defaultOptions(db.engine)
      const stall = yield* watchTimers
      const [listener, putter] = yield* Effect.all([SchedulerPort.make(db, options), SchedulerPort.make(db, options)])
      const start = yield* Clock.currentTimeMillis
      yield* listener.put([scheduleOf("far", start + 3_600_000)])
      const listening = yield* Effect.forkChild(collect(listener, 1))
      yield* Effect.sleep(100)
      yield* putter.put([scheduleOf("near", start + 300)])
      const [received] = yield* Fiber.join(listening)
      assert.strictEqual(received?.schedule.botId, "bot_near")
      const late = (received?.at ?? Infinity) - (start + 300)
      assert.isAtMost(late, options.lookAgainAfterMillis + latenessMaxMillis + stall())
    }).pipe(Effect.scoped, Effect.provide(postgres.database))
  )
})
