/**
 * What the contract promises about the bot of a single meeting, asked of the real core over in-memory adapters.
 */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import { TestClock } from "effect/testing"
import { LauncherMemory } from "@punctual/core/testing"
import { adele, otherKey } from "../Kit.ts"
import { connected, day, hour, iso, minute, noon, zoom } from "../Whole.ts"

/** A meeting from five to six in the afternoon. */
const withMeeting = Effect.gen(function* () {
  const host = yield* connected
  const meeting = yield* host.control.create(host.calendarId, {
    subject: "Review",
    start: noon + 5 * hour,
    end: noon + 6 * hour,
    joinUrl: zoom
  })
  yield* host.syncChanges
  const [row] = yield* host.named("Review")
  const bots = Effect.map(host.ok("GET", "/scheduled_bots"), ({ scheduled_bots: all }) => all)
  return { ...host, bots, meeting, path: `/schedule/${row.id}`, row }
})

describe("schedule", () => {
  it.effect("joins a minute before the start, and names schedule and group by the contract", () =>
    Effect.gen(function* () {
      const { bots, ok, path } = yield* withMeeting
      const answer = yield* ok("POST", path)
      assert.strictEqual(answer.scheduled_time, iso(noon + 5 * hour - minute))
      assert.strictEqual(answer.schedule_id, `bot-${adele}-${answer.bot_id}`)
      assert.strictEqual(answer.schedule_group, "zoom")
      assert.isFalse(answer.is_recurring_occurrence)
      assert.deepStrictEqual(answer.bot_config, {})
      const [bot] = yield* bots
      assert.match(bot.bot_id, /^bot_/)
      assert.deepInclude(bot.custom_attributes, { source: "calendar_integration", event_summary: "Review" })
      assert.strictEqual(bot.meeting_link, zoom)
    })
  )

  it.effect("means now where the join time has passed and the meeting has not ended; then it is too late", () =>
    Effect.gen(function* () {
      const { no, ok, path } = yield* withMeeting
      yield* TestClock.setTime(noon + 5 * hour + 20 * minute)
      assert.strictEqual((yield* ok("POST", path)).scheduled_time, iso(noon + 5 * hour + 20 * minute))
      const other = yield* withMeeting
      yield* TestClock.setTime(noon + 6 * hour)
      assert.strictEqual(yield* other.no("POST", other.path), "422 event_ended")
      assert.strictEqual(yield* no("POST", "/schedule/evt_nobodys"), "404 event_not_found")
    })
  )

  it.effect("twice is a conflict that names the bot; another user's id answers as an unknown one does", () =>
    Effect.gen(function* () {
      const { call, no, ok, path } = yield* withMeeting
      const { bot_id: botId } = yield* ok("POST", path)
      const again = yield* call("POST", `/api/v1/calendar${path}`, { body: { bot_config: { bot_name: "B" } } })
      assert.strictEqual(again.json.code, "bot_already_scheduled")
      assert.strictEqual(again.json.bot_id, botId)
      for (const [method, at] of [
        ["POST", path],
        ["DELETE", path],
        ["PATCH", `/scheduled_bots/${botId}`],
        ["DELETE", `/scheduled_bots/${botId}`]
      ] as const) {
        const theirs = yield* no(method, at, {}, { key: otherKey })
        const unknown = yield* no(method, at.replace(/_\w+$/, "_unknown"), {}, { key: otherKey })
        assert.strictEqual(theirs, unknown)
        assert.strictEqual(theirs.slice(0, 3), "404")
      }
    })
  )

  it.effect("refuses what can't be joined, each for its reason, and series' options on a single event", () =>
    Effect.gen(function* () {
      const { calendarId, control, named, no, path, syncChanges } = yield* withMeeting
      yield* control.create(calendarId, { subject: "No link", joinUrl: null })
      yield* control.create(calendarId, { subject: "Cancelled", joinUrl: zoom, isCancelled: true })
      yield* syncChanges
      assert.strictEqual(yield* no("POST", `/schedule/${(yield* named("No link"))[0].id}`), "422 no_meeting_link")
      assert.strictEqual(yield* no("POST", `/schedule/${(yield* named("Cancelled"))[0].id}`), "422 event_cancelled")
      for (const option of [
        { recurring_event: true },
        { schedule_all_occurrences: true },
        { occurrence_date: "2026-03-11" }
      ]) {
        assert.strictEqual(yield* no("POST", path, option), "400 not_recurring", JSON.stringify(option))
      }
      for (const odd of [
        { occurrence_limit: 0 },
        { occurrence_limit: 367 },
        { occurrence_date: "soon" },
        { other: 1 }
      ]) {
        assert.strictEqual(yield* no("POST", path, odd), "400 invalid_request", JSON.stringify(odd))
      }
    })
  )

  it.effect("O: says why one failed, and makes a new one while the meeting lasts", () =>
    Effect.gen(function* () {
      const { context, named, no, ok, path, punctual } = yield* withMeeting
      yield* Context.get(context, LauncherMemory.LauncherProbe).script([{ kind: "rejected", message: "No." }])
      const first = yield* ok("POST", path)
      yield* Effect.forkChild(punctual.run)
      yield* TestClock.adjust(5 * hour)
      const [failed] = (yield* named("Review"))[0].bots
      assert.deepInclude(failed, {
        id: first.bot_id,
        status: "Failed",
        status_reason: "launcher_rejected",
        status_message: "No."
      })
      const second = yield* ok("POST", path)
      assert.notStrictEqual(second.bot_id, first.bot_id)
      yield* TestClock.adjust(minute)
      const [launched] = (yield* named("Review"))[0].bots
      assert.deepInclude(launched, { id: second.bot_id, status: "Launched", is_scheduled: false })
      assert.strictEqual(launched.external_id, `external ${second.bot_id}`)
      yield* TestClock.adjust(hour)
      assert.strictEqual(yield* no("POST", path), "422 event_ended")
    })
  )
})

