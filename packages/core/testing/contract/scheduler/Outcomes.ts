/**
 * The cases of the scheduler's contract about what is answered: an outcome for each schedule, whatever became of others.
 */
import { type Vitest, assert } from "@effect/vitest"
import { Effect, Result } from "effect"
import type { Scheduler } from "../../../src/ports/Scheduler.ts"
import { type Pace, bench, listOf } from "./Bench.ts"

/** Makes the adapter's clock refuse these from now on, whatever else it is given. */
export type Refuse<R> = (isRefused: (name: string) => boolean) => Effect.Effect<unknown, never, R>

export const outcomes = <R>(
  it: Vitest.MethodsNonLive<Scheduler | R>,
  pace: Pace,
  refuse: Refuse<Scheduler | R> | undefined
): void => {
  it.effect("A3: MUST answer for each schedule, in their order", () =>
    Effect.gen(function* () {
      const desk = yield* bench(pace)
      const two = [desk.schedule("one", desk.after(9000)), desk.schedule("two", desk.after(9000))]
      for (const answer of [desk.scheduler.put(two), desk.scheduler.cancel(two)])
        assert.deepStrictEqual((yield* answer).map(Result.isSuccess), [true, true])
      assert.deepStrictEqual([yield* desk.scheduler.put([]), yield* desk.scheduler.cancel([])], [[], []])
    })
  )

  it.effect.skipIf(refuse === undefined)(
    "A3: MUST put and cancel the others where one is refused, and say which it was (option: refuse)",
    () =>
      Effect.gen(function* () {
        const refusing = refuse ?? (() => Effect.void)
        const desk = yield* bench(pace)
        const all = ["one", "bad", "two"].map((label) => desk.schedule(label, desk.after(9000)))
        const [one, bad, two] = all
        yield* refusing((name) => name === bad?.name)
        const put = yield* desk.scheduler.put(all)
        assert.deepStrictEqual(put.map(Result.isSuccess), [true, false, true])
        const reasons = put.flatMap((each) => (Result.isFailure(each) ? [each.failure] : []))
        assert.deepStrictEqual(
          reasons.map(({ isRetryable, operation }) => [operation, isRetryable]),
          [["put", false]]
        )
        assert.sameDeepMembers(yield* listOf(desk), [one, two])
        yield* refusing((name) => name === two?.name)
        const cancelled = yield* desk.scheduler.cancel(all)
        assert.deepStrictEqual(cancelled.map(Result.isSuccess), [true, true, false])
        assert.deepStrictEqual(yield* listOf(desk), [two])
        yield* refusing(() => false)
        yield* desk.scheduler.cancel(all)
      })
  )
}
