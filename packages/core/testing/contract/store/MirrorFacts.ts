/**
 * What a store promises about what rules look at, which is compared, and about the provider's own item, which is only shown.
 * Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { CalendarEvent } from "../../../src/domain/Event.ts"
import type { EventFacts } from "../../../src/domain/Facts.ts"
import { Store } from "../../../src/ports/Store.ts"
import { facts } from "../../rows/Facts.ts"
import { edgeFacts, event, hour, now, series } from "./Rows.ts"
import { type It, caughtUp, claimed, connected, idsOf, listed, sliceOf } from "./Users.ts"

export const cases = (it: It): void => {
  it.effect("MUST count a change of facts, and that they are known at last", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const claim = yield* claimed(user, user.primary)
      const known: ReadonlyArray<CalendarEvent["facts"]> = [
        null,
        facts(),
        facts({ response: "declined" }),
        facts({ people: ["ada@example.com"] }),
        facts({ people: ["ada@example.com", "bob@example.com"] }),
        facts({ people: ["ada@example.com"], peopleBeyond: { "example.com": 1 } }),
        facts({ categories: ["Red"] }),
        facts({ location: "Room 5" }),
        edgeFacts,
        null
      ]
      for (const each of known) {
        const rows = {
          events: [event("a", user.primary, { facts: each })],
          series: [series("s", user.primary, { facts: each })]
        }
        const before = (yield* sliceOf(user)).mirrorNumber
        assert.strictEqual(yield* store.putMirror(claim, rows), 2, JSON.stringify(each))
        // The order of members says nothing.
        const again = rows.events.map((row) => ({ ...row, facts: each === null ? null : turned(each) }))
        assert.strictEqual(yield* store.putMirror(claim, { ...rows, events: again }), 0)
        const slice = yield* sliceOf(user)
        assert.isAbove(slice.mirrorNumber, before)
        assert.deepStrictEqual([slice.events[0]?.facts, slice.series[0]?.facts], [each, each])
      }
    })
  )

  it.effect("MUST keep the provider's item up to date without a change: nothing is to be decided by it", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const rows = { events: [event("a", user.primary)], series: [series("s", user.primary)] }
      yield* listed(user, rows)
      yield* caughtUp(user)
      const before = yield* sliceOf(user)
      const item = { raw: { etag: "2" }, rawTruncated: true, updatedAt: now + hour }
      const claim = yield* claimed(user, user.primary)
      const changed = yield* store.putMirror(claim, {
        events: [event("a", user.primary, item)],
        series: [series("s", user.primary, item)]
      })
      assert.strictEqual(changed, 0)
      const { events, mirrorNumber, series: masters } = yield* sliceOf(user)
      const { raw, rawTruncated } = item
      const told = <Row>(row: Row) => ({ ...row, raw, rawTruncated })
      assert.deepStrictEqual([events, masters], [before.events.map(told), before.series.map(told)])
      assert.strictEqual(mirrorNumber, before.mirrorNumber)
      assert.deepStrictEqual(idsOf((yield* sliceOf(user, { kind: "changed" })).events), [])
    })
  )
}

const turned = (given: EventFacts): EventFacts =>
  // Turned around, the members are the ones that there were.
  Object.fromEntries(Object.entries(given).toReversed()) as unknown as EventFacts
