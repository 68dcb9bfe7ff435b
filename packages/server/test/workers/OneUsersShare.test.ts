/**
 * B13: a user whose share of a daily job dies of a defect, and everybody else's.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { Punctual, UserId } from "@punctual/core"
import { AccountsMemory } from "@punctual/core/testing"
import { dailyJobs, makingUp, nothingLeft, runIfDue } from "../../src/workers/Daily.ts"
import { runJob } from "../../src/workers/Jobs.ts"

const midnight = Date.UTC(2026, 3, 7)
const users = ["usr_1", "usr_2", "usr_3"] as unknown as ReadonlyArray<UserId>
const broken = Effect.die(new TypeError("an odd row"))

/** A core in which everything of the second user's dies while it is to. */
const broke = (done: Array<UserId>, state: { isBroken: boolean }) =>
  Effect.map(Effect.context<never>(), () => {
    const share = <A>(userId: UserId, answer: A): Effect.Effect<A> =>
      state.isBroken && userId === users[1] ? broken : Effect.sync(() => (done.push(userId), answer))
    return {
      autoUsers: Stream.fromIterable(users),
      connectedUsers: Stream.fromIterable(users),
      autoScheduleUser: (userId: UserId) => share(userId, 1),
      renewUser: (userId: UserId) => share(userId, { renewed: 1, created: 0, polled: 0, failed: 0 }),
      syncUser: (userId: UserId) => share(userId, 1)
      // A part of the facade: what the jobs call of it.
    } as unknown as Punctual["Service"]
  })

describe("B13: one user's defect in a daily job", () => {
  it.effect("ends nobody else's share, and is made up for when it has passed", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(midnight)
      const done: Array<UserId> = []
      const state = { isBroken: true }
      const punctual = yield* broke(done, state)
      const left = nothingLeft()
      for (const job of dailyJobs(punctual, left).slice(0, 2)) {
        assert.isTrue(yield* runIfDue(job))
        assert.deepStrictEqual(done.splice(0), [users[0], users[2]])
        yield* TestClock.setTime(midnight + 3 * 3_600_000)
      }
      assert.deepStrictEqual([...left.coverage.keys(), ...left.renewals], [users[1], users[1]])
      yield* Effect.forkScoped(makingUp(punctual, left))
      yield* TestClock.adjust("6 minutes")
      state.isBroken = false
      yield* TestClock.adjust("6 minutes")
      assert.deepStrictEqual(done, [users[1]])
    }).pipe(Effect.provide(Layer.fresh(AccountsMemory.layer)))
  )

  it.effect("is counted by a job that was asked for, which does the others", () =>
    Effect.gen(function* () {
      const punctual = yield* broke([], { isBroken: true })
      for (const job of ["auto-schedule", "renew-subscriptions", "sync"] as const) {
        const counts = yield* runJob(punctual, job)
        assert.deepStrictEqual([counts["users"], counts["users_failed"]], [3, 1], job)
      }
    })
  )
})
