/**
 * B3: a process that is told to stop, or that was killed and comes back: calls are finished, and what it held is free.
 */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Latch, Layer, Scope } from "effect"
import { TestClock } from "effect/testing"
import {
  CurrentInstance,
  CurrentPolicy,
  type LaunchOutcome,
  Launcher,
  Punctual,
  defaultPolicy
} from "../../../src/index.ts"
import * as CalendarMemory from "../../../testing/memory/CalendarMemory.ts"
import * as SchedulerMemory from "../../../testing/memory/SchedulerMemory.ts"
import * as SecretsMemory from "../../../testing/memory/SecretsMemory.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { botOf, minute, review, reviewScheduled } from "../Host.ts"

const joinAt = review.start - minute
const accepted: LaunchOutcome = { kind: "accepted", externalId: "external", isReplay: false }

/** Ports that outlive processes, and a bot service that answers as it is told. */
const site = Effect.fnUntraced(function* (answer: (call: number) => Effect.Effect<LaunchOutcome>) {
  const calls: Array<string> = []
  const launcher = Launcher.of({
    name: "told",
    capabilities: { replays: true, lookup: false, withdraw: false },
    launch: ({ botId }) => Effect.suspend(() => answer(calls.push(botId))),
    lookUp: () => Effect.succeed({ kind: "absent" }),
    withdraw: () => Effect.succeed("unsupported")
  })
  const ports = yield* Layer.build(
    Layer.mergeAll(
      StoreMemory.layer,
      SchedulerMemory.layer,
      SecretsMemory.layer,
      CalendarMemory.layer,
      Layer.succeed(Launcher, launcher)
    )
  )
  /** A process of that name: it works until its scope is closed. */
  const start = Effect.fnUntraced(function* (name: string | null) {
    const scope = yield* Scope.make()
    const layer = Punctual.layer.pipe(
      Layer.provide(Layer.succeedContext(ports)),
      Layer.provide(Layer.succeed(CurrentInstance, name)),
      Layer.provide(Layer.succeed(CurrentPolicy, { ...defaultPolicy, settleMillis: 0 }))
    )
    const punctual = Context.get(yield* Layer.buildWithScope(layer, scope), Punctual)
    return { punctual, work: Effect.forkIn(punctual.run, scope), stop: Scope.close(scope, Exit.void) }
  })
  const all = (punctual: Punctual["Service"]) => Context.add(ports, Punctual, punctual)
  return { all, calls, start }
})

describe("B3 a process that is told to stop", () => {
  it.effect("finishes the call under way and writes what came of it", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const answered = Latch.makeUnsafe(false)
        const { all, calls, start } = yield* site(() => Effect.as(answered.await, accepted))
        const one = yield* start(null)
        yield* Effect.provideContext(reviewScheduled(), all(one.punctual))
        yield* one.work
        yield* TestClock.setTime(joinAt)
        assert.lengthOf(calls, 1)
        const stopped = yield* Effect.forkChild(one.stop)
        yield* TestClock.adjust(3_000)
        assert.isUndefined(stopped.pollUnsafe(), "it waits for the call")
        yield* answered.open
        yield* TestClock.adjust(1)
        assert.isDefined(stopped.pollUnsafe())
        const other = yield* start(null)
        const bot = yield* Effect.provideContext(botOf(review.subject), all(other.punctual))
        assert.deepInclude(bot, { status: "Launched", externalId: "external" })
        yield* other.work
        yield* TestClock.adjust(5 * minute)
        assert.lengthOf(calls, 1)
      })
    )
  )

  it.effect("waits no longer than a stop may take, and lets go of the call", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { all, calls, start } = yield* site((call) => (call === 1 ? Effect.never : Effect.succeed(accepted)))
        const one = yield* start(null)
        yield* Effect.provideContext(reviewScheduled(), all(one.punctual))
        yield* one.work
        yield* TestClock.setTime(joinAt)
        const stopped = yield* Effect.forkChild(one.stop)
        yield* TestClock.adjust(18_000)
        assert.isDefined(stopped.pollUnsafe())
        const other = yield* start(null)
        yield* other.work
        yield* TestClock.adjust(3_000)
        // What it leads to takes some turns of the other fibers.
        yield* TestClock.adjust(1)
        assert.lengthOf(calls, 2, "another goes on at once, under the same key")
        assert.lengthOf(new Set(calls), 1)
      })
    )
  )

  it.effect("lets go of bots that pause between two attempts, and claims nothing new", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const busy: LaunchOutcome = { kind: "retry", afterMillis: 10_000, definite: true, message: "busy" }
        const { all, calls, start } = yield* site((call) => Effect.succeed(call === 1 ? busy : accepted))
        const one = yield* start(null)
        yield* Effect.provideContext(reviewScheduled(), all(one.punctual))
        yield* one.work
        yield* TestClock.setTime(joinAt)
        yield* one.stop
        const other = yield* start(null)
        yield* other.work
        yield* TestClock.adjust(9_000)
        assert.lengthOf(calls, 1)
        yield* TestClock.adjust(4_000)
        assert.lengthOf(calls, 2, "when the pause is over, not when the lease would have been")
      })
    )
  )
})

describe("B3 a process that was killed", () => {
  it.effect("goes on at once when it comes back under its name; another's lease it leaves alone", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { all, calls, start } = yield* site((call) => (call === 1 ? Effect.never : Effect.succeed(accepted)))
        const first = yield* start("here")
        yield* Effect.provideContext(reviewScheduled(), all(first.punctual))
        const killed = yield* Effect.forkChild(first.punctual.run)
        yield* TestClock.setTime(joinAt)
        // Its fibers are left where they are: a killed process runs no finalizer.
        void killed
        assert.lengthOf(calls, 1)
        yield* TestClock.adjust(5_000)
        const elsewhere = yield* start("there")
        yield* elsewhere.work
        yield* TestClock.adjust(5_000)
        assert.lengthOf(calls, 1, "the lease is another's")
        const back = yield* start("here")
        yield* back.work
        yield* TestClock.adjust(5_000)
        assert.lengthOf(calls, 2)
        const bot = yield* Effect.provideContext(botOf(review.subject), all(back.punctual))
        assert.strictEqual(bot?.status, "Launched")
      })
    )
  )
})
