/**
 * What is begun again after a conflict, how often, and when.
 */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Fiber, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { isConflict, isConflictOrFence, retryOnConflict } from "../../src/ports/RetryOnConflict.ts"
import { Conflict, Fenced, StoreError, StoreUnavailable } from "../../src/ports/Store.ts"

const errorOf = (reason: StoreError["reason"]) => new StoreError({ operation: "commit", reason })
const conflict = errorOf(new Conflict())
const fenced = errorOf(new Fenced())
const down = errorOf(new StoreUnavailable({ message: "down" }))

const contention = {
  isConflict,
  attemptsMax: 4,
  pauses: Schedule.modifyDelay(Schedule.forever, ({ attempt }) => Effect.succeed(Duration.millis(2 * attempt)))
}

/** When each attempt was made that fails so, and what the whole failed with. */
const attemptsAt = Effect.fnUntraced(function* (failure: StoreError) {
  const at: Array<number> = []
  const attempt = Effect.andThen(
    Effect.map(Clock.currentTimeMillis, (now) => at.push(now)),
    Effect.fail(failure)
  )
  const failing = yield* Effect.forkChild(Effect.flip(retryOnConflict(attempt, contention)))
  yield* TestClock.adjust("1 minute")
  return { at, error: yield* Fiber.join(failing) }
})

describe("a retry on conflict", () => {
  it.effect("begins again while another was quicker, with its pauses, and then hands the conflict on", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* attemptsAt(conflict), { at: [0, 2, 6, 12], error: conflict })
    })
  )

  it.effect("repeats nothing that failed for another reason", () =>
    Effect.gen(function* () {
      for (const failure of [fenced, down]) {
        assert.deepStrictEqual((yield* attemptsAt(failure)).at.length, 1)
      }
    })
  )

  it("tells a conflict from a fence, and both from anything else", () => {
    const failures = [conflict, fenced, down, new Error("conflict"), null]
    assert.deepStrictEqual(failures.map(isConflict), [true, false, false, false, false])
    assert.deepStrictEqual(failures.map(isConflictOrFence), [true, true, false, false, false])
  })
})
