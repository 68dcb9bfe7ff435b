/**
 * What the contract promises about recurring meetings, asked of the real core over in-memory adapters.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { connected, day, hour, iso, minute, noon, zoom } from "../Whole.ts"

/** Every day at 15:00 in UTC, from today (a Tuesday) on. */
const daily = {
  rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } },
  startDate: "2026-03-10",
  startTime: 15 * hour,
  durationMillis: hour,
  zone: "UTC"
} as const

const startOf = (index: number): number => noon + 3 * hour + index * day

const withSeries = Effect.gen(function* () {
  const host = yield* connected
  const providerId = yield* host.control.createSeries(host.calendarId, {
    timing: daily,
    subject: "Stand-up",
    joinUrl: zoom
  })
  yield* host.syncChanges
  const rows = (yield* host.named("Stand-up")).filter(({ start_time: start }) => start > iso(noon))
  const [first] = rows
  const bots = Effect.map(host.ok("GET", "/scheduled_bots"), ({ scheduled_bots: all }) =>
    all.map((bot: { readonly scheduled_join_time: string }) => bot.scheduled_join_time)
  )
  const joins = (...indexes: ReadonlyArray<number>) => indexes.map((index) => iso(startOf(index) - minute))
  return { ...host, bots, first, joins, providerId, rows, seriesId: first.series_id as string }
})

describe("an occurrence", () => {
  it.effect("is a row of its own, with its series' subject, link and rule; the series is none", () =>
    Effect.gen(function* () {
      const { first, ok, rows, seriesId } = yield* withSeries
      assert.isAbove(rows.length, 20)
      assert.isTrue(rows.every((row) => row.series_id === seriesId && row.is_recurring && row.meeting_url === zoom))
      assert.property(first, "recurrence_rule")
      assert.strictEqual(first.original_start_time, first.start_time)
      assert.isFalse(first.recurring_enabled)
      const { results } = yield* ok("GET", "/get_events?limit=100")
      assert.isFalse(results.some((row: { readonly id: string }) => row.id === seriesId))
    })
  )

  it.effect("is scheduled by its id, by the series' for the next, by an instant or a day; none is no occurrence", () =>
    Effect.gen(function* () {
      const { bots, first, joins, no, ok, seriesId } = yield* withSeries
      const next = yield* ok("POST", `/schedule/${seriesId}`)
      assert.strictEqual(next.event_id, first.id)
      assert.isTrue(next.is_recurring_occurrence)
      yield* ok("POST", `/schedule/${first.id}`, { occurrence_date: "2026-03-13" })
      yield* ok("POST", `/schedule/${first.id}`, { occurrence_date: "2026-03-14T16:00:00+01:00" })
      // Beyond the window of four weeks.
      yield* ok("POST", `/schedule/${seriesId}`, { occurrence_date: "2026-06-01" })
      assert.deepStrictEqual(yield* bots, joins(0, 3, 4, 83))
      for (const date of ["2026-03-14T16:00:00Z", "2026-03-09"]) {
        assert.match(
          yield* no("POST", `/schedule/${seriesId}`, { occurrence_date: date }),
          /occurrence_not_found|event_ended/
        )
      }
      assert.strictEqual(yield* no("POST", `/schedule/${first.id}`), "409 bot_already_scheduled")
    })
  )

  it.effect("alone goes when it is unscheduled; the series' id means the next that has a bot", () =>
    Effect.gen(function* () {
      const { bots, joins, ok, rows, seriesId } = yield* withSeries
      yield* ok("POST", `/schedule/${seriesId}`, { schedule_all_occurrences: true, occurrence_limit: 4 })
      const answer = yield* ok("DELETE", `/schedule/${rows[1].id}`)
      assert.deepInclude(answer, { bots_deleted: 1, is_recurring_series: true, cancel_all_occurrences: false })
      assert.deepStrictEqual(yield* bots, joins(0, 2, 3))
      yield* ok("DELETE", `/schedule/${seriesId}`)
      assert.deepStrictEqual(yield* bots, joins(2, 3))
    })
  )
})

