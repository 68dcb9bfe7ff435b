/** What a feed's server may answer instead: nothing of it deletes anything, and each is told in words. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { calendar } from "../Calendars.ts"
import { meeting, meetings, scene } from "./FeedScene.ts"
import { type Fault, emptyCalendar } from "./FeedServer.ts"

const minute = 60_000

const faults: ReadonlyArray<readonly [string, Fault, RegExp]> = [
  ["404", { kind: "status", status: 404 }, /^Unavailable: .* status 404/],
  ["410", { kind: "status", status: 410 }, /^Unavailable: .* status 410/],
  ["401", { kind: "status", status: 401 }, /^Unavailable: .* status 401/],
  ["500", { kind: "status", status: 500 }, /^Unavailable: .* status 500/],
  ["204", { kind: "status", status: 204 }, /^Unavailable: .* status 204/],
  ["a page", { kind: "body", body: "<html>Sign in</html>" }, /^Unavailable: .* no calendar/],
  ["nothing", { kind: "body", body: "" }, /^Unavailable: .* no calendar/],
  ["an answer that is cut off", { kind: "cut", bytes: 700 }, /^Unavailable: .* ends before its END:VCALENDAR/],
  ["a connection that ends", { kind: "broken", bytes: 700 }, /^Unavailable: .* can't be reached/],
  ["silence", { kind: "silent" }, /^Unavailable: .* did not answer within 0.2 s/],
  ["an emptied calendar", { kind: "body", body: emptyCalendar }, /^Unavailable: .* suddenly holds 0 meetings/],
  ["a tenth", { kind: "body", body: meetings(1) }, /^Unavailable: .* suddenly holds 1 meetings/]
]

describe("a feed that answers otherwise than it should", () => {
  it.effect.each(faults)("deletes nothing: %s", ([, fault, word]) =>
    Effect.gen(function* () {
      const options = { limits: { freshMillis: 0, backoffMinMillis: 0, waitMillis: 200 } }
      const first = yield* scene(meetings(12), options)
      const { cursor } = yield* first.changes({ before: null })
      first.published.fault = fault
      // A process that has never read it knows of what it held by the cursor alone.
      for (const { changes, event: ask } of [first, yield* first.another]) {
        assert.match(yield* Effect.flip(changes({ cursor })), word)
        assert.match(yield* Effect.flip(changes({ before: cursor })), word)
        assert.match(yield* Effect.flip(ask("meeting-3")), /^Unavailable/)
      }
      first.published.fault = null
      assert.isTrue(yield* first.event("meeting-3"))
      assert.deepStrictEqual((yield* first.changes({ cursor })).items, [])
    }).pipe(Effect.scoped)
  )

  it.effect("is believed to be empty when it has been so for an hour, and at once where it is small", () =>
    Effect.gen(function* () {
      const { changes, event: ask, published } = yield* scene(meetings(12))
      const { cursor } = yield* changes({ before: null })
      published.text = emptyCalendar
      assert.match(yield* Effect.flip(changes({ cursor })), /suddenly holds 0/)
      yield* TestClock.adjust(59 * minute)
      assert.match(yield* Effect.flip(changes({ cursor })), /suddenly holds 0/)
      yield* TestClock.adjust(minute)
      const { items } = yield* changes({ cursor })
      assert.strictEqual(items.filter(({ kind }) => kind === "removed").length, 12)
      assert.isFalse(yield* ask("meeting-3"))
      const small = yield* scene(meetings(9))
      const begun = yield* small.changes({ before: null })
      small.published.text = emptyCalendar
      assert.strictEqual((yield* small.changes({ cursor: begun.cursor })).items.length, 9)
      assert.isFalse(yield* small.event("meeting-3"))
    }).pipe(Effect.scoped)
  )

  it.effect("begins the hour anew when it was well in between", () =>
    Effect.gen(function* () {
      const { changes, published } = yield* scene(meetings(12))
      const { cursor } = yield* changes({ before: null })
      for (const text of [emptyCalendar, meetings(12), emptyCalendar]) {
        published.text = text
        yield* Effect.result(changes({ cursor }))
        yield* TestClock.adjust(40 * minute)
      }
      assert.match(yield* Effect.flip(changes({ cursor })), /suddenly holds 0/)
    }).pipe(Effect.scoped)
  )

  it.effect("says nothing of what it can't read: a start, a rule, a name", () =>
    Effect.gen(function* () {
      const daily = meeting("daily", "RRULE:FREQ=DAILY;COUNT=3")
      const whole = calendar(meeting("one"), meeting("two"), daily)
      const { changes, event: ask, published } = yield* scene(whole)
      const { cursor } = yield* changes({ before: null })
      for (const [pattern, instead, id] of [
        ["DTSTART:20271206T100000Z", "DTSTART:at noon", "one"],
        ["RRULE:FREQ=DAILY;COUNT=3", "RRULE:FREQ=SOMETIMES", "daily/2027-12-07T10:00:00Z"],
        ["UID:two", "U I D", "two"]
      ] as const) {
        published.text = whole.replace(pattern, instead)
        const told = yield* Effect.result(changes({ cursor }))
        assert.deepStrictEqual(told._tag === "Success" ? told.success.items : [], [], instead)
        assert.match(yield* Effect.flip(ask(id)), /^(Unreadable|Unavailable): /, instead)
      }
    }).pipe(Effect.scoped)
  )

  it.effect("deletes nothing by the word of a process that has not read it before", () =>
    Effect.gen(function* () {
      const first = yield* scene(meetings(3))
      yield* first.changes({ before: null })
      first.published.text = emptyCalendar
      const second = yield* first.another
      assert.match(yield* Effect.flip(second.event("meeting-1")), /proves nothing yet/)
    }).pipe(Effect.scoped)
  )
})

describe("a feed that is followed", () => {
  it.effect("is not sent again while it is the same, and told once where the server can't say so", () =>
    Effect.gen(function* () {
      const { changes, published } = yield* scene(meetings(3))
      const { cursor } = yield* changes({ before: null })
      assert.deepStrictEqual((yield* changes({ cursor })).items, [])
      published.hasEtag = false
      // The time of the answer stands in every entry.
      published.text = published.text.replaceAll("SUMMARY", "DTSTAMP:20271201T000000Z\r\nSUMMARY")
      const second = yield* changes({ cursor })
      assert.deepStrictEqual(second.items, [])
      assert.deepStrictEqual(published.requests, [200, 304, 200])
    }).pipe(Effect.scoped)
  )

  it.effect("is asked ever more seldom while it fails, and when somebody asks, at most every two seconds", () =>
    Effect.gen(function* () {
      const { changes, published } = yield* scene(meetings(3), {})
      const { cursor } = yield* changes({ before: null })
      published.fault = { kind: "status", status: 500 }
      let asked = 0
      for (let minutes = 0; minutes < 8 * 60; minutes++) {
        yield* Effect.result(changes({ cursor }))
        yield* TestClock.adjust(minute)
      }
      asked = published.requests.length
      assert.isBelow(asked, 20)
      published.fault = null
      assert.match(yield* Effect.flip(changes({ cursor })), /status 500/)
    }).pipe(Effect.scoped)
  )

  it.effect("is left alone for as long as it asks", () =>
    Effect.gen(function* () {
      const { changes, published } = yield* scene(meetings(3))
      const { cursor } = yield* changes({ before: null })
      published.fault = { kind: "status", status: 429, retryAfter: "90" }
      assert.match(yield* Effect.flip(changes({ cursor })), /^Throttled: .*90000/)
      published.fault = null
      yield* TestClock.adjust(89_000)
      assert.match(yield* Effect.flip(changes({ cursor })), /^Throttled: .*1000/)
      assert.strictEqual(published.requests.length, 2)
      yield* TestClock.adjust(1_000)
      assert.deepStrictEqual((yield* changes({ cursor })).items, [])
    }).pipe(Effect.scoped)
  )

  it.effect("answers many questions by id with one request", () =>
    Effect.gen(function* () {
      const { changes, event: ask, published } = yield* scene(meetings(30), {})
      yield* changes({ before: null })
      for (let n = 0; n < 30; n++) assert.isTrue(yield* ask(`meeting-${n}`))
      assert.isFalse(yield* ask("nobody"))
      assert.deepStrictEqual(published.requests, [200])
      yield* TestClock.adjust(11_000)
      yield* Effect.all([ask("meeting-1"), ask("meeting-2"), ask("meeting-3")], { concurrency: "unbounded" })
      assert.deepStrictEqual(published.requests, [200, 304])
    }).pipe(Effect.scoped)
  )

  it.effect("expires a cursor of other settings, and one whose meetings nobody can name any more", () =>
    Effect.gen(function* () {
      const first = yield* scene(meetings(30))
      const { cursor } = yield* first.changes({ before: null })
      first.published.text = meetings(29)
      const second = yield* first.another
      assert.match(yield* Effect.flip(second.changes({ cursor })), /^CursorExpired/)
      assert.strictEqual((yield* first.changes({ cursor })).items.length, 1)
      assert.match(yield* Effect.flip(first.changes({ cursor: "somebody else's" })), /^CursorExpired/)
      const other = JSON.stringify({ ...(JSON.parse(cursor) as object), reading: "other" })
      assert.match(yield* Effect.flip(first.changes({ cursor: other })), /^CursorExpired/)
    }).pipe(Effect.scoped)
  )

  it.effect("tells who comes again with a cursor what became of what was told since", () =>
    Effect.gen(function* () {
      const whole = meetings(3)
      const { changes, published } = yield* scene(whole)
      const { cursor } = yield* changes({ before: null })
      // Both passes are broken off on the way, and their reader keeps the cursor.
      for (const text of [
        whole.replace("END:VCALENDAR", `${meeting("new")}\r\nEND:VCALENDAR`),
        whole.replace("SUMMARY:meeting-1", "SUMMARY:renamed")
      ]) {
        published.text = text
        assert.isNotEmpty((yield* changes({ cursor })).items)
      }
      published.text = whole
      const { items } = yield* changes({ cursor })
      const words = items.map((item) =>
        item.kind === "event" ? item.event.subject : item.kind === "removed" ? `removed ${item.providerId}` : item.kind
      )
      assert.deepStrictEqual(words, ["meeting-1", "removed new"])
    }).pipe(Effect.scoped)
  )

  it.effect("is polled, and says why", () =>
    Effect.gen(function* () {
      const { session } = yield* scene(meetings(3))
      const [listed] = yield* session.calendars
      const { reason } = yield* Effect.flip(session.subscribe(listed?.providerId ?? assert.fail("no calendar")))
      assert.strictEqual(reason._tag === "NotSubscribable" ? reason.code : reason._tag, "push_not_supported")
      assert.deepStrictEqual(yield* session.subscriptions, [])
    }).pipe(Effect.scoped)
  )
})
