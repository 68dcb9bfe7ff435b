/**
 * What a store promises about daily jobs: a run is claimed once, goes on where it was left, and no share of it is
 * forgotten. Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { UserId } from "../../../src/domain/Ids.ts"
import { Store } from "../../../src/ports/Store.ts"
import { freshName } from "../../rows/Fresh.ts"
import type { It } from "./Users.ts"

const now = 1_795_000_000_000
const minute = 60_000
const date = "2026-11-18"

export const cases = (it: It): void => {
  it.effect("MUST let a job of a date be claimed once, whoever races for it", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const job = yield* freshName
      const claim = store.claimJob(job, date, { now, staleBefore: now - minute })
      const claims = yield* Effect.all(
        Array.from({ length: 8 }, () => claim),
        { concurrency: "unbounded" }
      )
      assert.lengthOf(claims.filter(Boolean), 1)
      assert.isFalse(yield* claim)
    })
  )

  it.effect(
    "MUST tell of a run whether it is done and when something of it was noted, and of none that there is none",
    () =>
      Effect.gen(function* () {
        const store = yield* Store
        const job = yield* freshName
        assert.deepStrictEqual(yield* store.jobRun(job, date), Option.none())
        yield* store.claimJob(job, date, { now, staleBefore: 0 })
        assert.deepStrictEqual(yield* store.jobRun(job, date), Option.some({ at: now, isFinished: false }))
        yield* store.saveJobProgress(job, date, "usr_1" as UserId, now + minute)
        assert.deepStrictEqual(yield* store.jobRun(job, date), Option.some({ at: now + minute, isFinished: false }))
        yield* store.finishJob(job, date, now + 2 * minute)
        assert.deepStrictEqual(yield* store.jobRun(job, date), Option.some({ at: now + 2 * minute, isFinished: true }))
      })
  )

  it.effect("MUST keep jobs and dates apart", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const job = yield* freshName
      const claim = { now, staleBefore: now - minute }
      assert.isTrue(yield* store.claimJob(job, date, claim))
      assert.isTrue(yield* store.claimJob(job, "2026-11-19", claim))
      assert.isTrue(yield* store.claimJob(`${job}2`, date, claim))
    })
  )

  it.effect("MUST let a claim be taken over that is older than what counts as stale, once", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const job = yield* freshName
      yield* store.claimJob(job, date, { now, staleBefore: 0 })
      assert.isFalse(yield* store.claimJob(job, date, { now: now + minute, staleBefore: now }))
      const takeOver = store.claimJob(job, date, { now: now + minute, staleBefore: now + 1 })
      const claims = yield* Effect.all(
        Array.from({ length: 8 }, () => takeOver),
        { concurrency: "unbounded" }
      )
      assert.lengthOf(claims.filter(Boolean), 1)
    })
  )

  it.effect("MUST never let a finished job be claimed again", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const job = yield* freshName
      yield* store.claimJob(job, date, { now, staleBefore: 0 })
      yield* store.finishJob(job, date, now + 1)
      assert.isFalse(yield* store.claimJob(job, date, { now: now + 9 * minute, staleBefore: now + 8 * minute }))
    })
  )

  it.effect("MUST remember how far a job has come, also for whoever takes it over", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const job = yield* freshName
      assert.deepStrictEqual(yield* store.jobProgress(job, date), Option.none())
      yield* store.claimJob(job, date, { now, staleBefore: 0 })
      assert.deepStrictEqual(yield* store.jobProgress(job, date), Option.none())
      yield* store.saveJobProgress(job, date, "usr_b" as UserId, now + 1)
      yield* store.saveJobProgress(job, date, "usr_c" as UserId, now + 2)
      assert.isTrue(yield* store.claimJob(job, date, { now: now + minute, staleBefore: now + 3 }))
      assert.deepStrictEqual(yield* store.jobProgress(job, date), Option.some("usr_c" as UserId))
      assert.deepStrictEqual(yield* store.jobProgress(job, "2026-11-19"), Option.none())
    })
  )

  it.effect("SHOULD count a claim as fresh for as long as its progress is saved", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const job = yield* freshName
      yield* store.claimJob(job, date, { now, staleBefore: 0 })
      yield* store.saveJobProgress(job, date, "usr_a" as UserId, now + minute)
      assert.isFalse(yield* store.claimJob(job, date, { now: now + minute + 1, staleBefore: now + minute }))
    })
  )
  it.effect("MUST keep a share that failed once, with the latest run it belongs to, until it is done", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const job = yield* freshName
      const [a, b] = ["usr_a" as UserId, "usr_b" as UserId]
      yield* store.leaveShare(job, b, now)
      yield* store.leaveShare(job, a, now)
      yield* store.leaveShare(job, a, now + minute)
      yield* store.leaveShare(job, a, now)
      yield* store.leaveShare(`${job}2`, a, now)
      assert.deepStrictEqual(yield* store.sharesLeft(job, null, 10), [
        { userId: a, at: now + minute },
        { userId: b, at: now }
      ])
      assert.deepStrictEqual(yield* store.sharesLeft(job, null, 1), [{ userId: a, at: now + minute }])
      assert.deepStrictEqual(yield* store.sharesLeft(job, a, 10), [{ userId: b, at: now }])
      yield* store.finishShare(job, a)
      yield* store.finishShare(job, a)
      assert.deepStrictEqual(yield* store.sharesLeft(job, null, 10), [{ userId: b, at: now }])
      assert.deepStrictEqual(yield* store.sharesLeft(`${job}2`, null, 10), [{ userId: a, at: now }])
    })
  )
}
