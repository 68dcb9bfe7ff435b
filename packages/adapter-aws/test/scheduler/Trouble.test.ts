/**
 * EventBridge Scheduler and SQS in trouble: what meets one schedule or one message is that one's alone.
 */
import { Scheduler } from "@punctual/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { FakeAws, layerScheduler } from "../fake/VirtualAws.ts"
import { scheduleOf } from "./Kit.ts"

const hour = 3_600_000

const onFake = (options = {}) => Effect.provide(layerScheduler(options))

describe("one of many", () => {
  it.effect("A3: of 100 schedules one is refused: 99 are made, and it alone is told as refused", () =>
    Effect.gen(function* () {
      const scheduler = yield* Scheduler
      const aws = yield* FakeAws
      aws.refuse((name) => name.endsWith("bot_50"))
      const all = Array.from({ length: 100 }, (_, n) => scheduleOf(String(n), hour))
      const told = (yield* scheduler.put(all)).map((outcome) => Result.isSuccess(outcome))
      assert.deepStrictEqual(
        told,
        all.map((_, at) => at !== 50)
      )
      assert.lengthOf(aws.schedules(), 99)
    }).pipe(onFake())
  )
})
