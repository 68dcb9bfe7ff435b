/**
 * The daily jobs: each run once, whatever races, dies or was missed.
 */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Deferred, Effect, Schedule, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import { type Store, StoreError, StoreUnavailable, type UserId } from "../../../src/index.ts"
import { auditJob, autoScheduleJob, pruneJob, renewJob } from "../../../src/usecases/worker/DailyJobs.ts"
import { type DailyJob, daily, dailyAt, makeUp, runIfDue } from "../../../src/usecases/worker/DailyRun.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"

const hour = 3_600_000
const day = 24 * hour
/** A Tuesday, 00:00 UTC. */
const tuesday = Date.UTC(2026, 3, 7)

const people = (count: number): ReadonlyArray<UserId> =>
  Array.from({ length: count }, (_, index) => `usr_${String(index).padStart(4, "0")}` as UserId)

const noting = (users: ReadonlyArray<UserId>, jobHour = 0) => {
  const done: Array<readonly [UserId, number]> = []
  const job: DailyJob<StoreError, never> = {
    name: "auto-schedule",
    runs: dailyAt(jobHour),
    users: Stream.fromIterable(users),
    share: (userId, at) => Effect.sync(() => void done.push([userId, at]))
  }
  return { done, job }
}

const down = Effect.fail(
  new StoreError({ operation: "commit", reason: new StoreUnavailable({ message: "connection refused" }) })
)

describe("which run is due", () => {
  const now = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: Date.UTC(2100, 0) }))
  const hours = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 23 }))

  it.prop(
    "the latest one: at its hour, not ahead, less than a day ago, named after its day",
    { now, hours },
    (given) => {
      const { at, date } = dailyAt(given.hours).latest(given.now)
      assert.isAtMost(at, given.now)
      assert.isAbove(at, given.now - day)
      assert.strictEqual(new Date(at).toISOString(), `${date}T${String(given.hours).padStart(2, "0")}:00:00.000Z`)
    }
  )

  it("is the one of this very instant, and of a day ago a moment before", () => {
    const [today, yesterday] = [
      { date: "2026-04-07", at: tuesday + 3 * hour, nextAt: tuesday + 27 * hour },
      { date: "2026-04-06", at: tuesday - 21 * hour, nextAt: tuesday + 3 * hour }
    ]
    assert.deepStrictEqual(dailyAt(3).latest(tuesday + 3 * hour), today)
    assert.deepStrictEqual(dailyAt(3).latest(tuesday + 3 * hour - 1), yesterday)
    // Whatever was asked before, and in whatever order.
    const runs = dailyAt(3)
    for (const now of [3 * hour, 27 * hour - 1, 3 * hour - 1, -21 * hour, 3 * hour]) {
      assert.deepStrictEqual(runs.latest(tuesday + now), now < 3 * hour ? yesterday : today, String(now))
    }
  })
})

