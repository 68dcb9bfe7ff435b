/**
 * What a store promises about the mirror: idempotent upserts that say what changed. Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Store } from "../../../src/ports/Store.ts"
import { facts } from "../../rows/Facts.ts"
import {
  daily,
  day,
  edgeFacts,
  event,
  eventId,
  hour,
  minute,
  now,
  occurrence,
  series,
  seriesId,
  weekly
} from "./Rows.ts"
import { type It, caughtUp, claimed, committed, connected, idsOf, listed, sliceOf, sortedIdsOf } from "./Users.ts"

export const cases = (it: It): void => {
  it.effect("MUST find rows as they were put, whatever they hold", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const plain = event("plain", user.primary)
      const rich = occurrence("rich", "s", user.primary, 3, {
        kind: "exception",
        subject: 'Quoted "текст" — 会议 👩‍👩‍👧 \\ / \t\n',
        link: null,
        isAllDay: true,
        isCancelled: true,
        facts: edgeFacts,
        start: -62_135_596_800_000,
        end: 253_402_300_799_999,
        raw: { deep: [{ a: { b: [[], {}, "", null, 0, -1.5e-7, 1e21, true] } }], "key with spaces": "ß", __x: 1 },
        rawTruncated: true
      })
      const bare = event("bare", user.primary, { iCalUid: null, raw: null, subject: "" })
      const master = series("s", user.primary, {
        timing: weekly,
        exceptions: { cancelled: ["2041-04-21"], moved: [{ date: "2041-04-22", start: now, end: now + 1 }] },
        link: { platform: "google-meet", url: "https://meet.example.com/a-b-c" },
        ruleText: null,
        iCalUid: null
      })
      yield* listed(user, { events: [plain, rich, bare], series: [master] })
      for (const row of [plain, rich, bare]) {
        assert.deepStrictEqual(yield* store.event(user.userId, row.id), Option.some(row))
      }
      assert.deepStrictEqual(yield* store.series(user.userId, master.id), Option.some(master))
      assert.deepStrictEqual(yield* store.event(user.userId, eventId("none")), Option.none())
      assert.deepStrictEqual(yield* store.series(user.userId, seriesId("none")), Option.none())
    })
  )

  it.effect("MUST take any text that JSON can carry, so that one odd meeting stops no calendar", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const claim = yield* claimed(user, user.primary)
      const odd = event("odd", user.primary, { subject: "a\u0000b\ud800c", raw: { subject: "a\u0000b\ud800c" } })
      const rows = { events: [odd, event("next to it", user.primary)], series: [] }
      assert.strictEqual(yield* store.putMirror(claim, rows), 2)
      // What such text becomes is the store's affair, as long as it becomes the same each time.
      assert.strictEqual(yield* store.putMirror(claim, rows), 0)
      const found = yield* store.event(user.userId, odd.id)
      assert.match(Option.getOrThrow(found).subject, /^a.*b.*c$/su)
    })
  )

  it.effect("MUST count the rows that changed, and raise the mirror number for them alone", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const claim = yield* claimed(user, user.primary)
      const events = [event("a", user.primary), event("b", user.primary)]
      const rows = { events, series: [series("s", user.primary)] }
      const numbers = [(yield* sliceOf(user)).mirrorNumber]
      const put = Effect.fnUntraced(function* (next: typeof rows) {
        const changed = yield* store.putMirror(claim, next)
        numbers.push((yield* sliceOf(user)).mirrorNumber)
        return changed
      })
      assert.strictEqual(yield* put(rows), 3)
      assert.strictEqual(yield* put(rows), 0)
      assert.strictEqual(yield* put({ events: [], series: [] }), 0)
      const moved = { ...event("b", user.primary), start: now + minute }
      assert.strictEqual(yield* put({ ...rows, events: [event("a", user.primary), moved] }), 1)
      assert.strictEqual(yield* put({ events: [], series: [series("s", user.primary, { isCancelled: true })] }), 1)
      const gained = facts({ people: ["ada@example.com"] })
      assert.strictEqual(yield* put({ events: [{ ...moved, facts: gained }], series: [] }), 1)
      const [zero = 0, first = 0, second, third, fourth = 0, fifth = 0, sixth = 0] = numbers
      assert.isAbove(first, zero)
      assert.deepStrictEqual([second, third], [first, first])
      assert.isTrue(first < fourth && fourth < fifth && fifth < sixth, numbers.join())
    })
  )

  it.effect("MUST raise the mirror number when another claimant brings a change", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      yield* listed(user, { events: [event("a", user.primary)] })
      const { mirrorNumber } = yield* sliceOf(user)
      yield* listed(user, { events: [event("a", user.primary)] })
      assert.strictEqual((yield* sliceOf(user)).mirrorNumber, mirrorNumber)
      yield* listed(user, { events: [event("a", user.primary, { isDeleted: true })] })
      assert.isAbove((yield* sliceOf(user)).mirrorNumber, mirrorNumber)
    })
  )

  it.effect("MUST keep when a row was first made", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      yield* listed(user, { events: [event("a", user.primary)], series: [series("s", user.primary)] })
      const later = { createdAt: now + hour, updatedAt: now + hour, subject: "later" }
      yield* listed(user, { events: [event("a", user.primary, later)], series: [series("s", user.primary, later)] })
      const a = Option.getOrThrow(yield* store.event(user.userId, eventId("a")))
      const s = Option.getOrThrow(yield* store.series(user.userId, seriesId("s")))
      assert.deepStrictEqual([a.createdAt, a.updatedAt, a.subject], [now - day, now + hour, "later"])
      assert.deepStrictEqual([s.createdAt, s.updatedAt, s.subject], [now - day, now + hour, "later"])
    })
  )

  it.effect("MUST keep the timing that was decided, and exceptions when they were not asked for", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const read = Effect.map(store.series(user.userId, seriesId("s")), Option.getOrThrow)
      const exceptions = { cancelled: ["2041-05-01"], moved: [] }
      yield* listed(user, { series: [series("s", user.primary, { exceptions })] })
      yield* committed(user, { decidedSeries: [{ id: seriesId("s"), decidedTiming: daily, exceptions: null }] })
      yield* listed(user, { series: [series("s", user.primary, { timing: weekly, decidedTiming: weekly })] })
      const kept = yield* read
      assert.deepStrictEqual([kept.timing, kept.decidedTiming, kept.exceptions], [weekly, daily, exceptions])
      const told = { cancelled: [], moved: [] }
      yield* listed(user, { series: [series("s", user.primary, { timing: weekly, exceptions: told })] })
      assert.deepStrictEqual((yield* read).exceptions, told)
    })
  )

  it.effect("MUST not count a row as changed by members that it keeps", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const exceptions = { cancelled: ["2041-05-01"], moved: [] }
      yield* listed(user, { events: [event("a", user.primary)], series: [series("s", user.primary, { exceptions })] })
      const claim = yield* claimed(user, user.primary)
      const changed = yield* store.putMirror(claim, {
        events: [event("a", user.primary, { createdAt: now })],
        series: [series("s", user.primary, { createdAt: now, decidedTiming: weekly, exceptions: null })]
      })
      assert.strictEqual(changed, 0)
    })
  )

  it.effect("MUST keep when a row last changed, and not count it as changed by when it was told", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      yield* listed(user, { events: [event("a", user.primary)], series: [series("s", user.primary)] })
      const before = yield* sliceOf(user)
      const later = { updatedAt: now + hour }
      const claim = yield* claimed(user, user.primary)
      const changed = yield* store.putMirror(claim, {
        events: [event("a", user.primary, later)],
        series: [series("s", user.primary, later)]
      })
      assert.strictEqual(changed, 0)
      const { events, mirrorNumber, series: rows } = yield* sliceOf(user)
      assert.deepStrictEqual([events, rows, mirrorNumber], [before.events, before.series, before.mirrorNumber])
    })
  )

  it.effect("MUST leave a row alone that another calendar has by now, when this one says that it ended", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const { primary, second } = user
      const rows = (calendarId: typeof primary, isDeleted: boolean) => ({
        events: [event("a", calendarId, { isDeleted })],
        series: [series("s", calendarId, { isDeleted })]
      })
      const here = yield* claimed(user, primary)
      const there = yield* claimed(user, second)
      yield* store.putMirror(here, rows(primary, false))
      yield* store.putMirror(there, rows(second, false))
      assert.strictEqual(yield* store.putMirror(here, rows(primary, true)), 0)
      const found = [
        Option.getOrThrow(yield* store.event(user.userId, eventId("a"))),
        Option.getOrThrow(yield* store.series(user.userId, seriesId("s")))
      ]
      assert.deepStrictEqual(
        found.map(({ calendarId, isDeleted }) => [calendarId, isDeleted]),
        [
          [second, false],
          [second, false]
        ]
      )
      assert.strictEqual(yield* store.putMirror(there, rows(second, true)), 2)
      assert.strictEqual(yield* store.putMirror(here, rows(primary, false)), 2)
    })
  )

  it.effect("MUST turn every row of a dropped calendar into a tombstone, and count them", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const { primary, second } = user
      yield* listed(user, {
        events: [event("a", primary), event("b", primary, { isDeleted: true }), event("c", second)],
        series: [series("s", primary), series("t", second)]
      })
      yield* committed(user, { putVirtual: [event("p", primary, { isVirtual: true })] })
      yield* caughtUp(user)
      const before = yield* sliceOf(user)
      assert.strictEqual(yield* store.dropMirror(user.connection, primary, now + hour, 10_000), 3)
      const after = yield* sliceOf(user)
      assert.isAbove(after.mirrorNumber, before.mirrorNumber)
      const gone = [...after.events, ...after.series].filter((row) => row.isDeleted)
      assert.sameMembers(idsOf<string>(gone), [...["a", "b", "p"].map(eventId), seriesId("s")])
      const changed = yield* sliceOf(user, { kind: "changed" })
      assert.deepStrictEqual(sortedIdsOf(changed.events), [eventId("a"), eventId("p")])
      assert.strictEqual(yield* store.dropMirror(user.connection, primary, now + 2 * hour, 10_000), 0)
      assert.strictEqual((yield* sliceOf(user)).mirrorNumber, after.mirrorNumber)
    })
  )

  it.effect("MUST give a calendar up a bounded number of rows at a time (V3)", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      yield* listed(user, { events: Array.from({ length: 120 }, (_, n) => event(`e${n}`, user.primary)) })
      let left = 120
      while (left > 0) {
        const dropped = yield* store.dropMirror(user.connection, user.primary, now + hour, 40)
        assert.isAtLeast(dropped, 1)
        assert.isAtMost(dropped, 80)
        left -= dropped
      }
      assert.strictEqual(yield* store.dropMirror(user.connection, user.primary, now + hour, 40), 0)
    })
  )

  it.effect("MUST take a batch as large as a page of changes", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const claim = yield* claimed(user, user.primary)
      const events = Array.from({ length: 500 }, (_, n) => event(`n${n}`, user.primary, { start: now + n * minute }))
      assert.strictEqual(yield* store.putMirror(claim, { events, series: [] }), 500)
      assert.strictEqual(yield* store.putMirror(claim, { events, series: [] }), 0)
      const ids = { events: idsOf(events), series: [], providerIds: events.map((row) => row.providerId) }
      assert.lengthOf((yield* store.mirrored(user.userId, user.primary, ids)).events, 500)
    })
  )
}
