/**
 * One request's time limit, whatever the handler under it does.
 */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { awsFailure } from "../../src/client/AwsFailure.ts"
import { callMillisUsual, makeAsk } from "../../src/client/AwsRetry.ts"
import { retryDynamo } from "../../src/dynamo/table/DynamoRetry.ts"
import { tableError } from "../../src/dynamo/table/TableError.ts"

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

describe("A11: what passes", () => {
  for (const name of [
    "ExpiredTokenException",
    "ExpiredToken",
    "CredentialsProviderError",
    "InvalidSignatureException",
    "UnrecognizedClientException"
  ]) {
    it(`A11: ${name} is no refusal of what was asked, but trouble that passes`, () => {
      const thrown = Object.assign(new Error("expired"), { name })
      assert.deepInclude(awsFailure(thrown), { kind: "unavailable", isRetryable: true })
      assert.isTrue(tableError(thrown).isRetryable)
    })
  }

  const inProgress = Object.assign(new Error("in progress"), { name: "TransactionInProgressException" })

  it.effect("A11: a transaction in progress is looked at once more after five seconds", () =>
    Effect.gen(function* () {
      const began = yield* Clock.currentTimeMillis
      let isOver = false
      const asking = yield* Effect.forkChild(
        retryDynamo(() => (isOver ? Promise.resolve(1) : Promise.reject(inProgress)))
      )
      yield* letPass(5_000)
      isOver = true
      yield* letPass(6_000)
      assert.strictEqual(yield* Fiber.join(asking), 1)
      assert.isAtLeast((yield* Clock.currentTimeMillis) - began, 5_000)
    })
  )

  it.effect("A11: for ever in progress, it is told after two such looks", () =>
    Effect.gen(function* () {
      const asking = yield* Effect.forkChild(Effect.flip(retryDynamo(() => Promise.reject(inProgress))))
      yield* letPass(30_000)
      assert.strictEqual((yield* Fiber.join(asking)).kind, "in_progress")
    })
  )
})

/** In steps, since a promise among what waits is settled between them. */
const letPass = (millis: number) =>
  Effect.repeat(Effect.andThen(TestClock.adjust(100), Effect.repeat(Effect.yieldNow, { times: 5 })), {
    times: millis / 100
  })
