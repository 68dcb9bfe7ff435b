/**
 * The contract of the Scheduler port: what every adapter passes, whatever its alarm clock.
 *
 * States the laws of the port's docstring as cases. They run on a virtual clock and move it, unless told
 * `{ time: "live" }`: then they wait on the stream of fires, a second or so each. An adapter that sets timers of its own, or
 * asks a server, keeps the machine's time and is given live; on the virtual clock its fires would come decades early, and
 * the suite says so.
 */
import { assert, it } from "@effect/vitest"
import { type Duration, type Layer, Effect } from "effect"
import type { Schedule, Scheduler } from "../../src/ports/Scheduler.ts"
import { type Bench, type Pace, bench, listOf, listen, scheduleOf } from "./scheduler/Bench.ts"
import { ahead } from "./scheduler/Ahead.ts"
import { type Refuse, outcomes } from "./scheduler/Outcomes.ts"
import { type Cases, patient } from "./scheduler/Patience.ts"

export interface Options<R> extends Partial<Pace> {
  /** How soon a fire that nobody confirmed comes again; null: too late to wait for. */
  readonly redeliversWithinMillis?: number | null
  /** Left out: the case about one refused among others is skipped; an adapter that does all or none has no such case. */
  readonly refuse?: Refuse<R>
  readonly setupTimeout?: Duration.Input
}

export const suite = <R, E>(
  name: string,
  layer: Layer.Layer<Scheduler | R, E>,
  options: Options<Scheduler | R> = {}
): void => {
  const { momentMillis = 400, redeliversWithinMillis = null, setupTimeout = "1 minute", time = "test" } = options
  it.layer(layer, { timeout: setupTimeout, excludeTestServices: time === "live" })(
    `Scheduler contract (${name})`,
    (it) => {
      const { cases, pace } = patient(it, { time, momentMillis })
      delivery(cases, pace)
      replacement(cases, pace)
      confirmation(cases, pace)
      redelivery(cases, pace, redeliversWithinMillis)
      ahead(cases, pace)
      outcomes(it, pace, options.refuse)
    }
  )
}

const delivery = (it: Cases, pace: Pace): void => {
  it.effect("MUST deliver a schedule as it was put, never before its instant", () =>
    Effect.gen(function* () {
      const desk = yield* bench(pace)
      const { received, next } = yield* listen(desk)
      const one = desk.schedule("one", desk.after(1) + 1)
      yield* desk.scheduler.put([one])
      yield* desk.reach(earliest(desk, one) - 1)
      assert.deepStrictEqual(yield* received, [])
      yield* desk.reach(one.at)
      const { at, fire } = yield* next
      assert.isAtLeast(at, earliest(desk, one))
      assert.deepStrictEqual(scheduleOf(fire), one)
    })
  )

  it.effect("MUST deliver at once what is due already", () =>
    Effect.gen(function* () {
      const desk = yield* bench(pace)
      const { next } = yield* listen(desk)
      yield* desk.scheduler.put([desk.schedule("past", desk.start - 86_400_000)])
      assert.strictEqual((yield* next).fire.name, desk.schedule("past", 0).name)
    })
  )

  it.effect("MUST deliver what was put before anybody listened", () =>
    Effect.gen(function* () {
      const desk = yield* bench(pace)
      const one = desk.schedule("one", desk.after(1))
      yield* desk.scheduler.put([one])
      yield* desk.reach(desk.after(2))
      const { next } = yield* listen(desk)
      assert.deepStrictEqual(scheduleOf((yield* next).fire), one)
    })
  )

  it.effect("MUST deliver everything that is due, soonest first", () =>
    Effect.gen(function* () {
      const desk = yield* bench(pace)
      const count = Math.min(desk.scheduler.capabilities.putMax, 30)
      const { precisionMillis } = desk.scheduler.capabilities
      const schedules = Array.from({ length: count }, (_, n) =>
        desk.schedule(`n${n}`, desk.start - ((n * 7) % count) * precisionMillis - precisionMillis)
      )
      yield* desk.scheduler.put(schedules)
      const { next } = yield* listen(desk)
      const received = yield* Effect.all(schedules.map(() => next))
      const instants = received.map(({ fire }) => fire.at)
      assert.sameMembers(
        received.map(({ fire }) => fire.name),
        schedules.map((schedule) => schedule.name)
      )
      assert.deepStrictEqual(
        instants,
        instants.toSorted((a, b) => a - b)
      )
    })
  )
}

