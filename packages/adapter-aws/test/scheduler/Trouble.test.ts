/**
 * EventBridge Scheduler and SQS in trouble: what meets one schedule or one message is that one's alone.
 */
import { Scheduler, allDone } from "@punctual/core"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Result } from "effect"
import { FakeAws, layerScheduler, schedulerOn } from "../fake/VirtualAws.ts"
import { scheduleOf } from "./Kit.ts"

const hour = 3_600_000
const minute = 60_000

const onFake = (options = {}) => Effect.provide(layerScheduler(options))

describe("two processes write one schedule at once", () => {
  it.live("A4: a conflict is another turn: both get through, and the newer revision is what is held", () =>
    Effect.gen(function* () {
      const aws = yield* FakeAws
      const [one, other] = [yield* Scheduler, yield* Effect.provide(Scheduler, schedulerOn(aws))]
      const at = (yield* Clock.currentTimeMillis) + hour
      const all = (revision: number) =>
        Array.from({ length: 100 }, (_, n) => scheduleOf(String(n), at + revision * minute, revision))
      yield* allDone(one.put(all(1)))
      aws.configure({ conflictMillis: 10 })
      const answers = yield* Effect.all([one.put(all(2)), other.put(all(3))], { concurrency: 2 })
      assert.isTrue(answers.flat().every(Result.isSuccess))
      const held = aws.schedules().map(({ Target }) => JSON.parse(Target.Input ?? "").revision)
      assert.deepStrictEqual(
        held,
        all(3).map(({ revision }) => revision)
      )
      yield* Effect.all([allDone(one.cancel(all(3))), allDone(other.cancel(all(3)))], { concurrency: 2 })
      assert.lengthOf(aws.schedules(), 0)
    }).pipe(Effect.scoped, onFake())
  )

  for (const operation of ["UpdateSchedule", "DeleteSchedule"]) {
    it.live(`A4: ${operation} that conflicts twice is asked again; for ever, it is told as out of reach`, () =>
      Effect.gen(function* () {
        const aws = yield* FakeAws
        const scheduler = yield* Scheduler
        const schedule = scheduleOf("1", (yield* Clock.currentTimeMillis) + hour, 2)
        const conflict = { operation, effect: { kind: "error", name: "ConflictException", status: 409 } } as const
        const isUpdate = operation === "UpdateSchedule"
        const write = (revision: number) =>
          allDone(isUpdate ? scheduler.put([{ ...schedule, revision }]) : scheduler.cancel([{ ...schedule, revision }]))
        yield* allDone(scheduler.put([schedule]))
        aws.addFaults({ ...conflict, times: 2 })
        yield* write(3)
        assert.lengthOf(aws.schedules(), isUpdate ? 1 : 0)
        yield* allDone(scheduler.put([{ ...schedule, revision: 4 }]))
        aws.addFaults({ ...conflict, times: 99 })
        const { isRetryable, reason } = yield* Effect.flip(write(5))
        assert.deepStrictEqual([reason._tag, isRetryable], ["SchedulerUnavailable", true])
      }).pipe(onFake())
    )
  }
})

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
