/**
 * Bringing the scheduler in line when it takes some schedules and not others: each bot by itself.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Scheduler, Store } from "../../../src/index.ts"
import { SchedulerProbe } from "../../../testing/memory/SchedulerMemory.ts"
import { connected, hour, layer, minute, noon, settle, user, zoom } from "../Host.ts"

/** So many meetings with a bot each; the scheduler refuses what it is asked to refuse from the start. */
const meetings = (count: number, isRefused: (at: number) => boolean) =>
  Effect.gen(function* () {
    const host = yield* connected
    const probe = yield* SchedulerProbe
    const store = yield* Store
    yield* probe.refuse(() => true)
    for (let at = 0; at < count; at++)
      yield* host.control.create(host.calendarId, {
        subject: `M ${at}`,
        start: noon + 5 * hour + at * minute,
        joinUrl: zoom
      })
    yield* settle
    yield* host.punctual.enableAuto(user, {})
    const bots = yield* store.unapplied(count + 1)
    assert.lengthOf(bots, count)
    const bad = new Set(bots.filter((_, at) => isRefused(at)).map(({ bot }) => bot.schedule.name))
    yield* probe.refuse(({ name }) => bad.has(name))
    // What was refused when all of them were is worth another try.
    yield* TestClock.adjust("2 minutes")
    return { ...host, bad, probe, store, scheduler: yield* Scheduler }
  })

describe("A3: of many schedules some are refused", () => {
  it.effect("A3: one of 100 stops no other, and is tried again alone", () =>
    Effect.gen(function* () {
      const { bad, probe, punctual, scheduler, store } = yield* meetings(100, (at) => at === 50)
      yield* punctual.sweep
      assert.lengthOf(yield* Stream.runCollect(scheduler.list), 99)
      const behind = yield* store.unapplied(200)
      assert.deepStrictEqual(
        behind.map(({ bot }) => bot.schedule.name),
        [...bad]
      )
      // Not at once again: it waits, and nothing is asked for it meanwhile.
      yield* probe.refuse(() => false)
      assert.strictEqual((yield* punctual.sweep).schedulesApplied, 0)
      yield* TestClock.adjust("4 minutes")
      assert.strictEqual((yield* punctual.sweep).schedulesApplied, 1)
      assert.deepStrictEqual(yield* store.unapplied(200), [])
    }).pipe(Effect.provide(layer))
  )

  it.effect("A3: a whole page of refused ones does not stand before those behind it", () =>
    Effect.gen(function* () {
      // The sweep looks at 500 at once.
      const { punctual, scheduler } = yield* meetings(520, (at) => at < 500)
      for (let sweeps = 0; sweeps < 2; sweeps++) yield* punctual.sweep
      assert.lengthOf(yield* Stream.runCollect(scheduler.list), 20)
    }).pipe(Effect.provide(layer))
  )

  it.effect("A3: the audit goes on behind one that is refused, and counts it", () =>
    Effect.gen(function* () {
      const { bad, probe, punctual, scheduler } = yield* meetings(20, (at) => at === 3)
      yield* probe.refuse(() => false)
      yield* TestClock.adjust("4 minutes")
      yield* punctual.sweep
      const held = yield* Stream.runCollect(scheduler.list)
      assert.lengthOf(held, 20)
      for (const schedule of held) yield* probe.lose(schedule)
      yield* probe.refuse(({ name }) => bad.has(name))
      const counts = yield* punctual.auditSchedules
      assert.deepStrictEqual(counts, { held: 0, removed: 0, corrected: 0, restored: 19, failed: 1 })
      assert.lengthOf(yield* Stream.runCollect(scheduler.list), 19)
    }).pipe(Effect.provide(layer))
  )
})
