/**
 * One request's time limit, whatever the handler under it does.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { callMillisUsual, makeAsk } from "../../src/client/AwsRetry.ts"
import { retryDynamo } from "../../src/dynamo/table/DynamoRetry.ts"

type Run = (signal: AbortSignal) => Promise<never>

const never = (told: Array<AbortSignal>) => (signal: AbortSignal) => {
  told.push(signal)
  return new Promise<never>(() => undefined)
}

describe("A1: a promise that never settles", () => {
  for (const [name, asked] of [
    ["Scheduler, SQS and SSM", (run: Run) => Effect.mapError(makeAsk()(run), ({ message }) => message)],
    ["DynamoDB", (run: Run) => Effect.mapError(retryDynamo(run), ({ message }) => message)]
  ] as const) {
    it.effect(`A1: ${name}: is given up after its limit, tried again, and told as out of reach`, () =>
      Effect.gen(function* () {
        const signals: Array<AbortSignal> = []
        const asking = yield* Effect.forkChild(Effect.flip(asked(never(signals))))
        yield* TestClock.adjust(callMillisUsual - 1)
        assert.deepStrictEqual(
          signals.map(({ aborted }) => aborted),
          [false]
        )
        yield* TestClock.adjust(1)
        assert.isTrue(signals[0]?.aborted)
        yield* TestClock.adjust("1 minute")
        const message = yield* Fiber.join(asking)
        assert.match(message, /no answer within 7000 ms/)
        // No repetition begins after 15 s of failing: three requests of 7 s, and the last that was begun in time.
        assert.isAtMost(signals.length, 4)
      })
    )
  }
})
