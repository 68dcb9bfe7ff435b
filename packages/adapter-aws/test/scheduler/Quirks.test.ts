/**
 * EventBridge Scheduler's quirks, each by its name, on a virtual clock.
 */
import { Scheduler, allDone } from "@punctual/core"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Queue, Stream } from "effect"
import { TestClock } from "effect/testing"
import { FakeAws, deadLetters, layerScheduler, queue, schedulerOn } from "../fake/VirtualAws.ts"
import { listening, runPending, scheduleOf } from "./Kit.ts"

const hour = 3_600_000
const minute = 60_000

const operations = Effect.map(FakeAws, (aws) => aws.asked().map(({ operation }) => operation))

const onFake = (options = {}) => Effect.provide(layerScheduler(options))

describe("create or replace", () => {
  it.effect("a group that is missing is made on demand, once", () =>
    Effect.gen(function* () {
      const scheduler = yield* Scheduler
      yield* scheduler.put([scheduleOf("1", hour)])
      yield* scheduler.put([scheduleOf("2", hour)])
      assert.deepStrictEqual(yield* operations, [
        "CreateSchedule",
        "CreateScheduleGroup",
        "CreateSchedule",
        "CreateSchedule"
      ])
      assert.strictEqual((yield* FakeAws).groups.get("teams").State, "ACTIVE")
    }).pipe(onFake())
  )

  it.effect("an update replaces every field: what is held is what a create would have made", () =>
    Effect.gen(function* () {
      const scheduler = yield* Scheduler
      const aws = yield* FakeAws
      yield* scheduler.put([scheduleOf("1", hour)])
      const [created] = aws.schedules()
      yield* scheduler.put([scheduleOf("1", 2 * hour, 2)])
      const [updated] = aws.schedules()
      assert.include(yield* operations, "UpdateSchedule")
      assert.lengthOf(aws.schedules(), 1)
      for (const field of [
        "State",
        "ActionAfterCompletion",
        "ScheduleExpressionTimezone",
        "FlexibleTimeWindow"
      ] as const)
        assert.deepStrictEqual(updated?.[field], created?.[field], field)
      const { Input: _, ...target } = updated?.Target ?? { Arn: "", RoleArn: "" }
      const { Input: __, ...before } = created?.Target ?? { Arn: "", RoleArn: "" }
      assert.deepStrictEqual(target, before)
      assert.strictEqual(updated?.ActionAfterCompletion, "DELETE")
    }).pipe(onFake())
  )

  it.effect("a create that finds one there updates it; an update that finds none there creates it", () =>
    Effect.gen(function* () {
      const aws = yield* FakeAws
      const other = yield* Effect.provide(Scheduler, schedulerOn(aws))
      const scheduler = yield* Scheduler
      yield* other.put([scheduleOf("1", hour, 1)])
      yield* scheduler.put([scheduleOf("1", 2 * hour, 1)])
      assert.strictEqual(aws.schedules()[0]?.ScheduleExpression, "at(1970-01-01T01:59:00)")
      aws.removeSchedule("bot-usr_1-bot_1", "teams")
      yield* scheduler.put([scheduleOf("1", 3 * hour, 2)])
      assert.strictEqual(aws.schedules()[0]?.ScheduleExpression, "at(1970-01-01T02:59:00)")
    }).pipe(Effect.scoped, onFake())
  )

  it.live("conflict and not-found that take turns end as unavailable, which is tried again later", () =>
    Effect.gen(function* () {
      const scheduler = yield* Scheduler
      const aws = yield* FakeAws
      const [conflict, missing] = ["ConflictException", "ResourceNotFoundException"].map((name, at) => ({
        operation: at === 0 ? "CreateSchedule" : "GetSchedule",
        times: 10,
        effect: { kind: "error" as const, name, status: at === 0 ? 409 : 404 }
      }))
      if (conflict !== undefined && missing !== undefined) aws.addFaults(conflict, missing)
      const error = yield* Effect.flip(
        allDone(scheduler.put([scheduleOf("1", (yield* Clock.currentTimeMillis) + hour)]))
      )
      assert.strictEqual(error.reason._tag, "SchedulerUnavailable")
      assert.isTrue(error.isRetryable)
      assert.isAtMost((yield* operations).length, 12)
    }).pipe(onFake())
  )

  it.effect("an older revision changes nothing, whichever process puts it", () =>
    Effect.gen(function* () {
      const aws = yield* FakeAws
      const other = yield* Effect.provide(Scheduler, schedulerOn(aws))
      const scheduler = yield* Scheduler
      yield* scheduler.put([scheduleOf("1", 2 * hour, 5)])
      yield* other.put([scheduleOf("1", hour, 4)])
      yield* other.cancel([scheduleOf("1", hour, 4)])
      assert.deepStrictEqual(
        aws.schedules().map(({ ScheduleExpression }) => ScheduleExpression),
        ["at(1970-01-01T01:59:00)"]
      )
    }).pipe(Effect.scoped, onFake())
  )

  it.effect("a group on its way out is trouble, not refusal; once it is gone it is made again", () =>
    Effect.gen(function* () {
      const scheduler = yield* Scheduler
      const aws = yield* FakeAws
      yield* scheduler.put([scheduleOf("1", hour)])
      aws.groups.remove("teams", () => undefined)
      const error = yield* Effect.flip(allDone(scheduler.put([scheduleOf("2", hour)])))
      assert.strictEqual(error.reason._tag, "SchedulerUnavailable")
      yield* TestClock.adjust("10 seconds")
      yield* scheduler.put([scheduleOf("2", hour)])
      assert.include(
        aws.schedules().map(({ Name }) => Name),
        "bot-usr_1-bot_2"
      )
    }).pipe(onFake())
  )

  it.effect("a used-up quota (402) and a validation error (400) are refusals: asking again is of no use", () =>
    Effect.gen(function* () {
      const scheduler = yield* Scheduler
      const aws = yield* FakeAws
      aws.configure({ schedulesMax: 0 })
      const quota = yield* Effect.flip(allDone(scheduler.put([scheduleOf("1", hour)])))
      assert.deepStrictEqual([quota.reason._tag, quota.isRetryable], ["SchedulerRefused", false])
      aws.addFaults({ operation: "*", effect: { kind: "error", name: "ValidationException", status: 400 } })
      const invalid = yield* Effect.flip(allDone(scheduler.put([scheduleOf("1", hour)])))
      assert.strictEqual(invalid.reason._tag, "SchedulerRefused")
    }).pipe(onFake())
  )
})

