/**
 * What /metrics tells of bots that wait, bots that went, and calendars that fail.
 */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { PrometheusMetrics } from "effect/observability"
import { TestClock } from "effect/testing"
import { type Claim, Launcher, type LaunchRequest, Store, StoreError, StoreUnavailable } from "@punctual/core"
import { StorageGauges } from "../../src/metrics/StorageGauges.ts"
import * as LaunchCounts from "../../src/metrics/LaunchCounts.ts"
import * as SyncCounts from "../../src/metrics/SyncCounts.ts"
import { connected, hour, minute, noon, zoom } from "../Whole.ts"

/** The value of a series; null: there is none. */
const valueOf = (series: string) =>
  Effect.map(PrometheusMetrics.format(), (text) => {
    const line = text.split("\n").find((each) => each.startsWith(`${series} `))
    return line === undefined ? null : Number(line.slice(series.length + 1).split(" ", 1)[0])
  })

describe("the gauges of storage", () => {
  it.effect("counts bots that are due, and tells how long the one that waits longest is overdue", () =>
    Effect.gen(function* () {
      const { calendarId, context, control, named, ok, syncChanges } = yield* connected
      for (const [subject, start] of [
        ["Soon", noon + 3 * minute],
        ["Later", noon + 3 * hour]
      ] as const) {
        yield* control.create(calendarId, { subject, start, end: start + hour, joinUrl: zoom })
        yield* syncChanges
        yield* ok("POST", `/schedule/${(yield* named(subject))[0].id}`, {})
      }
      const gauges = Context.get(
        yield* Layer.build(StorageGauges.layer).pipe(Effect.provideContext(context)),
        StorageGauges
      )
      yield* gauges.refresh
      assert.strictEqual(yield* valueOf("punctual_bots_due"), 1)
      assert.strictEqual(yield* valueOf("punctual_bots_overdue_seconds"), 0)
      // Nothing launches here: two minutes to the join time, and one more.
      yield* TestClock.adjust(3 * minute)
      yield* gauges.refresh
      assert.strictEqual(yield* valueOf("punctual_bots_overdue"), 1)
      assert.strictEqual(yield* valueOf("punctual_bots_overdue_seconds"), 60)
      assert.strictEqual(
        yield* valueOf("punctual_storage_numbers_taken_timestamp_seconds"),
        (noon + 3 * minute) / 1_000
      )
    })
  )

  it.effect("asks no oftener than it must where storage is out of reach", () =>
    Effect.gen(function* () {
      let asked = 0
      const down = Effect.suspend(() => {
        asked++
        return Effect.fail(new StoreError({ operation: "dueBots", reason: new StoreUnavailable({ message: "down" }) }))
      })
      const store = Layer.succeed(Store, { dueBots: () => down } as never)
      const gauges = Context.get(yield* Layer.build(Layer.provide(StorageGauges.layer, store)), StorageGauges)
      yield* Effect.forEach([1, 2, 3], () => gauges.refresh)
      assert.strictEqual(asked, 1)
    })
  )
})

describe("counters", () => {
  it.effect("tell launches by outcome, and how late each was", () =>
    Effect.gen(function* () {
      const outcomes = [
        { kind: "accepted", externalId: null, isReplay: false } as const,
        { kind: "unconfigured" } as const
      ]
      const launcher = Launcher.of({
        name: "counted",
        capabilities: { replays: true, lookup: false, withdraw: false },
        launch: () => Effect.sync(() => outcomes.shift() ?? assert.fail("too many")),
        lookUp: () => Effect.succeed({ kind: "absent" }),
        withdraw: () => Effect.succeed("unsupported")
      })
      const counting = yield* Layer.build(Layer.provide(LaunchCounts.layer, Layer.succeed(Launcher, launcher)))
      const { launch } = Context.get(counting, Launcher)
      yield* TestClock.setTime(noon + 2_500)
      yield* launch({ joinAt: noon } as LaunchRequest)
      yield* launch({ joinAt: noon } as LaunchRequest)
      assert.strictEqual(yield* valueOf('punctual_launches_total{launcher="counted",outcome="accepted"}'), 1)
      assert.strictEqual(yield* valueOf('punctual_launches_total{launcher="counted",outcome="unconfigured"}'), 1)
      assert.strictEqual(yield* valueOf("punctual_launch_last_lateness_seconds"), 2.5)
    })
  )

  it.effect("tell rounds of syncing, and why they failed, in words that are few", () =>
    Effect.gen(function* () {
      const store = Layer.succeed(Store, {
        finishPass: () => Effect.void,
        failPass: () => Effect.void
      } as never)
      const { failPass, finishPass } = Context.get(yield* Layer.build(Layer.provide(SyncCounts.layer, store)), Store)
      const fail = (syncError: string) =>
        failPass({ connection: { platform: "outlook_calendar" } } as Claim, { syncError } as never)
      yield* finishPass({} as Claim, {} as never)
      yield* fail("provider_unavailable")
      yield* fail("user adele@example.com is odd")
      assert.strictEqual(yield* valueOf('punctual_sync_rounds_total{outcome="finished",reason=""}'), 1)
      assert.strictEqual(
        yield* valueOf('punctual_sync_rounds_total{outcome="failed",reason="microsoft_unavailable"}'),
        1
      )
      assert.strictEqual(yield* valueOf('punctual_sync_rounds_total{outcome="failed",reason="other"}'), 1)
    })
  )
})
