/**
 * What is noted as begun is begun, wherever the one who began it is interrupted: by a client that goes, a ring that takes too
 * long, a host that gives up. Else everybody after would wait for what nobody does.
 */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, FiberSet, Latch, Layer, Option, Scope } from "effect"
import { type BotId, Launcher, Store, type UserId } from "../../src/index.ts"
import { ChangeSignal } from "../../src/usecases/account/ChangeSignal.ts"
import { makeSharedWork } from "../../src/usecases/account/SharedWork.ts"
import { type Entrant, makeLaunches } from "../../src/usecases/launch/Launches.ts"
import * as SchedulerMemory from "../../testing/memory/SchedulerMemory.ts"
import * as StoreMemory from "../../testing/memory/StoreMemory.ts"
import { type StepByStep, everyStep, interruptedAtEveryStep } from "../StepByStep.ts"

/** What lives as long as the process. */
const lasting = <A>(steps: StepByStep, made: Effect.Effect<A, never, Scope.Scope>): A => {
  const fiber = steps.fork(Scope.provide(made, Scope.makeUnsafe()))
  steps.run(everyStep)
  const exit = fiber.pollUnsafe()
  return exit !== undefined && Exit.isSuccess(exit) ? exit.value : assert.fail("it was not made")
}

const userId = "usr_ada" as UserId

/** Interrupting only what has not begun proves nothing. */
const stepsMin = 5

describe("whoever is interrupted at any step", () => {
  it("leaves launches running for everybody else", () => {
    const nobody = Layer.succeed(Launcher, {
      name: "nobody",
      capabilities: { replays: true, lookup: false, withdraw: false },
      launch: () => Effect.never,
      lookUp: () => Effect.never,
      withdraw: () => Effect.never
    })
    const count = interruptedAtEveryStep((steps) => {
      const launched: Array<string> = []
      const services = lasting(steps, Layer.build(Layer.mergeAll(StoreMemory.layer, SchedulerMemory.layer, nobody)))
      const { add } = lasting(
        steps,
        Effect.gen(function* () {
          const running = yield* FiberSet.make<void>()
          return yield* makeLaunches({ running, stopping: Latch.makeUnsafe(), mayGoOn: Effect.void })
        })
      )
      const due = (name: string): Entrant => ({
        userId,
        botId: name as BotId,
        at: 0,
        again: Effect.sync(() => {
          launched.push(name)
          return Option.none()
        }),
        told: () => Effect.void,
        left: Effect.void
      })
      const launch = (name: string) => Effect.provideContext(add([due(name)]), services)
      return {
        victim: launch("bot_first"),
        afterwards: (step) => {
          steps.fork(launch("bot_second"))
          steps.run(everyStep)
          assert.include(launched, "bot_second", `interrupted at step ${step}`)
        }
      }
    })
    assert.isAbove(count, stepsMin)
  })

  it("leaves what many ask for to be done for the others", () => {
    const count = interruptedAtEveryStep((steps) => {
      const { join } = lasting(steps, makeSharedWork<string, never>())
      const asked = Effect.flatMap(
        join("calendar", (begun) => Effect.as(begun, "read")),
        ({ answer }) => answer
      )
      return {
        victim: asked,
        afterwards: (step) => {
          const other = steps.fork(asked)
          steps.run(everyStep)
          assert.deepStrictEqual(other.pollUnsafe(), Exit.succeed("read"), `interrupted at step ${step}`)
        }
      }
    })
    assert.isAbove(count, stepsMin)
  })

  it("leaves the log looked at for whoever listens next", () => {
    const count = interruptedAtEveryStep((steps) => {
      let looks = 0
      const store = Layer.effect(
        Store,
        Effect.map(Store, (memory) => ({
          ...memory,
          allChanges: (query: Parameters<(typeof memory)["allChanges"]>[0]) => {
            looks += 1
            return memory.allChanges(query)
          }
        }))
      ).pipe(Layer.provide(StoreMemory.layer))
      const services = lasting(steps, Layer.build(Layer.provideMerge(ChangeSignal.layer, store)))
      const listen = (use: Effect.Effect<void>) =>
        Effect.provideContext(
          Effect.flatMap(ChangeSignal, (signal) => signal.listening(null, () => use)),
          services
        )
      return {
        victim: Effect.orDie(listen(Effect.void)),
        afterwards: (step) => {
          looks = 0
          steps.fork(listen(Deferred.await(Deferred.makeUnsafe<void>())))
          steps.run(everyStep)
          assert.isAbove(looks, 0, `interrupted at step ${step}`)
        }
      }
    })
    assert.isAbove(count, stepsMin)
  })
})