describe("unschedule", () => {
  it.effect("without a bot is no error; what a user removed stays removed until it is asked for again", () =>
    Effect.gen(function* () {
      const { bots, control, meeting, ok, path, syncChanges } = yield* withMeeting
      const nothing = yield* ok("DELETE", path)
      assert.deepInclude(nothing, { unscheduled: true, schedules_cancelled: 0, bots_deleted: 0 })
      assert.deepInclude(nothing, { cancelled_schedules: [], is_recurring_series: false })
      // It counts as the user's removal all the same.
      yield* ok("POST", "/auto-schedule/enable", {})
      assert.lengthOf(yield* bots, 0)
      yield* control.change(meeting, { subject: "Renamed" })
      yield* syncChanges
      assert.lengthOf(yield* bots, 0)
      const { schedule_id: scheduleId } = yield* ok("POST", path)
      assert.deepStrictEqual((yield* ok("DELETE", path)).cancelled_schedules, [scheduleId])
    })
  )
})

describe("scheduled_bots", () => {
  it.effect("PATCH keeps a join time as an offset that moves along, merges members, and null removes", () =>
    Effect.gen(function* () {
      const { bots, control, meeting, no, ok, path, syncChanges } = yield* withMeeting
      const { bot_id: botId } = yield* ok("POST", path, { bot_config: { bot_name: "A", one: 1, two: { deep: 2 } } })
      const at = `/scheduled_bots/${botId}`
      const patch = {
        scheduled_join_time: iso(noon + 5 * hour + 10 * minute),
        bot_username: "Updated",
        custom_attributes: { note: "VIP" },
        bot_config: { one: null, three: 3 }
      }
      const answer = yield* ok("PATCH", at, patch)
      assert.deepStrictEqual(answer.updated_fields, Object.keys(patch))
      assert.isTrue(answer.schedule_updated)
      const [bot] = yield* bots
      assert.strictEqual(bot.scheduled_join_time, patch.scheduled_join_time)
      assert.strictEqual(bot.bot_username, "Updated")
      assert.deepInclude(bot.custom_attributes, { note: "VIP", event_summary: "Review" })
      assert.deepStrictEqual(bot.bot_config, { bot_name: "A", two: { deep: 2 }, three: 3 })
      yield* control.change(meeting, { start: noon + 7 * hour })
      yield* syncChanges
      const [moved] = yield* bots
      assert.strictEqual(moved.bot_id, botId)
      assert.strictEqual(moved.scheduled_join_time, iso(noon + 7 * hour + 10 * minute))
      assert.strictEqual(yield* no("PATCH", at, { scheduled_join_time: iso(noon) }), "422 join_time_in_past")
      assert.strictEqual(yield* no("PATCH", at, { status: "Launched" }), "400 invalid_request")
    })
  )

  it.effect("PATCH with a join time at which the meeting has ended is refused, by where the meeting is now", () =>
    Effect.gen(function* () {
      const { bots, control, meeting, no, ok, path, syncChanges } = yield* withMeeting
      const { bot_id: botId } = yield* ok("POST", path)
      const to = (instant: number) => ({ scheduled_join_time: iso(instant) })
      for (const late of [noon + 6 * hour, noon + 30 * day]) {
        assert.strictEqual(yield* no("PATCH", `/scheduled_bots/${botId}`, to(late)), "422 event_ended")
      }
      const [kept] = yield* bots
      assert.strictEqual(kept.scheduled_join_time, iso(noon + 5 * hour - minute))
      yield* ok("PATCH", `/scheduled_bots/${botId}`, to(noon + 6 * hour - minute))
      // Shortened, its bot would come too late: it joins like any other, and late again when there is time for it.
      yield* control.change(meeting, { end: noon + 5 * hour + 30 * minute })
      yield* syncChanges
      assert.strictEqual((yield* bots)[0].scheduled_join_time, iso(noon + 5 * hour - minute))
      yield* control.change(meeting, { end: noon + 7 * hour })
      yield* syncChanges
      assert.strictEqual((yield* bots)[0].scheduled_join_time, iso(noon + 6 * hour - minute))
    })
  )

  it.effect("PATCH and DELETE of a bot past Scheduled say where it is; DELETE is the user's removal", () =>
    Effect.gen(function* () {
      const { bots, call, control, meeting, no, ok, path, punctual, syncChanges } = yield* withMeeting
      const first = yield* ok("POST", path)
      assert.strictEqual((yield* ok("DELETE", `/scheduled_bots/${first.bot_id}`)).bot_id, first.bot_id)
      yield* control.change(meeting, { subject: "Renamed" })
      yield* syncChanges
      assert.lengthOf(yield* bots, 0)
      const second = yield* ok("POST", path)
      assert.notStrictEqual(second.bot_id, first.bot_id)
      yield* Effect.forkChild(punctual.run)
      yield* TestClock.adjust(5 * hour)
      for (const method of ["PATCH", "DELETE"]) {
        const at = `/api/v1/calendar/scheduled_bots/${second.bot_id}`
        const { json } = yield* call(method, at, method === "PATCH" ? { body: { bot_username: "X" } } : {})
        assert.deepInclude(json, { status: 409, code: "bot_not_scheduled", bot_status: "Launched" })
      }
      assert.strictEqual(yield* no("DELETE", "/scheduled_bots/bot_unknown"), "404 bot_not_found")
      // Active until its meeting ends.
      assert.strictEqual(yield* no("POST", path), "409 bot_already_scheduled")
    })
  )
})

