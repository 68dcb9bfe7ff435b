/**
 * A process that stands still in the midst of a launch and goes on when the meeting is over (S4), or when another is about to
 * take over (S26).
 */
import { assert, describe } from "@effect/vitest"
import { Clock, Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { type Bot, Store, StoreError, StoreUnavailable } from "../../../src/index.ts"
import type { LaunchState } from "../../../src/domain/Bot.ts"
import type { StoreOperations } from "../../../src/ports/StoreOperations.ts"
import * as LauncherMemory from "../../../testing/memory/LauncherMemory.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { botOf, minute, review, reviewScheduled } from "../Host.ts"
import { joinAt, test } from "./BotServices.ts"

/** Bots are looked at one by one: what is due together can't be read at once. */
const oneByOne: StoreOperations["slicesOfBots"] = () =>
  Effect.fail(
    new StoreError({ operation: "slicesOfBots", reason: new StoreUnavailable({ message: "told to be away" }) })
  )

type Operation = "slice" | "slicesOfBots" | "writeBots"

/** After the operation the process stands still, once it is told to. */
const standingStill = (operation: Operation, isOneByOne: boolean, armed: { still: Effect.Effect<void> }) =>
  Layer.effect(
    Store,
    Effect.map(Store, (real) => {
      const still = Effect.suspend(() => {
        const now = armed.still
        armed.still = Effect.void
        return now
      })
      const stands = <Args extends ReadonlyArray<unknown>, A, E>(
        name: Operation,
        run: (...args: Args) => Effect.Effect<A, E>
      ): ((...args: Args) => Effect.Effect<A, E>) => {
        if (name !== operation) return run
        return (...args) => Effect.tap(run(...args), still)
      }
      return Store.of({
        ...real,
        slice: stands("slice", real.slice),
        slicesOfBots: stands("slicesOfBots", isOneByOne ? oneByOne : real.slicesOfBots),
        writeBots: stands("writeBots", real.writeBots)
      })
    })
  ).pipe(Layer.provideMerge(StoreMemory.layer))

describe("S4 a process that stood still", () => {
  for (const [where, operation, isOneByOne] of [
    ["since it read the meeting with others", "slicesOfBots", false],
    ["since it claimed the bot with others", "writeBots", false],
    ["since it read the meeting", "slice", true],
    ["since it claimed the bot", "writeBots", true]
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
      standingStill(operation, isOneByOne, armed)
    )
  }
})

describe("S26 a launch whose lease has ended", () => {
  let isArmed = false
  /** Another process holds the bot, and has an answer at last just after the row was read: it goes on. */
  const answered = Layer.effect(
    Store,
    Effect.map(Store, (real) =>
      Store.of({
        ...real,
        slicesOfBots: oneByOne,
        bot: (...asked) =>
          Effect.gen(function* () {
            const found = yield* real.bot(...asked)
            if (!isArmed || found._tag === "None") return found
            isArmed = false
            const now = yield* Clock.currentTimeMillis
            const { value: bot } = found
            const launch: LaunchState = {
              leaseUntil: now - 1,
              attempts: 1,
              retryAt: null,
              mayHaveSucceeded: true,
              openUntil: now - 1,
              takenBack: null,
              owner: "another"
            }
            const held: Bot = { ...bot, status: "Launching", launch, revision: bot.revision + 1 }
            const pausing = { ...launch, leaseUntil: now + minute, retryAt: now }
            yield* real.writeBot(asked[0], held, bot.revision)
            yield* real.writeBot(asked[0], { ...held, launch: pausing, revision: held.revision + 1 }, held.revision)
            return Option.some(held)
          })
      })
    )
  ).pipe(Layer.provideMerge(StoreMemory.layer))

  test(
    "is left to who holds it, where that one has just gone on",
    "replays",
    Effect.gen(function* () {
      const { punctual } = yield* reviewScheduled()
      const probe = yield* LauncherMemory.LauncherProbe
      yield* TestClock.setTime(joinAt)
      isArmed = true
      yield* punctual.sweep
      yield* TestClock.adjust(1_000)
      assert.isFalse(isArmed)
      assert.isEmpty(yield* probe.calls)
      assert.strictEqual((yield* botOf(review.subject))?.launch?.owner, "another")
    }),
    answered
  )
})
