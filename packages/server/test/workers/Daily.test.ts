/**
 * The daily jobs: each run once, whatever races, dies or was missed.
 */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Deferred, Effect, Layer, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Punctual, StoreError, StoreUnavailable, type UserId } from "@punctual/core"
import type { Accounts } from "@punctual/core/accounts"
import { AccountsMemory, StoreMemory } from "@punctual/core/testing"
import { type DailyJob, daily, dailyAt, dailyJobs, latestRun, nothingLeft, runIfDue } from "../../src/workers/Daily.ts"
import * as None from "../../src/launchers/None.ts"
import { StorageGauges } from "../../src/metrics/StorageGauges.ts"
import * as BackgroundLoops from "../../src/workers/BackgroundLoops.ts"

const hour = 3_600_000
const day = 24 * hour
/** A Tuesday, 00:00 UTC. */
const tuesday = Date.UTC(2026, 3, 7)

const people = (count: number): ReadonlyArray<UserId> =>
  Array.from({ length: count }, (_, index) => `usr_${String(index).padStart(4, "0")}` as UserId)

const noting = (users: ReadonlyArray<UserId>, jobHour = 0) => {
  const done: Array<readonly [UserId, number]> = []
  const job: DailyJob = {
    name: "auto-schedule",
    cron: dailyAt(jobHour),
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
      const { at, date } = latestRun(dailyAt(given.hours), given.now)
      assert.isAtMost(at, given.now)
      assert.isAbove(at, given.now - day)
      assert.strictEqual(new Date(at).toISOString(), `${date}T${String(given.hours).padStart(2, "0")}:00:00.000Z`)
    }
  )

  it("is the one of this very instant, and of a day ago a moment before", () => {
    assert.deepStrictEqual(latestRun(dailyAt(3), tuesday + 3 * hour), { date: "2026-04-07", at: tuesday + 3 * hour })
    assert.deepStrictEqual(latestRun(dailyAt(3), tuesday + 3 * hour - 1), {
      date: "2026-04-06",
      at: tuesday - 21 * hour
    })
  })
})

describe("a run", () => {
  const test = <A, E>(name: string, body: Effect.Effect<A, E, Accounts>) =>
    it.effect(name, () => body.pipe(Effect.provide(AccountsMemory.layer)))

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
      const dying: DailyJob = {
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
      const failing: DailyJob = {
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
      const { done, job } = noting(people(1), 3)
      const began: Array<number> = []
      const timed = { ...job, share: () => Effect.map(Clock.currentTimeMillis, (now) => void began.push(now)) }
      yield* TestClock.setTime(tuesday + 2 * hour + 17_123)
      yield* Effect.forkChild(daily([timed, { ...job, name: "another", cron: dailyAt(0) }]))
      yield* TestClock.adjust(2 * day)
      assert.deepStrictEqual(began.slice(-2), [tuesday + 3 * hour, tuesday + day + 3 * hour])
      assert.isNotEmpty(done)
    })
  )

  test(
    "comes by itself at its hour",
    Effect.gen(function* () {
      const midnight = noting(people(2), 0)
      const three = noting(people(2), 3)
      yield* TestClock.setTime(tuesday - hour)
      yield* Effect.forkChild(daily([midnight.job, { ...three.job, name: "renew-subscriptions" }]))
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
})

describe("everything together", () => {
  const beside = [
    AccountsMemory.layer,
    StoreMemory.layer,
    None.layer,
    Layer.succeed(StorageGauges, { refresh: Effect.void })
  ] as const

  const facade = (part: Partial<Punctual["Service"]>) =>
    Layer.succeed(
      Punctual,
      Punctual.of({
        autoUsers: Stream.empty,
        connectedUsers: Stream.empty,
        run: Effect.never,
        ...part
      } as Punctual["Service"])
    )

  it.effect("what could not be renewed is tried again each hour until it could", () =>
    Effect.gen(function* () {
      const tried: Array<string> = []
      const counts = (failed: number) => ({ renewed: 1, recreated: 0, failed, strays: 0 })
      const punctual = facade({
        connectedUsers: Stream.fromIterable(people(3)),
        renewUser: (userId) =>
          Effect.suspend(() => {
            tried.push(userId)
            const times = tried.filter((each) => each === userId).length
            if (userId === "usr_0001") return Effect.succeed(counts(times < 3 ? 1 : 0))
            return userId === "usr_0002" && times < 2 ? down : Effect.succeed(counts(0))
          })
      })
      yield* TestClock.setTime(tuesday + 3 * hour)
      yield* Layer.build(BackgroundLoops.layer.pipe(Layer.provide([punctual, ...beside])))
      yield* TestClock.adjust(5 * hour)
      assert.deepStrictEqual(tried.toSorted(), ["usr_0000", "usr_0001", "usr_0001", "usr_0001", "usr_0002", "usr_0002"])
    })
  )

  it.effect("whose auto-scheduling failed at midnight is not left until the next", () =>
    Effect.gen(function* () {
      const tried: Array<readonly [string, number | null]> = []
      const timesOf = (userId: string) => tried.filter(([each]) => each === userId).length
      const punctual = facade({
        autoUsers: Stream.fromIterable(people(3)),
        autoScheduleUser: (userId, midnight) =>
          Effect.suspend(() => {
            tried.push([userId, midnight])
            return userId === "usr_0001" && timesOf(userId) < 3 ? down : Effect.succeed(1)
          })
      })
      yield* TestClock.setTime(tuesday)
      yield* Layer.build(BackgroundLoops.layer.pipe(Layer.provide([punctual, ...beside])))
      yield* TestClock.adjust("30 minutes")
      assert.deepStrictEqual(people(3).map(timesOf), [1, 3, 1])
      assert.isTrue(tried.every(([, midnight]) => midnight === tuesday))
    })
  )

  it.effect("a loop that dies of a defect starts again", () =>
    Effect.gen(function* () {
      let runs = 0
      const run = Effect.suspend(() => (runs++ < 2 ? Effect.die(new Error("boom")) : Effect.never))
      yield* Layer.build(BackgroundLoops.layer.pipe(Layer.provide([facade({ run }), ...beside])))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(runs, 3)
    })
  )

  it("names the two jobs of the guide at their hours, and the scheduler's audit", () => {
    const jobs = dailyJobs({ autoUsers: Stream.empty, connectedUsers: Stream.empty } as never, nothingLeft())
    assert.deepStrictEqual(
      jobs.map(({ cron, name }) => [name, (latestRun(cron, tuesday).at % day) / hour]),
      [
        ["auto-schedule", 0],
        ["renew-subscriptions", 3],
        ["audit-schedules", 4]
      ]
    )
  })
})
