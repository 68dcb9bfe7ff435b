/**
 * Looking at bots in meetings: how often, how many at once, and not at all where the service takes none back.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Launcher, type Place, Store } from "../../../src/index.ts"
import { UserShares } from "../../../src/usecases/account/UserShares.ts"
import { lookFrom, withdrawing } from "../../../src/usecases/worker/Withdrawing.ts"
import { layer, minute } from "../Host.ts"

describe("looking at bots in meetings", () => {
  it.effect("is for nothing where the service takes no bot back", () =>
    Effect.gen(function* () {
      const launcher = yield* Launcher
      const capabilities = { ...launcher.capabilities, withdraw: false }
      const store = yield* Store
      let looks = 0
      const watched = Store.of({
        ...store,
        handedOver: (...asked) => Effect.suspend(() => (looks++, store.handedOver(...asked)))
      })
      const started = withdrawing.pipe(Effect.provideService(Store, watched))
      yield* Effect.forkChild(Effect.provideService(started, Launcher, Launcher.of({ ...launcher, capabilities })))
      yield* TestClock.adjust(minute)
      assert.strictEqual(looks, 0)
      yield* Effect.forkChild(started)
      yield* TestClock.adjust(minute)
      assert.strictEqual(looks, 5, "at once, and every fifteen seconds")
    }).pipe(Effect.provide([layer, UserShares.layer]))
  )

  it.effect("is at a bounded number of pages, and goes on where the look before it ended", () =>
    Effect.gen(function* () {
      const asked: Array<number> = []
      const look = (after: Place | null) =>
        Effect.sync(() => {
          const at = (after?.at ?? 0) + 1
          asked.push(at)
          return { looked: 500, withdrawn: 0, unanswered: 0, next: at === 10 ? null : { at, id: "bot" } }
        })
      const next = yield* lookFrom(look, null)
      assert.deepStrictEqual([next?.at, asked.length], [8, 8])
      assert.isNull(yield* lookFrom(look, next))
      assert.deepStrictEqual(asked, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    })
  )
})