describe("a run", () => {
  const test = <A, E>(name: string, body: Effect.Effect<A, E, Store>) =>
    it.effect(name, () => body.pipe(Effect.provide(StoreMemory.layer)))

  test(
    "happens once a day, for everybody, with the hour it was due at, and again the next day",
    Effect.gen(function* () {
      const users = people(100)
      const { done, job } = noting(users)
      yield* TestClock.setTime(tuesday + 5 * 60_000)
      assert.isTrue(yield* runIfDue(job))
      assert.isFalse(yield* runIfDue(job))
      assert.deepStrictEqual(done.map(([userId]) => userId).toSorted(), users)
      assert.isTrue(done.every(([, at]) => at === tuesday))
      yield* TestClock.setTime(tuesday + day - 1)
      assert.isFalse(yield* runIfDue(job))
      yield* TestClock.setTime(tuesday + day)
      assert.isTrue(yield* runIfDue(job))
      assert.lengthOf(done, 200)
    })
  )

  test(
    "that was missed is caught up when the server comes back, the latest one alone",
    Effect.gen(function* () {
      const { done, job } = noting(people(1), 3)
      yield* TestClock.setTime(tuesday + 4 * hour)
      yield* runIfDue(job)
      // Down for three days.
      yield* TestClock.setTime(tuesday + 3 * day + 2 * hour)
      yield* runIfDue(job)
      assert.deepStrictEqual(
        done.map(([, at]) => at),
        [tuesday + 3 * hour, tuesday + 2 * day + 3 * hour]
      )
    })
  )

  test(
    "is done by one of many processes",
    Effect.gen(function* () {
      const { done, job } = noting(people(10))
      yield* TestClock.setTime(tuesday)
      const ran = yield* Effect.forEach(Array.from({ length: 8 }), () => runIfDue(job), { concurrency: "unbounded" })
      assert.lengthOf(ran.filter(Boolean), 1)
      assert.lengthOf(done, 10)
    })
  )

  test(
    "whose process died is taken over after ten minutes, behind the last user done",
    Effect.gen(function* () {
      const users = people(100)
      const first: Array<UserId> = []
      const gone = yield* Deferred.make<void>()
      const dying: DailyJob<StoreError, never> = {
        ...noting(users).job,
        share: (userId) =>
          first.length < 40
            ? Effect.sync(() => void first.push(userId))
            : Effect.andThen(Deferred.await(gone), Effect.void)
      }
      yield* TestClock.setTime(tuesday)
      yield* Effect.forkChild(runIfDue(dying), { startImmediately: true })
      const { done, job } = noting(users)
      yield* TestClock.adjust("9 minutes")
      assert.isFalse(yield* runIfDue(job), "its claim still stands")
      yield* TestClock.adjust("2 minutes")
      assert.isTrue(yield* runIfDue(job))
      // 32 users are noted at a time: the second lot was under way when it died.
      assert.deepStrictEqual(done.map(([userId]) => userId).toSorted(), users.slice(32))
    })
  )

  test(
    "passes over a user whose share fails",
    Effect.gen(function* () {
      const { done, job } = noting(people(5))
      const failing: DailyJob<StoreError, never> = {
        ...job,
        share: (userId, at) => (userId === "usr_0002" ? down : job.share(userId, at))
      }
      yield* TestClock.setTime(tuesday)
      assert.isTrue(yield* runIfDue(failing))
      assert.lengthOf(done, 4)
    })
  )

  test(
    "that breaks off because storage is down is taken up again",
    Effect.gen(function* () {
      const { done, job } = noting(people(5))
      yield* TestClock.setTime(tuesday)
      assert.isFalse(yield* runIfDue({ ...job, users: Stream.fromEffect(down) }))
      yield* TestClock.adjust("11 minutes")
      assert.isTrue(yield* runIfDue(job))
      assert.lengthOf(done, 5)
    })
  )

  test(
    "comes by itself at its hour, to the second, whenever the server was started",
    Effect.gen(function* () {
      const { job } = noting(people(1), 3)
      const began: Array<number> = []
      const timed = { ...job, share: () => Effect.map(Clock.currentTimeMillis, (now) => void began.push(now)) }
      yield* TestClock.setTime(tuesday + 2 * hour + 17_123)
      yield* Effect.forkChild(daily(timed))
      yield* TestClock.adjust(2 * day)
      assert.deepStrictEqual(began.slice(-2), [tuesday + 3 * hour, tuesday + day + 3 * hour])
    })
  )

  test(
    "comes by itself at its hour",
    Effect.gen(function* () {
      const midnight = noting(people(2), 0)
      const three = noting(people(2), 3)
      yield* TestClock.setTime(tuesday - hour)
      yield* Effect.forkChild(daily(midnight.job))
      yield* Effect.forkChild(daily({ ...three.job, name: "renew-subscriptions" }))
      yield* TestClock.adjust(1)
      const [before, beforeThree] = [midnight.done.length, three.done.length]
      yield* TestClock.adjust(hour)
      assert.strictEqual(midnight.done.length - before, 2)
      assert.strictEqual(three.done.length - beforeThree, 0)
      yield* TestClock.adjust(3 * hour)
      assert.strictEqual(three.done.length - beforeThree, 2)
      yield* TestClock.adjust(2 * day)
      assert.strictEqual(midnight.done.length - before, 6)
    })
  )

  test(
    "leaves what failed for a user to be made up, for the instant it was due at, until it is done",
    Effect.gen(function* () {
      const tried: Array<readonly [string, number]> = []
      const timesOf = (userId: string) => tried.filter(([each]) => each === userId).length
      const { job } = noting(people(3))
      const failing: DailyJob<StoreError, never> = {
        ...job,
        share: (userId, at) =>
          Effect.suspend(() => {
            tried.push([userId, at])
            if (userId === "usr_0002" && timesOf(userId) < 2) throw new Error("an odd row")
            return userId === "usr_0001" && timesOf(userId) < 3 ? down : Effect.void
          })
      }
      yield* TestClock.setTime(tuesday)
      assert.isTrue(yield* runIfDue(failing))
      yield* Effect.forkChild(Effect.schedule(makeUp(failing), Schedule.spaced("5 minutes")))
      yield* TestClock.adjust("30 minutes")
      assert.deepStrictEqual(people(3).map(timesOf), [1, 3, 2])
      assert.isTrue(tried.every(([, at]) => at === tuesday))
    })
  )

  it("names the two jobs of the guide at their hours, the scheduler's audit, and the forgetting of what is past", () => {
    assert.deepStrictEqual(
      [autoScheduleJob, renewJob, auditJob, pruneJob].map(({ name, runs }) => [
        name,
        (runs.latest(tuesday).at % day) / hour
      ]),
      [
        ["auto-schedule", 0],
        ["renew-subscriptions", 3],
        ["audit-schedules", 4],
        ["prune", 5]
      ]
    )
  })
})
