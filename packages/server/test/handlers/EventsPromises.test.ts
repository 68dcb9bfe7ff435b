/**
 * What the contract promises about lists of events, asked of the real core over in-memory adapters.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { connected, day, hour, iso, minute, noon, zoom } from "../Whole.ts"

const rowsMax = 200

/** One meeting an hour, called by its number. */
const withMeetings = (count: number) =>
  Effect.gen(function* () {
    const host = yield* connected
    const ids: Array<string> = []
    for (let n = 0; n < count; n++) {
      ids.push(
        yield* host.control.create(host.calendarId, {
          subject: `M${n}`,
          start: noon + (n + 1) * hour,
          end: noon + (n + 1) * hour + 30 * minute,
          joinUrl: zoom
        })
      )
    }
    yield* host.syncChanges
    const subjects = (path: string) =>
      Effect.map(host.ok("GET", path), ({ next, previous, results }) => ({
        next: next as string | null,
        previous: previous as string | null,
        subjects: results.map(({ subject }: { readonly subject: string }) => subject) as ReadonlyArray<string>
      }))
    return { ...host, ids, subjects }
  })

describe("pages", () => {
  it.effect("turn both ways, while others come, move and go: rows that stay neither repeat nor vanish", () =>
    Effect.gen(function* () {
      const { calendarId, control, ids, syncChanges, subjects } = yield* withMeetings(12)
      const forth: Array<string> = []
      const cursors: Array<string> = []
      let page = yield* subjects("/events?limit=3")
      for (let turn = 0; ; turn++) {
        forth.push(...page.subjects)
        if (page.previous !== null) cursors.push(page.previous)
        if (page.next === null) break
        // Before the place, at the place, and behind it.
        yield* control.create(calendarId, { subject: `new ${turn}`, start: noon + 30 * minute, joinUrl: zoom })
        if (turn === 0) yield* control.remove(ids[2] ?? "")
        if (turn === 1) yield* control.change(ids[0] ?? "", { start: noon + 20 * hour })
        if (turn === 2) yield* control.remove(ids[10] ?? "")
        yield* syncChanges
        page = yield* subjects(`/get_events?cursor=${page.next}`)
        assert.isBelow(forth.length, rowsMax)
      }
      const staying = ["M1", "M3", "M4", "M5", "M6", "M7", "M8", "M9", "M11"]
      assert.deepStrictEqual(
        forth.filter((subject) => staying.includes(subject)),
        staying
      )
      const back: Array<string> = []
      let at: string | null = cursors.at(-1) ?? null
      while (at !== null) {
        const found: { readonly previous: string | null; readonly subjects: ReadonlyArray<string> } = yield* subjects(
          `/get_events?cursor=${at}`
        )
        back.unshift(...found.subjects)
        at = found.previous
        assert.isBelow(back.length, rowsMax)
      }
      const before = new Set(back)
      assert.strictEqual(before.size, back.length, "nothing twice")
      for (const subject of staying.filter((each) => !page.subjects.includes(each))) assert.isTrue(before.has(subject))
    })
  )

  it.effect("reached by cursor never sync, and refuse to be another query's", () =>
    Effect.gen(function* () {
      const { calendarId, control, no, ok, subjects } = yield* withMeetings(4)
      const { next } = yield* subjects("/events?limit=2")
      yield* control.create(calendarId, { subject: "unread", start: noon + 3.5 * hour })
      yield* TestClock.adjust(6 * minute)
      assert.deepStrictEqual((yield* subjects(`/events?cursor=${next}&sync=true`)).subjects, ["M2", "M3"])
      assert.strictEqual(yield* no("GET", `/events?cursor=${next}&calendar_id=all`), "400 invalid_cursor")
      assert.strictEqual(yield* no("GET", `/events?cursor=${next}x`), "400 invalid_cursor")
      assert.strictEqual(yield* no("GET", `/scheduled_bots?cursor=${next}`), "400 invalid_cursor")
      assert.strictEqual((yield* ok("GET", `/events?cursor=${next}&limit=1`)).results.length, 1)
    })
  )

  it.effect("of bots come soonest first, and turn both ways", () =>
    Effect.gen(function* () {
      const { named, ok } = yield* withMeetings(5)
      for (const subject of ["M3", "M0", "M4", "M1", "M2"]) {
        yield* ok("POST", `/schedule/${(yield* named(subject))[0].id}`, { bot_config: { bot_name: subject } })
      }
      const first = yield* ok("GET", "/scheduled_bots?limit=2")
      const second = yield* ok("GET", `/scheduled_bots?cursor=${first.next}`)
      const third = yield* ok("GET", `/scheduled_bots?cursor=${second.next}`)
      const names = (page: { readonly scheduled_bots: ReadonlyArray<{ readonly bot_username: string }> }) =>
        page.scheduled_bots.map(({ bot_username: name }) => name)
      assert.deepStrictEqual([names(first), names(second), names(third)], [["M0", "M1"], ["M2", "M3"], ["M4"]])
      assert.isTrue(first.has_more)
      assert.isFalse(third.has_more)
      assert.deepStrictEqual(names(yield* ok("GET", `/scheduled_bots?cursor=${third.previous}`)), ["M2", "M3"])
    })
  )
})

