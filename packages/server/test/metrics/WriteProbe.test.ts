/**
 * V9: readiness is whether storage takes writes, whatever else it answers and however slowly.
 */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer } from "effect"
import { PrometheusMetrics } from "effect/observability"
import { TestClock } from "effect/testing"
import { Punctual, Store, StoreError, StoreUnavailable } from "@punctual/core"
import { AccountsMemory, StoreMemory } from "@punctual/core/testing"
import { StorageGauges } from "../../src/metrics/StorageGauges.ts"
import { WriteProbe } from "../../src/metrics/WriteProbe.ts"
import * as BackgroundLoops from "../../src/workers/BackgroundLoops.ts"
import { serve } from "../Kit.ts"
import { assertProblem } from "../Problem.ts"

/** A store that answers every question and takes no write while read-only; writes are counted. */
const readOnly = (state: { isReadOnly: boolean; writes: number }) =>
  Layer.effect(
    Store,
    Effect.map(Store, (real) =>
      Store.of({
        ...real,
        claimJob: (...claim) =>
          Effect.suspend(() => {
            state.writes += 1
            return state.isReadOnly ? Effect.fail(refused) : real.claimJob(...claim)
          })
      })
    )
  ).pipe(Layer.provide(StoreMemory.layer))

const refused = new StoreError({
  operation: "claimJob",
  reason: new StoreUnavailable({ message: "cannot execute INSERT in a read-only transaction" })
})

const gaugeOf = (name: string) =>
  Effect.map(PrometheusMetrics.format(), (text) => new RegExp(`^${name} ([^ \\n]+)`, "m").exec(text)?.[1] ?? null)

describe("V9: readiness", () => {
  it.effect("is lost where storage is read-only, and comes back with the next write", () =>
    Effect.gen(function* () {
      const state = { isReadOnly: true, writes: 0 }
      const { call } = yield* serve({ store: readOnly(state) })
      assertProblem(yield* call("GET", "/readyz", { key: null }), 503, "unavailable")
      assert.strictEqual(yield* gaugeOf("punctual_storage_up"), "0")
      state.isReadOnly = false
      assert.strictEqual((yield* call("GET", "/readyz", { key: null })).status, 200)
      assert.strictEqual(yield* gaugeOf("punctual_storage_up"), "1")
      state.isReadOnly = true
      yield* TestClock.adjust("6 seconds")
      assertProblem(yield* call("GET", "/readyz", { key: null }), 503, "unavailable")
    })
  )

  it.effect("writes no oftener than every few seconds, whoever asks", () =>
    Effect.gen(function* () {
      const state = { isReadOnly: false, writes: 0 }
      const { call } = yield* serve({ store: readOnly(state) })
      yield* Effect.forEach(Array.from({ length: 50 }), () => call("GET", "/readyz", { key: null }), {
        concurrency: "unbounded"
      })
      assert.strictEqual(state.writes, 1)
    })
  )

  it.effect("writes once for all who ask while a write is not answered", () =>
    Effect.gen(function* () {
      let writes = 0
      const mute = Layer.effect(
        Store,
        Effect.map(Store, (real) =>
          Store.of({ ...real, claimJob: () => Effect.suspend(() => ((writes += 1), Effect.never)) })
        )
      ).pipe(Layer.provide(StoreMemory.layer))
      const { isWritable } = Context.get(yield* Layer.build(Layer.provide(WriteProbe.layer, mute)), WriteProbe)
      const askers = yield* Effect.forkChild(
        Effect.all(
          Array.from({ length: 20 }, () => isWritable),
          { concurrency: "unbounded" }
        )
      )
      yield* TestClock.adjust("2 seconds")
      assert.isDefined(askers.pollUnsafe(), "everybody is told within one write's time")
      assert.deepStrictEqual(
        yield* Fiber.join(askers),
        Array.from({ length: 20 }, () => false)
      )
      assert.strictEqual(writes, 1)
      const next = yield* Effect.forkChild(isWritable)
      yield* TestClock.adjust("2 seconds")
      assert.isFalse(yield* Fiber.join(next))
      assert.strictEqual(writes, 2, "who asks afterwards is told by a write of its own")
    })
  )

  it.effect("is told by the gauge also where nobody asks", () =>
    Effect.gen(function* () {
      const state = { isReadOnly: false, writes: 0 }
      const core = {
        run: Effect.never,
        clock: Effect.succeed({ offsetMillis: 0, isSkewed: false, launchesRefused: 0 })
      }
      yield* Layer.build(
        BackgroundLoops.layer.pipe(
          Layer.provide([
            AccountsMemory.layer,
            // As much of the core as the loops call.
            Layer.succeed(Punctual, core as unknown as Punctual["Service"]),
            Layer.succeed(StorageGauges, { refresh: Effect.void }),
            Layer.provide(WriteProbe.layer, readOnly(state))
          ])
        )
      )
      for (const [isReadOnly, shown] of [
        [true, "0"],
        [false, "1"]
      ] as const) {
        state.isReadOnly = isReadOnly
        yield* TestClock.adjust("16 seconds")
        assert.strictEqual(yield* gaugeOf("punctual_storage_up"), shown)
      }
    })
  )

  it.effect("is not lost by a census that takes long: slow is not down", () =>
    Effect.gen(function* () {
      const slow = Layer.succeed(Store, { dueBots: () => Effect.never } as never)
      const context = yield* Layer.build(
        Layer.mergeAll(Layer.provide(StorageGauges.layer, slow), Layer.provide(WriteProbe.layer, StoreMemory.layer))
      )
      yield* Effect.gen(function* () {
        yield* Effect.flatMap(WriteProbe, ({ isWritable }) => isWritable)
        const census = yield* Effect.forkChild(Effect.flatMap(StorageGauges, ({ refresh }) => refresh))
        yield* TestClock.adjust("5 seconds")
        assert.isDefined(census.pollUnsafe())
        assert.strictEqual(yield* gaugeOf("punctual_storage_up"), "1")
      }).pipe(Effect.provide(context))
    })
  )
})
