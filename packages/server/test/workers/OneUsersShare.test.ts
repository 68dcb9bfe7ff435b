/**
 * B13: a user whose share of a job dies of a defect, and everybody else's.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import type { Punctual, UserId } from "@punctual/core"
import { runJob } from "../../src/workers/Jobs.ts"

const users = ["usr_1", "usr_2", "usr_3"] as unknown as ReadonlyArray<UserId>

const share = <A>(userId: UserId, answer: A): Effect.Effect<A> =>
  userId === users[1] ? Effect.die(new TypeError("an odd row")) : Effect.succeed(answer)

/** A core in which everything of the second user's dies. A part of the facade: what the jobs call of it. */
const punctual = {
  autoUsers: Stream.fromIterable(users),
  connectedUsers: Stream.fromIterable(users),
  autoScheduleUser: (userId: UserId) => share(userId, 1),
  renewUser: (userId: UserId) => share(userId, { renewed: 1, created: 0, polled: 0, failed: 0 }),
  syncUser: (userId: UserId) => share(userId, 1)
} as unknown as Punctual["Service"]

describe("B13: one user's defect in a job that was asked for", () => {
  it.effect("is counted, and the others have theirs", () =>
    Effect.gen(function* () {
      for (const job of ["auto-schedule", "renew-subscriptions", "sync"] as const) {
        const counts = yield* runJob(punctual, job)
        assert.deepStrictEqual([counts["users"], counts["users_failed"]], [3, 1], job)
      }
    })
  )
})