describe("the audit's list", () => {
  it.effect(
    "tells instants and revisions, which summaries do not, page by page, and passes others' schedules over",
    () =>
      Effect.gen(function* () {
        const scheduler = yield* Scheduler
        const aws = yield* FakeAws
        const all = Array.from({ length: 130 }, (_, n) => scheduleOf(String(n), hour + n * minute, (n % 3) + 1))
        yield* scheduler.put(all.slice(0, 100))
        yield* scheduler.put(all.slice(100))
        const elsewhere = aws.schedules()[0]
        aws.queues.add("another", undefined)
        assert.sameDeepMembers(yield* Stream.runCollect(scheduler.list), all)
        const lists = aws.asked().filter(({ operation }) => operation === "ListSchedules")
        assert.lengthOf(lists, 2)
        assert.isDefined(elsewhere)
      }).pipe(onFake())
  )
})

describe("precision of a minute", () => {
  for (const late of [0, 1, 30_000, 59_999]) {
    it.effect(`never early, never late, when the minute's schedule fires ${late} ms into it`, () =>
      Effect.gen(function* () {
        const scheduler = yield* Scheduler
        const heard = yield* listening()
        const instants = [5 * minute, 7 * minute + 1, 9 * minute + 30_000, 11 * minute + 59_999, 13 * minute + 999]
        yield* scheduler.put(instants.map((at, n) => scheduleOf(String(n), at)))
        for (let at = minute / 2; at <= 15 * minute; at += minute / 2) {
          yield* TestClock.setTime(at)
          yield* runPending
        }
        const all = yield* Queue.clear(heard)
        assert.lengthOf(all, instants.length)
        for (const { at, fire } of all) {
          assert.isAtLeast(at, fire.at, fire.name)
          assert.isAtMost(at, fire.at + minute / 2, "the step in which its time came")
        }
      }).pipe(Effect.scoped, onFake({ latenessMillis: () => late }))
    )
  }

  it.effect("an early message goes back out of sight, so that it outlives the process that received it", () =>
    Effect.gen(function* () {
      const aws = yield* FakeAws
      const scheduler = yield* Scheduler
      yield* scheduler.put([scheduleOf("1", 5 * minute)])
      yield* Effect.scoped(
        Effect.gen(function* () {
          const heard = yield* listening()
          yield* TestClock.setTime(4 * minute + 1_000)
          yield* runPending
          assert.lengthOf(yield* Queue.clear(heard), 0)
        })
      )
      assert.include(yield* operations, "ChangeMessageVisibilityBatch")
      assert.lengthOf(aws.queues.bodies(queue), 1)
      const heard = yield* listening()
      yield* TestClock.setTime(5 * minute)
      yield* runPending
      const [only] = yield* Queue.clear(heard)
      assert.strictEqual(only?.fire.at, 5 * minute)
    }).pipe(Effect.scoped, onFake())
  )

  it.effect(
    "what is due too soon for EventBridge goes into the queue, and never asks for an instant that has passed",
    () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(hour + 30_000)
        const scheduler = yield* Scheduler
        const heard = yield* listening()
        yield* scheduler.put([
          scheduleOf("past", minute),
          scheduleOf("now", hour + 30_000),
          scheduleOf("soon", hour + 90_500),
          scheduleOf("close", hour + 2 * minute - 1)
        ])
        assert.notInclude(yield* operations, "CreateSchedule")
        yield* runPending
        assert.lengthOf(yield* Queue.clear(heard), 2)
        yield* TestClock.setTime(hour + 90_499)
        yield* runPending
        assert.lengthOf(yield* Queue.clear(heard), 0)
        yield* TestClock.setTime(hour + 2 * minute)
        yield* runPending
        assert.lengthOf(yield* Queue.clear(heard), 2)
      }).pipe(Effect.scoped, onFake())
  )
})

