/**
 * EventBridge Scheduler and SQS in trouble: what meets one schedule or one message is that one's alone.
 */
import { Scheduler, allDone } from "@punctual/core"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Queue, Result } from "effect"
import { FakeAws, layerScheduler, queue, schedulerOn } from "../fake/VirtualAws.ts"
import { textOf } from "../../src/scheduler/Alarm.ts"
import { listening, scheduleOf } from "./Kit.ts"

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

describe("one message that can't be hidden or deleted", () => {
  /** A message that EventBridge put there, as a schedule. */
  const deliver = (label: string, at: number) =>
    Effect.map(FakeAws, (aws) => aws.queues.deliver(aws.queues.arnOf(queue), textOf(scheduleOf(label, at))))

  const denied = { kind: "error", name: "AccessDeniedException", status: 400 } as const

  it.live("A10: what can't be put out of sight is held here, and comes to its time; others come meanwhile", () =>
    Effect.gen(function* () {
      const aws = yield* FakeAws
      const heard = yield* listening()
      const at = (yield* Clock.currentTimeMillis) + 1_500
      aws.addFaults({ operation: "ChangeMessageVisibilityBatch", effect: denied })
      yield* deliver("early", at)
      yield* Effect.sleep(200)
      yield* deliver("now", at - 1_500)
      assert.strictEqual((yield* Queue.take(heard)).fire.botId, scheduleOf("now", 0).botId)
      const early = yield* Queue.take(heard)
      assert.strictEqual(early.fire.botId, scheduleOf("early", 0).botId)
      assert.isAtLeast(early.at, at)
      assert.isBelow(early.at, at + 1_000)
    }).pipe(Effect.scoped, onFake())
  )

  it.live("A10: one entry of a batch that fails is asked for again, alone", () =>
    Effect.gen(function* () {
      const aws = yield* FakeAws
      const scheduler = yield* Scheduler
      const heard = yield* listening(false)
      const now = yield* Clock.currentTimeMillis
      yield* allDone(scheduler.put(Array.from({ length: 10 }, (_, n) => scheduleOf(String(n), now))))
      const fires = yield* Queue.takeN(heard, 10)
      aws.addFaults({ operation: "DeleteMessageBatch", effect: { kind: "entry", name: "InternalError" }, times: 2 })
      yield* Effect.forEach(fires, ({ fire }) => fire.done, { concurrency: "unbounded" })
      assert.lengthOf(aws.queues.bodies(queue), 0)
      assert.isAtMost(aws.asked().filter(({ operation }) => operation === "DeleteMessageBatch").length, 6)
    }).pipe(Effect.scoped, onFake())
  )

  it.live("A10: a stale message that can't be deleted ends nothing", () =>
    Effect.gen(function* () {
      const aws = yield* FakeAws
      const scheduler = yield* Scheduler
      const heard = yield* listening()
      const now = yield* Clock.currentTimeMillis
      yield* allDone(scheduler.put([scheduleOf("moved", now + hour, 2)]))
      aws.addFaults({ operation: "DeleteMessageBatch", effect: denied })
      yield* deliver("moved", now)
      yield* Effect.sleep(100)
      yield* deliver("next", now)
      assert.strictEqual((yield* Queue.take(heard)).fire.botId, scheduleOf("next", 0).botId)
    }).pipe(Effect.scoped, onFake())
  )
})
