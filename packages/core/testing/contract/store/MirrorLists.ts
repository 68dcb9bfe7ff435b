/**
 * What a store promises about what is read of the mirror during a round. Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { EventId, SeriesId } from "../../../src/domain/Ids.ts"
import type { Span } from "../../../src/domain/Time.ts"
import { Store } from "../../../src/ports/Store.ts"
import { day, event, eventId, hour, now, occurrence, series, seriesId } from "./Rows.ts"
import { type It, claimed, committed, connected, idsOf, listed, sliceOf, sortedIdsOf } from "./Users.ts"

export const cases = (it: It): void => {
  it.effect("MUST find rows by their ids, and those of a calendar by the provider's ids", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const { primary, second } = user
      yield* listed(user, {
        events: [
          event("a", primary),
          event("b", primary, { isDeleted: true }),
          event("c", second, { providerId: "provider b" }),
          event("d", second)
        ],
        series: [series("s", primary), series("t", second)]
      })
      yield* committed(user, { putVirtual: [event("p", primary, { isVirtual: true, providerId: "" })] })
      const find = Effect.fnUntraced(function* (
        events: ReadonlyArray<EventId>,
        masters: ReadonlyArray<SeriesId>,
        providerIds: ReadonlyArray<string>
      ) {
        const found = yield* store.mirrored(user.userId, primary, { events, series: masters, providerIds })
        return { events: sortedIdsOf(found.events), series: sortedIdsOf(found.series) }
      })
      const rows = (events: Array<string>, masters: Array<string>) => ({
        events: events.map(eventId),
        series: masters.map(seriesId)
      })
      assert.deepStrictEqual(yield* find([], [], []), rows([], []))
      const byId = ["a", "d", "p", "none"].map(eventId)
      assert.deepStrictEqual(yield* find(byId, [seriesId("t")], []), rows(["a", "d"], ["t"]))
      const told = ["provider b", "provider d", "provider series s", "provider series t", ""]
      assert.deepStrictEqual(yield* find([], [], told), rows(["b"], ["s"]))
      const both = yield* find([eventId("a")], [seriesId("s")], ["provider a", "provider series s"])
      assert.deepStrictEqual(both, rows(["a"], ["s"]))
    })
  )

  it.effect("B4: MUST take a batch in which one id is told as another kind, and what it was is retired, and back", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const { primary } = user
      const providerId = "provider turning"
      const single = event("turning", primary, { providerId })
      const master = series("turned", primary, { providerId })
      const dates = [1, 2, 3].map((n) => occurrence(`on ${n}`, "turned", primary, n))
      yield* listed(user, { events: [single] })
      const claim = yield* claimed(user, primary)
      const gone = <Row extends object>(row: Row) => ({ ...row, isDeleted: true })
      const names = { events: [single.id], series: [master.id], providerIds: [providerId] }
      const alive = Effect.gen(function* () {
        const { events, series: masters } = yield* store.mirrored(user.userId, primary, names)
        return [...events, ...masters].flatMap((row) => (row.isDeleted ? [] : [row.id]))
      })
      const before = (yield* sliceOf(user)).mirrorNumber
      const turned = { events: [gone(single), ...dates], series: [master] }
      assert.strictEqual(yield* store.putMirror(claim, turned), 5)
      assert.isAbove((yield* sliceOf(user)).mirrorNumber, before)
      assert.deepStrictEqual(yield* alive, [master.id])
      assert.lengthOf(yield* store.occurrencesOf(user.userId, [master.id]), 3)
      assert.strictEqual(yield* store.putMirror(claim, turned), 0)
      const back = { events: [single, ...dates.map(gone)], series: [gone(master)] }
      assert.strictEqual(yield* store.putMirror(claim, back), 5)
      assert.deepStrictEqual(yield* alive, [single.id])
      assert.deepStrictEqual(yield* store.occurrencesOf(user.userId, [master.id]), [])
    })
  )

  it.effect("MUST list what a claim has not seen: alive, listed, of this calendar, overlapping the span", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const span: Span = { from: now, to: now + day }
      const at = (label: string, start: number, end: number) => event(label, user.primary, { start, end })
      yield* listed(user, {
        events: [
          at("ends at its start", now - hour, now),
          at("begins at its end", now + day, now + day + hour),
          at("ends within", now - hour, now + 1),
          at("begins within", now + day - 1, now + 2 * day),
          at("lasts for weeks", now - 20 * day, now + 20 * day),
          at("takes no time", now, now),
          event("is gone", user.primary, { isDeleted: true }),
          event("is seen", user.primary),
          event("is elsewhere", user.second)
        ]
      })
      yield* committed(user, { putVirtual: [event("is projected", user.primary, { isVirtual: true })] })
      const claim = yield* claimed(user, user.primary)
      yield* store.putMirror(claim, { events: [event("is seen", user.primary)], series: [] })
      const found = yield* store.unseen(claim, span, null, 100)
      const expected = ["begins within", "ends within", "lasts for weeks", "takes no time"].map(eventId)
      assert.deepStrictEqual(idsOf(found), expected)
      yield* store.putMirror(claim, { events: [{ ...at("ends within", now, now + 1), isDeleted: true }], series: [] })
      assert.deepStrictEqual(idsOf(yield* store.unseen(claim, span, null, 100)), expected.toSpliced(1, 1))
    })
  )

  it.effect("MUST list the unseen by id, code unit by code unit, from where it was left", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      // In the order of code units; the order of most languages is another.
      const labels = ["10", "2", "A", "Z", "_", "a", "a_1", "aa", "b"]
      yield* listed(user, { events: labels.toReversed().map((label) => event(label, user.primary)) })
      const claim = yield* claimed(user, user.primary)
      const span: Span = { from: now - day, to: now + day }
      const all: Array<EventId> = []
      for (let after: EventId | null = null; ;) {
        const page: ReadonlyArray<EventId> = idsOf(yield* store.unseen(claim, span, after, 2))
        if (page.length === 0) break
        assert.isAtMost(page.length, 2)
        all.push(...page)
        after = page.at(-1) ?? null
      }
      assert.deepStrictEqual(all, labels.map(eventId))
    })
  )

  it.effect("MUST list the stored occurrences of series, projected ones too, tombstones left out", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const { primary, second } = user
      yield* listed(user, {
        events: [
          occurrence("s1", "s", primary, 1),
          occurrence("s2", "s", primary, 2, { kind: "exception", start: now + 9 * day }),
          occurrence("s3", "s", primary, 3, { isDeleted: true }),
          occurrence("t1", "t", second, 1),
          occurrence("u1", "u", primary, 1),
          event("single", primary)
        ]
      })
      yield* committed(user, { putVirtual: [occurrence("s4", "s", primary, 40, { isVirtual: true })] })
      const found = yield* store.occurrencesOf(user.userId, [seriesId("s"), seriesId("t"), seriesId("none")])
      assert.deepStrictEqual(sortedIdsOf(found), ["s1", "s2", "s4", "t1"].map(eventId))
      assert.deepStrictEqual(yield* store.occurrencesOf(user.userId, []), [])
    })
  )
}
