/**
 * What is past is forgotten in time, and no sooner, and a series whose dates can only be counted keeps those that are.
 */
import { assert, layer } from "@effect/vitest"
import { Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { Store } from "../../../src/ports/Store.ts"
import { event, occurrence, series, seriesIntent } from "../../../testing/rows/index.ts"
import { account, connected, day, hour, layer as host, minute, noon, ours, user } from "../Host.ts"

layer(host)("what is past", (it) => {
  it.effect("is kept as long as the policy says, and then forgotten", () =>
    Effect.gen(function* () {
      const { calendarId, punctual } = yield* connected
      const store = yield* Store
      const calendar = ours(calendarId)
      const started = { start: noon - hour, end: noon }
      const single = event("single", { calendarId: calendar, raw: { a: 1 }, ...started })
      const unread = series("counted", { calendarId: calendar, timing: null, updatedAt: noon })
      const counted = occurrence("counted", unread, { date: "2026-03-10", ...started }, { raw: { a: 1 } })
      const claim = Option.getOrThrow(yield* store.claimCalendar(user, calendar, noon, noon + minute))
      yield* store.putMirror(claim, { events: [single, counted], series: [unread] })
      const { version } = yield* store.slice(user, { kind: "meetings", meetings: [], series: [] }, noon)
      yield* store.commit({
        userId: user,
        version,
        decided: null,
        decideAt: null,
        putIntents: [seriesIntent(unread.key, { dateCount: 99 })]
      })
      const left = Effect.map(Effect.all([store.event(user, single.id), store.event(user, counted.id)]), (rows) =>
        rows.map(Option.match({ onNone: () => "gone", onSome: ({ raw }) => (raw === null ? "row" : "whole") }))
      )
      const at = Effect.fnUntraced(function* (instant: number) {
        yield* TestClock.setTime(instant)
        yield* punctual.pruneShared
        yield* punctual.pruneUser(user)
        const log = yield* store.changes({ userId: user, after: 0, types: null, limit: 9 })
        return [...(yield* left), log.items.length]
      })
      const { items } = yield* store.changes({ userId: user, after: 0, types: null, limit: 9 })
      assert.deepStrictEqual(
        items.map(({ type }) => type),
        ["connection.created"]
      )
      assert.deepStrictEqual(yield* at(noon + 7 * day), ["whole", "whole", 1])
      assert.deepStrictEqual(yield* at(noon + 7 * day + 1), ["row", "row", 1])
      assert.deepStrictEqual(yield* at(noon + 30 * day), ["row", "row", 1])
      assert.deepStrictEqual(yield* at(noon + 30 * day + 1), ["row", "row", 0])
      assert.deepStrictEqual(yield* at(noon + 400 * day), ["row", "row", 0])
      assert.deepStrictEqual(yield* at(noon + 400 * day + 1), ["gone", "row", 0])
      assert.lengthOf((yield* account).calendars, 1)
    })
  )
})