describe("delivered at least once", () => {
  it.effect("twice or thrice: each is told, each can be confirmed, and the store will know", () =>
    Effect.gen(function* () {
      const scheduler = yield* Scheduler
      const heard = yield* listening()
      yield* scheduler.put([scheduleOf("1", 5 * minute)])
      yield* TestClock.setTime(5 * minute)
      yield* runPending
      assert.lengthOf(yield* Queue.clear(heard), 3)
      assert.lengthOf((yield* FakeAws).queues.bodies(queue), 0)
      assert.lengthOf(yield* Stream.runCollect(scheduler.list), 0)
    }).pipe(Effect.scoped, onFake({ deliveries: () => 3 }))
  )

  it.effect("a schedule that fires after it was moved or cancelled, since what fires lags, is dropped", () =>
    Effect.gen(function* () {
      const scheduler = yield* Scheduler
      const heard = yield* listening()
      yield* scheduler.put([scheduleOf("moved", 5 * minute, 1), scheduleOf("gone", 5 * minute, 1)])
      yield* TestClock.setTime(4 * minute - 1_000)
      yield* scheduler.put([scheduleOf("moved", hour, 2)])
      yield* scheduler.cancel([scheduleOf("gone", 5 * minute, 1)])
      yield* TestClock.setTime(10 * minute)
      yield* runPending
      const aws = yield* FakeAws
      assert.lengthOf(aws.fired(), 2)
      assert.lengthOf(yield* Queue.clear(heard), 0)
      assert.lengthOf(aws.queues.bodies(queue), 0)
    }).pipe(Effect.scoped, onFake({ lagMillis: minute }))
  )

  it.effect("nothing is deleted before it is confirmed; ten at a time become one batch in order", () =>
    Effect.gen(function* () {
      const scheduler = yield* Scheduler
      const heard = yield* listening(false)
      const now = yield* Clock.currentTimeMillis
      yield* scheduler.put(Array.from({ length: 35 }, (_, n) => scheduleOf(String(n), now - ((n * 7) % 35) * 1_000)))
      yield* runPending
      const all = yield* Queue.clear(heard)
      assert.lengthOf(all, 35)
      assert.lengthOf((yield* FakeAws).queues.bodies(queue), 35)
      for (const { fire } of all) yield* fire.done
      assert.lengthOf((yield* FakeAws).queues.bodies(queue), 0)
    }).pipe(Effect.scoped, onFake())
  )

  it.effect("what is not understood is left to the dead letters, and harms nothing else", () =>
    Effect.gen(function* () {
      const aws = yield* FakeAws
      const scheduler = yield* Scheduler
      const heard = yield* listening()
      aws.queues.deliver(aws.queues.arnOf(queue), "who goes there")
      yield* scheduler.put([scheduleOf("1", minute)])
      for (let at = minute; at < 6 * minute; at += minute) {
        yield* TestClock.setTime(at)
        yield* runPending
      }
      assert.lengthOf(yield* Queue.clear(heard), 1)
      assert.deepStrictEqual(aws.queues.bodies(deadLetters), ["who goes there"])
    }).pipe(Effect.scoped, onFake({ receivesMax: 3 }))
  )
})
