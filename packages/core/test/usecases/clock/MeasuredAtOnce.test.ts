/**
 * A process that knows how wrong its clock is launches nothing, from that very step on: neither one that says so meanwhile nor
 * one that is interrupted by then leaves a moment for others in which it is measured and may launch.
 */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Logger, Option, Scope } from "effect"
import { Store } from "../../../src/index.ts"
import { StoreClock } from "../../../src/usecases/clock/StoreClock.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { everyStep, stepByStep } from "../../StepByStep.ts"

const fastMillis = 90_000

/** The store's clock is that much behind. */
const behind = Layer.effect(
  Store,
  Effect.map(Store, (real) =>
    Store.of({ ...real, clock: Effect.sync(() => Option.some({ at: -fastMillis, precisionMillis: 0 })) })
  )
).pipe(Layer.provide(StoreMemory.layer))

const host = Layer.provideMerge(Layer.provide(StoreClock.layer, behind), Logger.layer([]))

/** Whether others may launch, after so many steps of who measures: null where it is not measured yet. */
const allowedAfter = (count: number, isInterrupted: boolean): boolean | null => {
  const steps = stepByStep()
  const scope = Scope.makeUnsafe()
  const built = steps.fork(Scope.provide(Layer.build(host), scope))
  steps.run(count)
  const exit = built.pollUnsafe()
  if (exit === undefined || Exit.isFailure(exit)) return null
  const clock = Context.get(exit.value, StoreClock)
  if (isInterrupted) {
    steps.fork(Scope.close(scope, Exit.void))
    steps.run(everyStep)
  }
  return Effect.runSync(clock.state).offsetMillis === 0 ? null : Exit.isSuccess(Effect.runSyncExit(clock.allowLaunch))
}

describe.each([
  ["goes on", false],
  ["is interrupted", true]
])("B12: while who measures %s", (_, isInterrupted) => {
  it("nothing is launched by a clock that is known to be wrong", () => {
    const counts = Array.from({ length: 400 }, (_, count) => count)
    const allowed = counts.map((count) => allowedAfter(count, isInterrupted))
    assert.notInclude(allowed, true)
    assert.include(allowed, false)
  })
})
