/**
 * A process that stands still in the midst of a launch and goes on when the meeting is over (S4).
 */
import { assert, describe } from "@effect/vitest"
import { Clock, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Store } from "../../../src/index.ts"
import * as LauncherMemory from "../../../testing/memory/LauncherMemory.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { review, reviewScheduled } from "../Host.ts"
import { test } from "./BotServices.ts"

/** After the operation the process stands still, once it is told to. */
const standingStill = (operation: "slice" | "writeBot", armed: { still: Effect.Effect<void> }) =>
  Layer.effect(
    Store,
    Effect.map(Store, (real) => {
      const still = Effect.suspend(() => {
        const now = armed.still
        armed.still = Effect.void
        return now
      })
      return Store.of({
        ...real,
        slice: (...asked) => (operation === "slice" ? Effect.tap(real.slice(...asked), still) : real.slice(...asked)),
        writeBot: (...asked) =>
          operation === "writeBot" ? Effect.tap(real.writeBot(...asked), still) : real.writeBot(...asked)
      })
    })
  ).pipe(Layer.provideMerge(StoreMemory.layer))

describe("S4 a process that stood still", () => {
  for (const [where, operation] of [
    ["since it read the meeting", "slice"],
    ["since it claimed the bot", "writeBot"]
  ] as const) {
    const armed: { still: Effect.Effect<void> } = { still: Effect.void }
    test(
      `does not launch after the end, ${where}`,
      "replays",
      Effect.gen(function* () {
        const { punctual } = yield* reviewScheduled()
        const probe = yield* LauncherMemory.LauncherProbe
        yield* TestClock.setTime(review.end - 5_000)
        const clock = yield* Clock.Clock
        armed.still = Effect.provideService(TestClock.adjust(10_000), Clock.Clock, clock)
        yield* punctual.sweep
        yield* TestClock.adjust(20_000)
        assert.strictEqual(armed.still, Effect.void)
        assert.isEmpty(yield* probe.calls)
      }),
      standingStill(operation, armed)
    )
  }
})