describe("all occurrences", () => {
  it.effect("cover real ones at their real times, up to the limit, and tell what they passed over", () =>
    Effect.gen(function* () {
      const { control, ok, providerId, seriesId, syncChanges } = yield* withSeries
      yield* control.changeOccurrence(providerId, "2026-03-11", { isCancelled: true })
      yield* control.deleteOccurrence(providerId, "2026-03-12")
      yield* control.changeOccurrence(providerId, "2026-03-13", {
        start: startOf(3) + hour,
        end: startOf(3) + 2 * hour
      })
      yield* syncChanges
      const answer = yield* ok("POST", `/schedule/${seriesId}`, { schedule_all_occurrences: true, occurrence_limit: 3 })
      assert.strictEqual(answer.scheduled_count, 3)
      assert.deepStrictEqual(
        answer.bots.map((bot: { readonly scheduled_time: string }) => bot.scheduled_time),
        [startOf(0) - minute, startOf(3) + hour - minute, startOf(4) - minute].map(iso)
      )
      assert.strictEqual(answer.bot_id, answer.bots[0].bot_id)
      assert.deepStrictEqual(
        answer.skipped.map(({ reason }: { readonly reason: string }) => reason),
        ["event_cancelled"]
      )
    })
  )

  it.effect(
    "C: count and list the bots that the request made; one that it only found is passed over, by its name",
    () =>
      Effect.gen(function* () {
        const { ok, rows, seriesId } = yield* withSeries
        const found = yield* ok("POST", `/schedule/${rows[1].id}`)
        const answer = yield* ok("POST", `/schedule/${seriesId}`, {
          schedule_all_occurrences: true,
          occurrence_limit: 3
        })
        assert.strictEqual(answer.scheduled_count, 2)
        assert.deepStrictEqual(
          answer.bots.map((bot: { readonly scheduled_time: string }) => bot.scheduled_time),
          [startOf(0) - minute, startOf(2) - minute].map(iso)
        )
        assert.deepStrictEqual(answer.skipped, [
          {
            event_id: rows[1].id,
            start_time: iso(startOf(1)),
            reason: "bot_already_scheduled",
            bot_id: found.bot_id
          }
        ])
      })
  )

  it.effect("are 52 unless it is said otherwise, and beyond the window at once", () =>
    Effect.gen(function* () {
      const { no, ok, seriesId } = yield* withSeries
      const answer = yield* ok("POST", `/schedule/${seriesId}`, { schedule_all_occurrences: true })
      assert.strictEqual(answer.scheduled_count, 52)
      assert.strictEqual(answer.bots.at(-1).scheduled_time, iso(startOf(51) - minute))
      const again = yield* no("POST", `/schedule/${seriesId}`, { schedule_all_occurrences: true })
      assert.strictEqual(again, "409 bot_already_scheduled")
    })
  )

  it.effect("end with the series' intents, or from a date on, which is midnight in the event's zone", () =>
    Effect.gen(function* () {
      const { bots, joins, ok, rows, seriesId } = yield* withSeries
      const all = { schedule_all_occurrences: true, occurrence_limit: 5 }
      yield* ok("POST", `/schedule/${seriesId}`, all)
      const some = yield* ok("DELETE", `/schedule/${rows[0].id}`, { from_date: "2026-03-13" })
      assert.strictEqual(some.bots_deleted, 2)
      assert.deepStrictEqual(yield* bots, joins(0, 1, 2))
      yield* ok("POST", "/toggle-recurrence", { event_id: seriesId, recurring_enabled: true })
      const rest = yield* ok("DELETE", `/schedule/${seriesId}`, { cancel_all_occurrences: true })
      assert.deepInclude(rest, { bots_deleted: 3, schedules_cancelled: 3, cancel_all_occurrences: true })
      assert.deepStrictEqual(yield* bots, [])
      assert.isFalse((yield* ok("GET", "/get_events")).results[0].recurring_enabled)
    })
  )
})