describe("what a list holds", () => {
  it.effect("is what overlaps [time_min, time_max), a day back and 28 ahead by default", () =>
    Effect.gen(function* () {
      const { calendarId, control, syncChanges, subjects } = yield* connected.pipe(
        Effect.map((host) => ({
          ...host,
          subjects: (path: string) =>
            Effect.map(host.ok("GET", path), ({ results }) =>
              results.map(({ subject }: { readonly subject: string }) => subject)
            )
        }))
      )
      yield* control.create(calendarId, { subject: "long ago", start: noon - 30 * hour, end: noon - 25 * hour })
      yield* control.create(calendarId, { subject: "reaches in", start: noon - 30 * hour, end: noon - 23 * hour })
      yield* control.create(calendarId, { subject: "ahead", start: noon + 27 * day, end: noon + 27 * day + hour })
      yield* syncChanges
      assert.deepStrictEqual(yield* subjects("/get_events"), ["reaches in", "ahead"])
      const window = (from: number, to: number) => `/get_events?time_min=${iso(from)}&time_max=${iso(to)}`
      const start = noon + 27 * day
      assert.deepStrictEqual(yield* subjects(window(start - hour, start)), [])
      assert.deepStrictEqual(yield* subjects(window(start - hour, start + 1)), ["ahead"])
      assert.deepStrictEqual(yield* subjects(window(start + hour, start + 2 * hour)), [])
    })
  )

  it.effect("leaves deleted events out unless they are asked for; cancelled ones say so", () =>
    Effect.gen(function* () {
      const { control, ids, ok, syncChanges } = yield* withMeetings(2)
      yield* control.remove(ids[0] ?? "")
      yield* control.change(ids[1] ?? "", { isCancelled: true })
      yield* syncChanges
      const usual = (yield* ok("GET", "/get_events")).results
      assert.lengthOf(usual, 1)
      assert.isTrue(usual[0].is_cancelled)
      const all = (yield* ok("GET", "/get_events?include_deleted=true")).results
      assert.deepStrictEqual(
        all.map((row: { readonly is_deleted: boolean }) => row.is_deleted),
        [true, false]
      )
    })
  )

  it.effect("is one calendar, by default the primary one, or all; a meeting in several comes once if so wished", () =>
    Effect.gen(function* () {
      const { accountId, calendarId, control, no, ok, syncChanges } = yield* connected
      const side = yield* control.addCalendar(accountId, { summary: "Side" })
      yield* ok("GET", "/calendars")
      const same = { iCalUid: "both@example.com", start: noon + hour, subject: "Both", joinUrl: zoom }
      yield* control.create(side, same)
      yield* control.create(calendarId, same)
      yield* control.create(side, { subject: "Side alone", start: noon + 2 * hour })
      yield* syncChanges
      const of = (query: string) =>
        Effect.map(ok("GET", `/get_events?${query}`), ({ results }) =>
          results.map((row: { readonly subject: string; readonly calendar_id: string }) => [
            row.subject,
            row.calendar_id
          ])
        )
      assert.deepStrictEqual(yield* of(""), [["Both", calendarId]])
      assert.lengthOf(yield* of("calendar_id=all"), 3)
      assert.deepStrictEqual(yield* of("calendar_id=all&cleanup_duplicates=true"), [
        ["Both", calendarId],
        ["Side alone", side]
      ])
      assert.strictEqual(yield* no("GET", "/get_events?calendar_id=nobodys"), "404 calendar_not_found")
    })
  )
})

describe("a sync", () => {
  it.effect("happens when the last is five minutes old, or the calendar changed, or it is asked for; else not", () =>
    Effect.gen(function* () {
      const { calendarId, control, ok } = yield* connected
      const count = (query: string) => Effect.map(ok("GET", `/events?${query}`), ({ results }) => results.length)
      assert.strictEqual(yield* count(""), 0)
      yield* control.create(calendarId, { subject: "one" })
      assert.strictEqual(yield* count(""), 0, "known since a moment ago")
      assert.strictEqual(yield* count("sync=false"), 0)
      assert.strictEqual(yield* count("sync=true"), 1)
      yield* control.create(calendarId, { subject: "two" })
      yield* TestClock.adjust(4 * minute)
      assert.strictEqual(yield* count(""), 1)
      yield* TestClock.adjust(2 * minute)
      assert.strictEqual(yield* count("sync=false"), 1)
      assert.strictEqual(yield* count(""), 2)
    })
  )
})
