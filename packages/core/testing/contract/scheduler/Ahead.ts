/**
 * What a scheduler promises about fires that are asked for ahead of their instants. An adapter may deliver them later, at
 * their instants at the latest; none may deliver one sooner than was asked.
 */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { launchLimits } from "../../../src/domain/Limits.ts"
import { type Pace, bench, listOf, listen, scheduleOf } from "./Bench.ts"
import type { Cases } from "./Patience.ts"

export const ahead = (it: Cases, pace: Pace): void => {
  const aheadMillis = Math.min(2 * pace.momentMillis, launchLimits.readAheadMillis)

  it.effect("MUST deliver no sooner than so much ahead as is asked, and at the instant at the latest", () =>
    Effect.gen(function* () {
      const desk = yield* bench(pace)
      const { next, received } = yield* listen(desk, "at once", aheadMillis)
      const one = desk.schedule("one", desk.after(4))
      yield* desk.scheduler.put([one])
      yield* desk.reach(one.at - aheadMillis - desk.scheduler.capabilities.precisionMillis - 1)
      assert.deepStrictEqual(yield* received, [])
      yield* desk.reach(one.at)
      const { at, fire } = yield* next
      assert.isAtLeast(at, one.at - aheadMillis - desk.scheduler.capabilities.precisionMillis)
      assert.deepStrictEqual(scheduleOf(fire), one)
    })
  )

  it.effect("MUST deliver anew what was put in the place of one that was delivered ahead", () =>
    Effect.gen(function* () {
      const desk = yield* bench(pace)
      const { next } = yield* listen(desk, "by itself", aheadMillis)
      const one = desk.schedule("one", desk.after(3), 1)
      yield* desk.scheduler.put([one])
      yield* desk.reach(one.at)
      const first = yield* next
      const moved = desk.schedule("one", desk.after(6), 2)
      yield* desk.scheduler.put([moved])
      // What it led to is confirmed when the other stands already.
      yield* first.fire.done
      yield* desk.reach(moved.at)
      const second = yield* next
      assert.deepStrictEqual(scheduleOf(second.fire), moved)
      assert.isAtLeast(second.at, moved.at - aheadMillis - desk.scheduler.capabilities.precisionMillis)
      yield* second.fire.done
      assert.deepStrictEqual(yield* listOf(desk), [])
    })
  )
}