const replacement = (it: Cases, pace: Pace): void => {
  it.effect("MUST replace a schedule by name and group, with a later instant or a sooner one", () =>
    Effect.gen(function* () {
      const desk = yield* bench(pace)
      const { until } = yield* listen(desk)
      const last = desk.schedule("last", desk.after(4))
      yield* desk.scheduler.put([desk.schedule("later", desk.after(1), 1), desk.schedule("sooner", desk.after(900), 1)])
      yield* desk.scheduler.put([desk.schedule("later", desk.after(3), 2), desk.schedule("sooner", desk.after(2), 2)])
      yield* desk.scheduler.put([last])
      yield* desk.reach(last.at)
      const received = (yield* until(last)).map(({ fire }) => [fire.botId, fire.revision, fire.at])
      assert.deepStrictEqual(received, [
        ["bot_sooner", 2, desk.after(2)],
        ["bot_later", 2, desk.after(3)],
        ["bot_last", 1, last.at]
      ])
    })
  )

  it.effect("MUST change nothing by a put with a lower revision", () =>
    Effect.gen(function* () {
      const desk = yield* bench(pace)
      const { until } = yield* listen(desk)
      const last = desk.schedule("last", desk.after(4))
      yield* desk.scheduler.put([last, desk.schedule("one", desk.after(3), 5)])
      yield* desk.scheduler.put([desk.schedule("one", desk.after(1), 4)])
      yield* desk.reach(last.at)
      const received = (yield* until(last)).map(({ fire }) => [fire.revision, fire.at])
      assert.deepStrictEqual(received, [
        [5, desk.after(3)],
        [1, last.at]
      ])
    })
  )

  it.effect("MUST hold one name in two groups as two schedules", () =>
    Effect.gen(function* () {
      const desk = yield* bench(pace)
      const { next } = yield* listen(desk)
      const one = desk.schedule("one", desk.after(1))
      yield* desk.scheduler.put([one, { ...one, group: "teams" }])
      yield* desk.reach(one.at)
      const groups = [(yield* next).fire.group, (yield* next).fire.group]
      assert.sameMembers(groups, ["zoom", "teams"])
    })
  )

  it.effect("MUST deliver once what was put twice", () =>
    Effect.gen(function* () {
      const desk = yield* bench(pace)
      const { until } = yield* listen(desk)
      const one = desk.schedule("one", desk.after(1))
      const last = desk.schedule("last", desk.after(2))
      yield* desk.scheduler.put([one])
      yield* desk.scheduler.put([one, last])
      yield* desk.reach(last.at)
      assert.lengthOf(yield* until(last), 2)
    })
  )

  it.effect("MUST deliver nothing that was cancelled, and tolerate the cancelling of what is not there", () =>
    Effect.gen(function* () {
      const desk = yield* bench(pace)
      const { until } = yield* listen(desk)
      const last = desk.schedule("last", desk.after(3))
      const gone = desk.schedule("gone", desk.after(2))
      yield* desk.scheduler.put([gone, last])
      yield* desk.scheduler.cancel([gone, desk.schedule("never there", 0)])
      yield* desk.scheduler.cancel([gone])
      yield* desk.scheduler.cancel([])
      yield* desk.reach(last.at)
      assert.deepStrictEqual(
        (yield* until(last)).map(({ fire }) => fire.botId),
        [last.botId]
      )
    })
  )

  it.effect("MUST keep what was put since, when an older revision is cancelled late", () =>
    Effect.gen(function* () {
      const desk = yield* bench(pace)
      const { next } = yield* listen(desk)
      const old = desk.schedule("one", desk.after(1), 1)
      const young = desk.schedule("one", desk.after(2), 3)
      yield* desk.scheduler.put([old])
      yield* desk.scheduler.put([young])
      yield* desk.scheduler.cancel([{ ...old, revision: 2 }])
      yield* desk.reach(young.at)
      assert.deepStrictEqual(scheduleOf((yield* next).fire), young)
    })
  )
}