describe("a chain", () => {
  it.effect("gives each next occurrence its bot when the one before was handed over", () =>
    Effect.gen(function* () {
      const { bots, joins, named, ok, punctual, seriesId } = yield* withSeries
      yield* ok("POST", `/schedule/${seriesId}`, { recurring_event: true, bot_config: { bot_name: "Chain" } })
      assert.deepStrictEqual(yield* bots, joins(0))
      yield* Effect.forkChild(punctual.run)
      yield* TestClock.adjust(3 * hour)
      assert.deepStrictEqual(yield* bots, joins(1))
      yield* TestClock.adjust(day)
      assert.deepStrictEqual(yield* bots, joins(2))
      const rows = yield* named("Stand-up")
      const origins = rows.flatMap((row) => row.bots).map((bot: { readonly origin: string }) => bot.origin)
      assert.includeMembers(origins, ["recurring"])
      assert.isTrue(rows.at(-1).recurring_enabled)
    })
  )

  it.effect(
    "is switched by an occurrence's id or the series', and tells rule and times; 400 where nothing recurs",
    () =>
      Effect.gen(function* () {
        const { bots, calendarId, control, first, joins, named, no, ok, seriesId, syncChanges } = yield* withSeries
        const on = yield* ok("POST", "/toggle-recurrence", { event_id: first.id, recurring_enabled: true })
        assert.deepInclude(on, { event_id: first.id, series_id: seriesId, recurring_enabled: true })
        assert.deepInclude(on, { message: "Recurrence enabled for event", summary: "Stand-up" })
        assert.deepInclude(on, { start_time: first.start_time, end_time: first.end_time })
        assert.property(on, "recurrence_rule")
        assert.deepStrictEqual(yield* bots, joins(0))
        yield* ok("POST", "/toggle-recurrence", { event_id: seriesId, recurring_enabled: false })
        assert.deepStrictEqual(yield* bots, joins(0), "the bot that is scheduled stays")
        yield* control.create(calendarId, { subject: "Single", joinUrl: zoom })
        yield* syncChanges
        const single = (yield* named("Single"))[0].id
        const refused = yield* no("POST", "/toggle-recurrence", { event_id: single, recurring_enabled: true })
        assert.strictEqual(refused, "400 not_recurring")
      })
  )

  it.effect("goes on one step by hand: the occurrence after the one named, once, without switching it on", () =>
    Effect.gen(function* () {
      const { bots, first, joins, no, ok, seriesId } = yield* withSeries
      const answer = yield* ok("POST", "/auto-reschedule", { event_id: first.id, bot_config: { bot_name: "Next" } })
      assert.deepInclude(answer, { origin: "recurring", scheduled_time: iso(startOf(1) - minute) })
      assert.strictEqual(yield* no("POST", "/auto-reschedule", { event_id: first.id }), "409 bot_already_scheduled")
      // For a series the caller's time says which one is meant.
      yield* ok("POST", "/auto-reschedule", { event_id: seriesId, current_start_time: iso(startOf(5)) })
      assert.deepStrictEqual(yield* bots, joins(1, 6))
      assert.isFalse((yield* ok("GET", "/get_events")).results[0].recurring_enabled)
      const other = yield* no("POST", "/auto-reschedule", { event_id: first.id, user_id: "usr_another" })
      assert.strictEqual(other, "403 forbidden")
    })
  )

  it.effect("goes on one step by hand with the caller's link, where no link is synced", () =>
    Effect.gen(function* () {
      const { bots, control, first, joins, no, ok, providerId, syncChanges } = yield* withSeries
      const teams = "https://teams.microsoft.com/meet/744337110262323?p=a"
      const asked = { event_id: first.id, meeting_link: teams }
      const linkOf = Effect.map(ok("GET", "/scheduled_bots"), ({ scheduled_bots: [bot] }) => bot.meeting_link)
      yield* control.changeSeries(providerId, { joinUrl: null })
      yield* syncChanges
      assert.strictEqual(yield* no("POST", "/auto-reschedule", { event_id: first.id }), "422 no_meeting_link")
      for (const wrong of ["https://example.com/room", "", "http://teams.microsoft.com.example.com/meet/7"]) {
        const answer = yield* no("POST", "/auto-reschedule", { ...asked, meeting_link: wrong })
        assert.strictEqual(answer, "422 no_meeting_link", wrong)
      }
      yield* ok("POST", "/auto-reschedule", asked)
      assert.deepStrictEqual(yield* bots, joins(1))
      assert.strictEqual(yield* linkOf, teams)
      assert.strictEqual(yield* no("POST", "/auto-reschedule", asked), "409 bot_already_scheduled")
      // What is synced goes first, as soon as there is something.
      yield* control.changeSeries(providerId, { joinUrl: zoom })
      yield* syncChanges
      assert.strictEqual(yield* linkOf, zoom)
    })
  )

  it.effect("goes on one step by hand and pays no heed to the caller's link and rule where both are synced", () =>
    Effect.gen(function* () {
      const { bots, first, joins, ok } = yield* withSeries
      yield* ok("POST", "/auto-reschedule", {
        event_id: first.id,
        meeting_link: "https://teams.microsoft.com/meet/744337110262323?p=a",
        recurrence_rule: "FREQ=WEEKLY",
        current_start_time: iso(startOf(5))
      })
      assert.deepStrictEqual(yield* bots, joins(1))
      assert.strictEqual((yield* ok("GET", "/scheduled_bots")).scheduled_bots[0].meeting_link, zoom)
    })
  )

  it.effect("goes on one step by hand with the caller's rule, where the series' own is not understood", () =>
    Effect.gen(function* () {
      const { bots, control, joins, no, ok, providerId, rows, syncChanges } = yield* withSeries
      yield* control.changeSeries(providerId, { isUnreadable: true })
      yield* syncChanges
      const last = rows.at(-1)
      // Inside the window the calendar's own list says what comes next.
      yield* ok("POST", "/auto-reschedule", { event_id: rows[0].id, recurrence_rule: "FREQ=WEEKLY" })
      assert.deepStrictEqual(yield* bots, joins(1))
      const none = yield* no("POST", "/auto-reschedule", { event_id: last.id })
      assert.strictEqual(none, "404 occurrence_not_found")
      const unread = yield* no("POST", "/auto-reschedule", { event_id: last.id, recurrence_rule: "every other day" })
      assert.strictEqual(unread, "404 occurrence_not_found")
      const answer = yield* ok("POST", "/auto-reschedule", {
        event_id: last.id,
        recurrence_rule: "FREQ=DAILY;INTERVAL=3"
      })
      const expected = Date.parse(last.start_time) + 3 * day
      assert.deepInclude(answer, { origin: "recurring", scheduled_time: iso(expected - minute) })
      const found = (yield* ok("GET", "/get_events?limit=100&time_max=2027-01-01T00:00:00Z")).results.at(-1)
      assert.deepInclude(found, { id: answer.event_id, start_time: iso(expected), end_time: iso(expected + hour) })
    })
  )
})
