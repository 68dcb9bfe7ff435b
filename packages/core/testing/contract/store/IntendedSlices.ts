/**
 * What a store promises about the slice of what somebody asks for. Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { Store } from "../../../src/ports/Store.ts"
import { bot, event, eventId, eventIntent, exclusion, recurringIntent, series, seriesId } from "./Rows.ts"
import { type It, botIdOf, committed, connected, listed, sliceOf, sortedIdsOf } from "./Users.ts"

export const cases = (it: It): void => {
  it.effect(
    "MUST hold what somebody asks for and what has a live bot, and no provider's item, where that is asked (V3)",
    () =>
      Effect.gen(function* () {
        const user = yield* connected()
        const { primary } = user
        const raw = { body: { content: "long" } }
        yield* listed(user, {
          events: ["asked", "bot", "over", "nothing"].map((label) => event(label, primary, { raw })),
          series: [series("chain", primary), series("other", primary)]
        })
        const over = bot(botIdOf(user.userId, "over"), "over", primary, { status: "Failed" })
        yield* committed(user, {
          putIntents: [eventIntent("intent", "asked"), recurringIntent("every", "chain"), exclusion("not", "nothing")],
          bots: [
            { bot: bot(botIdOf(user.userId, "bot"), "bot", primary), expected: null },
            { bot: over, expected: null }
          ]
        })
        const slice = yield* sliceOf(user, { kind: "intended" })
        assert.deepStrictEqual(sortedIdsOf(slice.events), [eventId("asked"), eventId("bot")])
        assert.deepStrictEqual(sortedIdsOf(slice.series), [seriesId("chain")])
        assert.deepStrictEqual(sortedIdsOf(slice.intents), ["every", "intent"])
        assert.deepStrictEqual(sortedIdsOf(slice.bots), [botIdOf(user.userId, "bot")])
        assert.strictEqual(yield* Store.use((store) => store.liveBots(user.userId)), 1)
        assert.deepStrictEqual([...new Set(slice.events.map((row) => row.raw))], [null])
        for (const row of (yield* sliceOf(user)).events) assert.deepStrictEqual(row.raw, raw)
      })
  )
}
