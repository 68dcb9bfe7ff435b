/** Claims and outcomes that share a write: each says for itself whether it was written. */
import { assert, describe } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { launchChange } from "../../../src/domain/BotChange.ts"
import { type Bot, Store } from "../../../src/index.ts"
import { makeOutcomeWrites } from "../../../src/usecases/launch/OutcomeWrites.ts"
import { minute, reviewScheduled, user } from "../Host.ts"
import { joinAt, test } from "./BotServices.ts"

/** As a fire and the sweep make it of one row at the same time. */
const claimed = (bot: Bot): Bot => ({
  ...bot,
  status: "Launching",
  revision: bot.revision + 1,
  launch: {
    leaseUntil: joinAt + 2 * minute,
    attempts: 1,
    retryAt: null,
    mayHaveSucceeded: true,
    openUntil: null,
    takenBack: null,
    owner: "one process"
  }
})

describe("two claims of one bot that share a write", () => {
  test(
    "are one claim: the other one calls nobody, and the log tells it once",
    "neither",
    Effect.gen(function* () {
      const { bot } = yield* reviewScheduled()
      const store = yield* Store
      const groups: Array<number> = []
      const [begun, mayEnd] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const slow = Store.of({
        ...store,
        writeBots: (writes) =>
          Effect.andThen(
            Deferred.succeed(begun, undefined),
            Effect.andThen(
              Deferred.await(mayEnd),
              Effect.suspend(() => {
                groups.push(writes.length)
                return store.writeBots(writes)
              })
            )
          )
      })
      const together = yield* makeOutcomeWrites(slow)
      const write = (next: Bot, expected: number) =>
        together({ userId: user, bot: next, expected, change: launchChange(bot, next, { at: joinAt, subject: null }) })
      const stale = yield* Effect.forkChild(write(claimed(bot), bot.revision + 7))
      yield* Deferred.await(begun)
      const claims = yield* Effect.forkChild(
        Effect.all([write(claimed(bot), bot.revision), write(claimed(bot), bot.revision)], { concurrency: 2 })
      )
      yield* Effect.yieldNow
      yield* Deferred.succeed(mayEnd, undefined)
      assert.isFalse((yield* Fiber.join(stale)).isWritten)
      assert.deepStrictEqual(
        (yield* Fiber.join(claims)).map(({ isWritten }) => isWritten),
        [true, false]
      )
      const { items } = yield* store.changes({ userId: user, after: 0, types: ["bot.launching"], limit: 100 })
      assert.lengthOf(items, 1)
      assert.deepStrictEqual(groups, [1, 1, 1])
    })
  )
})
