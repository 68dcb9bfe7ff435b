/** A request that was under way when its user disconnected: found by the simulated world (seed 978999054). */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Refusal, Store } from "../../src/index.ts"
import { decideWith } from "../../src/usecases/Deciding.ts"
import { connected, layer, user } from "./Host.ts"

describe("a decision made after a disconnect", () => {
  it.effect("writes nothing, and says that nothing is connected", () =>
    Effect.gen(function* () {
      const { punctual } = yield* connected
      yield* punctual.disconnect(user)
      const meeting = "uid:late" as never
      const wish = { kind: "event", id: "event:late", seq: 1, meeting, origin: "manual", config: {} } as const
      const refusal = yield* Effect.flip(
        decideWith(user, { kind: "meetings", meetings: [meeting], series: [] }, () => ({ putIntents: [wish] }))
      )
      assert.instanceOf(refusal, Refusal)
      const store = yield* Store
      assert.deepStrictEqual((yield* store.slice(user, { kind: "all" }, 0)).intents, [])
    }).pipe(Effect.provide(layer))
  )
})
