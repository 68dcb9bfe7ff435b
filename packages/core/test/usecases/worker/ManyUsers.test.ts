/**
 * One nightly run over many users (10,000 where figures are proven), by three processes of which one dies on the way.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { UserId } from "../../../src/index.ts"
import { type DailyJob, dailyAt, runIfDue } from "../../../src/usecases/worker/DailyRun.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"

const count = process.env["PROVE"] === "1" ? 10_000 : 500
/** 2026-04-07T00:00:00Z */
const midnight = Date.UTC(2026, 3, 7)
/** Users between two notes of progress: what a dying process may leave to be done again. */
const unnotedMax = 32

const users = Array.from({ length: count }, (_, n) => `usr_${String(n).padStart(6, "0")}` as UserId)

describe("a nightly run", () => {
  it.effect("reaches every user once, but for those under way where a process died", () =>
    Effect.gen(function* () {
      const times = new Map<UserId, number>()
      let done = 0
      const shareMillis = 20
      const job: DailyJob<never, never> = {
        name: "auto-schedule",
        runs: dailyAt(0),
        users: Stream.fromIterable(users),
        share: (userId, at) =>
          Effect.andThen(
            Effect.sync(() => {
              assert.strictEqual(at, midnight)
              done++
              times.set(userId, (times.get(userId) ?? 0) + 1)
            }),
            Effect.sleep(shareMillis)
          )
      }
      yield* TestClock.setTime(midnight)
      const processes = yield* Effect.forEach([1, 2, 3], () => Effect.forkChild(runIfDue(job)))
      while (times.size < count / 2) yield* TestClock.adjust(shareMillis)
      const ran = processes.filter((each) => each.pollUnsafe() === undefined)
      assert.lengthOf(ran, 1, "one of them has the run, the others have nothing to do")
      yield* Effect.forEach(processes, (each) => Fiber.interrupt(each))
      const before = done
      yield* TestClock.adjust("11 minutes")
      const others = yield* Effect.forEach([1, 2], () => Effect.forkChild(runIfDue(job)))
      while (others.some((each) => each.pollUnsafe() === undefined)) yield* TestClock.adjust(shareMillis)
      const claimed = yield* Effect.forEach(others, (each) => Fiber.join(each))
      assert.deepStrictEqual(claimed.toSorted(), [false, true])
      assert.strictEqual(times.size, count, "everybody")
      assert.isAtMost(done, count + unnotedMax)
      assert.isAtLeast(before, count / 2)
      assert.isAtMost(Math.max(...times.values()), 2)
      assert.isFalse(yield* runIfDue(job), "done for today")
    }).pipe(Effect.provide(StoreMemory.layer))
  )
})