const confirmation = (it: Cases, pace: Pace): void => {
  it.effect("MUST list what it holds: neither what was cancelled nor what is done", () =>
    Effect.gen(function* () {
      const desk = yield* bench(pace)
      const { next } = yield* listen(desk, "by itself")
      const [held, gone, done] = [
        desk.schedule("held", desk.after(9000), 2),
        desk.schedule("gone", desk.after(9000)),
        desk.schedule("done", desk.start)
      ]
      yield* desk.scheduler.put([held, gone])
      assert.sameDeepMembers(yield* listOf(desk), [held, gone])
      yield* desk.scheduler.cancel([gone])
      yield* desk.scheduler.put([done])
      yield* (yield* next).fire.done
      assert.deepStrictEqual(yield* listOf(desk), [held])
      yield* desk.scheduler.cancel([held])
    })
  )

  it.effect("MUST deliver a schedule anew that is put again once it is done", () =>
    Effect.gen(function* () {
      const desk = yield* bench(pace)
      const { next } = yield* listen(desk, "by itself")
      yield* desk.scheduler.put([desk.schedule("one", desk.start, 1)])
      yield* (yield* next).fire.done
      const again = desk.schedule("one", desk.after(1), 2)
      yield* desk.scheduler.put([again])
      yield* desk.reach(again.at)
      assert.deepStrictEqual(scheduleOf((yield* next).fire), again)
    })
  )

  it.effect("MUST keep what was put since, when an older fire is done late", () =>
    Effect.gen(function* () {
      const desk = yield* bench(pace)
      const { next } = yield* listen(desk, "by itself")
      yield* desk.scheduler.put([desk.schedule("one", desk.start, 1)])
      const late = yield* next
      const again = desk.schedule("one", desk.after(1), 2)
      yield* desk.scheduler.put([again])
      yield* late.fire.done
      yield* desk.reach(again.at)
      assert.deepStrictEqual(scheduleOf((yield* next).fire), again)
    })
  )

  it.effect("MUST tolerate that a fire is done twice", () =>
    Effect.gen(function* () {
      const desk = yield* bench(pace)
      const { next } = yield* listen(desk, "by itself")
      yield* desk.scheduler.put([desk.schedule("one", desk.start)])
      const { fire } = yield* next
      yield* fire.done
      yield* fire.done
      assert.deepStrictEqual(yield* listOf(desk), [])
    })
  )
}

const redelivery = (it: Cases, pace: Pace, withinMillis: number | null): void => {
  const cases = it.skipIf(withinMillis === null)
  const within = withinMillis ?? 0

  cases("MUST deliver again what nobody has confirmed, to another listener too (option: redeliversWithinMillis)", () =>
    Effect.gen(function* () {
      const desk = yield* bench(pace)
      const one = desk.schedule("one", desk.start)
      yield* desk.scheduler.put([one])
      const first = yield* Effect.scoped(Effect.flatMap(listen(desk, "by itself"), ({ next }) => next))
      const { next } = yield* listen(desk, "by itself")
      yield* desk.reach(first.at + within)
      const second = yield* next
      assert.deepStrictEqual(scheduleOf(second.fire), one)
      yield* second.fire.done
    })
  )

  cases("MUST not deliver again what is done (option: redeliversWithinMillis)", () =>
    Effect.gen(function* () {
      const desk = yield* bench(pace)
      const { next, until } = yield* listen(desk, "by itself")
      yield* desk.scheduler.put([desk.schedule("one", desk.start)])
      const { at, fire } = yield* next
      yield* fire.done
      const last = desk.schedule("last", Math.max(at + within + 1, desk.after(1)))
      yield* desk.scheduler.put([last])
      yield* desk.reach(last.at)
      assert.lengthOf(yield* until(last), 1)
    })
  )
}

/** The first instant at which a schedule may be delivered. */
const earliest = (desk: Bench, schedule: Schedule): number => {
  const { precisionMillis } = desk.scheduler.capabilities
  return Math.floor(schedule.at / precisionMillis) * precisionMillis
}
