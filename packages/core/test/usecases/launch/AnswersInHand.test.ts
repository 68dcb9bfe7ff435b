/**
 * B2, B11: what the bot service said is kept, whatever becomes of the store, or of the process that asked; and how long it may
 * ask to wait.
 */
import { assert, describe } from "@effect/vitest"
import { Clock, Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { Store, StoreError, StoreUnavailable } from "../../../src/index.ts"
import * as LauncherMemory from "../../../testing/memory/LauncherMemory.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { botOf, minute, review, reviewScheduled, user } from "../Host.ts"
import { joinAt, lost, standing, test } from "./BotServices.ts"

/** The first write is a launch's claim, and the store is away for those after it: some three seconds. */
const flaky: Layer.Layer<Store | StoreMemory.StoreProbe> = Layer.effect(
  Store,
  Effect.map(Store, (real) => {
    let writes = 0
    const away = new StoreError({ operation: "writeBot", reason: new StoreUnavailable({ message: "away" }) })
    return Store.of({
      ...real,
      writeBot: (...asked) =>
        Effect.suspend(() => (++writes > 1 && writes <= 6 ? Effect.fail(away) : real.writeBot(...asked)))
    })
  })
).pipe(Layer.provideMerge(StoreMemory.layer))

describe("B2 an answer in hand", () => {
  for (const service of ["replays", "is looked up", "neither"] as const) {
    test(
      `is written once the store is back, and the service (${service}) is not called again`,
      service,
      Effect.gen(function* () {
        const { bot, punctual } = yield* reviewScheduled()
        const probe = yield* LauncherMemory.LauncherProbe
        yield* Effect.forkScoped(punctual.run)
        yield* TestClock.setTime(joinAt)
        yield* TestClock.adjust(6_000)
        assert.deepStrictEqual(yield* standing, ["Launched", null])
        assert.strictEqual((yield* botOf(review.subject))?.externalId, `external ${bot.id}`)
        yield* TestClock.adjust(5 * minute)
        assert.lengthOf(yield* probe.calls, 1)
        assert.lengthOf(yield* probe.launched, 1)
      }),
      flaky
    )
  }

  test(
    "that was lost is not asked for by another call where the service does not replay",
    "neither",
    Effect.gen(function* () {
      const { probe } = yield* lost(1)
      yield* TestClock.adjust(20 * minute)
      assert.lengthOf(yield* probe.calls, 1)
      assert.lengthOf(yield* probe.launched, 1)
    })
  )
})

describe("B11 a bot service that asks to wait for an hour", () => {
  test(
    "is asked again within half a minute",
    "replays",
    Effect.gen(function* () {
      const { punctual } = yield* reviewScheduled()
      const probe = yield* LauncherMemory.LauncherProbe
      yield* probe.script([{ kind: "retry", afterMillis: 60 * minute, definite: true, message: "429" }])
      yield* Effect.forkScoped(punctual.run)
      yield* TestClock.setTime(joinAt)
      yield* TestClock.adjust(29_000)
      assert.lengthOf(yield* probe.calls, 1, "it is not asked sooner than is useful")
      yield* TestClock.adjust(1_000)
      assert.deepStrictEqual(yield* standing, ["Launched", null])
    })
  )

  test(
    "is asked a last time before the meeting ends",
    "replays",
    Effect.gen(function* () {
      const { punctual } = yield* reviewScheduled()
      const probe = yield* LauncherMemory.LauncherProbe
      const busy = { kind: "retry", afterMillis: 60 * minute, definite: true, message: "429" } as const
      yield* probe.script(Array.from({ length: 500 }, () => busy))
      yield* Effect.forkScoped(punctual.run)
      yield* TestClock.setTime(joinAt)
      yield* TestClock.setTime(review.end)
      const last = (yield* probe.calls).at(-1)?.at ?? 0
      assert.isAtLeast(last, review.end - 1_000)
      assert.deepStrictEqual(yield* standing, ["Failed", "launcher_unreachable"])
    })
  )
})

describe("S26 an answer that comes when another process has taken the bot over", () => {
  for (const isHeld of [true, false]) {
    let takeOver: Effect.Effect<unknown> = Effect.void
    let writes = 0
    /** Once the bot is claimed and called, another process has it. */
    const late = Layer.effect(
      Store,
      Effect.map(Store, (real) =>
        Store.of({
          ...real,
          writeBots: (asked) =>
            Effect.gen(function* () {
              const [write] = asked
              if (++writes === 2 && write !== undefined) {
                yield* takeOver
                const bot = Option.getOrThrow(yield* real.bot(write.userId, write.bot.id))
                const now = yield* Clock.currentTimeMillis
                const leaseUntil = isHeld ? now + minute : now - 1
                const launch = { ...(bot.launch ?? assert.fail()), attempts: 2, leaseUntil, owner: "another" }
                yield* real.writeBot(write.userId, { ...bot, launch, revision: bot.revision + 1 }, bot.revision)
              }
              return yield* real.writeBots(asked)
            })
        })
      )
    ).pipe(Layer.provideMerge(StoreMemory.layer))

    test(
      isHeld ? "leaves it to that one, and is kept" : "goes on itself, where that one holds it no longer",
      "replays",
      Effect.gen(function* () {
        const { bot, event, punctual } = yield* reviewScheduled()
        const probe = yield* LauncherMemory.LauncherProbe
        takeOver = Effect.orDie(punctual.unschedule(user, { eventId: event.id, allOccurrences: false, fromDate: null }))
        yield* Effect.forkScoped(punctual.run)
        yield* TestClock.setTime(joinAt)
        yield* TestClock.adjust(1_000)
        const isLeft = Effect.map(probe.launched, (all) => all.map(({ isWithdrawn }) => !isWithdrawn))
        assert.deepStrictEqual(yield* isLeft, [isHeld])
        const row = yield* botOf(review.subject)
        assert.deepStrictEqual(
          [row?.status, row?.launch?.owner, row?.externalId],
          isHeld ? ["Launching", "another", `external ${bot.id}`] : ["Cancelled", undefined, `external ${bot.id}`]
        )
        yield* TestClock.adjust(3 * minute)
        assert.deepStrictEqual(yield* isLeft, [false])
      }),
      late
    )
  }
})
