/**
 * The daily audit of the scheduler, both ways: what somebody else did to schedules is found, which no sweep can see.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { type BotId, Scheduler, Store } from "../../../src/index.ts"
import { SchedulerProbe } from "../../../testing/memory/SchedulerMemory.ts"
import { ask, connected, hour, layer, noon, row, settle, user, zoom } from "../Host.ts"

const names = ["One", "Two", "Three"]

/** Three meetings with a bot each, all as it should be. */
const sound = Effect.gen(function* () {
  const host = yield* connected
  const scheduler = yield* Scheduler
  for (const [at, subject] of names.entries())
    yield* host.control.create(host.calendarId, { subject, start: noon + (5 + at) * hour, joinUrl: zoom })
  yield* settle
  for (const subject of names) yield* host.punctual.schedule(user, ask((yield* row(subject)).event.id))
  const held = yield* Stream.runCollect(scheduler.list)
  assert.lengthOf(held, names.length)
  return { ...host, held, scheduler }
})

const heldAfter = Effect.flatMap(Scheduler, (scheduler) => Stream.runCollect(scheduler.list))

describe("the audit of schedules", () => {
  it.effect("finds nothing to do where all is as it should be", () =>
    Effect.gen(function* () {
      const { held, punctual } = yield* sound
      assert.deepStrictEqual(yield* punctual.auditSchedules, {
        held: 3,
        removed: 0,
        corrected: 0,
        restored: 0,
        failed: 0
      })
      assert.sameDeepMembers(yield* heldAfter, held)
    }).pipe(Effect.provide(layer))
  )

  it.effect("puts back what somebody deleted: the bot notes what was applied, and a sweep sees no fault", () =>
    Effect.gen(function* () {
      const { held, punctual } = yield* sound
      const probe = yield* SchedulerProbe
      for (const schedule of held.slice(0, 2)) yield* probe.lose(schedule)
      yield* punctual.sweep
      assert.lengthOf(yield* heldAfter, 1)
      assert.deepStrictEqual(yield* punctual.auditSchedules, {
        held: 1,
        removed: 0,
        corrected: 0,
        restored: 2,
        failed: 0
      })
      assert.sameDeepMembers(yield* heldAfter, held)
    }).pipe(Effect.provide(layer))
  )

  it.effect("takes out what is left behind: of a bot that is gone, of one that is nobody's", () =>
    Effect.gen(function* () {
      const { held, punctual, scheduler } = yield* sound
      const [one, two, three] = held
      if (one === undefined || two === undefined || three === undefined) return assert.fail("three are held")
      yield* punctual.removeBot(user, one.botId)
      // What was cancelled comes back by hand, and what never was.
      yield* scheduler.put([
        one,
        { ...two, group: "elsewhere" },
        { ...three, botId: "bot_nobody" as BotId, group: "x" }
      ])
      assert.deepStrictEqual(yield* punctual.auditSchedules, {
        held: 5,
        removed: 3,
        corrected: 0,
        restored: 0,
        failed: 0
      })
      assert.sameDeepMembers(yield* heldAfter, [two, three])
    }).pipe(Effect.provide(layer))
  )

  it.effect("puts right what was moved by hand", () =>
    Effect.gen(function* () {
      const { held, punctual, scheduler } = yield* sound
      const [one] = held
      if (one === undefined) return assert.fail("three are held")
      const probe = yield* SchedulerProbe
      yield* probe.lose(one)
      yield* scheduler.put([{ ...one, at: one.at + hour }])
      assert.deepStrictEqual(yield* punctual.auditSchedules, {
        held: 3,
        removed: 0,
        corrected: 1,
        restored: 0,
        failed: 0
      })
      assert.sameDeepMembers(yield* heldAfter, held)
    }).pipe(Effect.provide(layer))
  )

  it.effect("turns every page", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual, scheduler } = yield* connected.pipe(
        Effect.flatMap((host) => Effect.map(Scheduler, (scheduler) => ({ ...host, scheduler })))
      )
      const count = 130
      for (let at = 0; at < count; at++)
        yield* control.create(calendarId, { subject: `M ${at}`, start: noon + hour + at * 60_000, joinUrl: zoom })
      yield* settle
      yield* punctual.enableAuto(user, {})
      const store = yield* Store
      const all = yield* Stream.runCollect(scheduler.list)
      assert.lengthOf(all, count)
      assert.isTrue(
        (yield* store.bots({
          userId: user,
          status: "Scheduled",
          joinAfter: 0,
          limit: 100,
          place: null,
          backwards: false
        })).hasMore
      )
      const probe = yield* SchedulerProbe
      for (const schedule of all) yield* probe.lose(schedule)
      assert.strictEqual((yield* punctual.auditSchedules).restored, count)
      assert.sameDeepMembers(yield* heldAfter, all)
    }).pipe(Effect.provide(layer))
  )
})