describe("a meeting that changes", () => {
  it.effect("is followed, to the past and back, without its link and with another", () =>
    Effect.gen(function* () {
      const { bots, control, meeting, named, ok, path, syncChanges } = yield* withMeeting
      const { bot_id: botId } = yield* ok("POST", path)
      const change = (members: Parameters<typeof control.change>[1]) =>
        Effect.all([TestClock.adjust(1_000), control.change(meeting, members), syncChanges])
      yield* change({ start: noon + day, end: noon + day + hour })
      assert.deepInclude((yield* bots)[0], { bot_id: botId, scheduled_join_time: iso(noon + day - minute) })
      yield* change({ start: noon - 2 * hour, end: noon - hour })
      const past = (yield* named("Review"))[0].bots[0]
      assert.deepInclude(past, { status: "Cancelled", status_reason: "meeting_moved_to_past" })
      yield* change({ start: noon + 3 * hour, end: noon + 4 * hour })
      assert.lengthOf(yield* bots, 1)
      yield* change({ joinUrl: null })
      assert.strictEqual((yield* named("Review"))[0].bots[0].status_reason, "link_removed")
      yield* change({ joinUrl: "https://meet.google.com/abc-defg-hij" })
      assert.deepInclude((yield* bots)[0], {
        platform: "Google Meet",
        meeting_link: "https://meet.google.com/abc-defg-hij"
      })
      yield* change({ isCancelled: true })
      assert.strictEqual((yield* named("Review"))[0].bots[0].status_reason, "meeting_cancelled")
      yield* change({ isCancelled: false })
      assert.lengthOf(yield* bots, 1)
    })
  )
})
