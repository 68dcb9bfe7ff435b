/**
 * What the contract promises about auto-scheduling, asked of the real core over in-memory adapters.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Rows } from "@punctual/core/testing"
import { adele } from "../Kit.ts"
import { connected, hour, iso, minute, noon, zoom } from "../Whole.ts"

const withCalendar = Effect.gen(function* () {
  const host = yield* connected
  const create = (subject: string, start: number, more: Parameters<typeof host.control.create>[1] = {}) =>
    host.control.create(host.calendarId, { subject, start, end: start + hour, joinUrl: zoom, ...more })
  const subjects = Effect.map(host.ok("GET", "/scheduled_bots"), ({ scheduled_bots: bots }) =>
    bots.map(
      (bot: { readonly custom_attributes: { readonly event_summary: string } }) => bot.custom_attributes.event_summary
    )
  )
  return { ...host, create, subjects }
})

describe("enabling", () => {
  it.effect("covers the next 24 hours at once, each meeting that can be joined, and nothing else", () =>
    Effect.gen(function* () {
      const { create, named, ok, syncChanges, subjects } = yield* withCalendar
      yield* create("Soon", noon + hour)
      yield* create("Tomorrow", noon + 23 * hour)
      yield* create("Later", noon + 25 * hour)
      yield* create("No link", noon + 2 * hour, { joinUrl: null })
      yield* create("Cancelled", noon + 2 * hour, { isCancelled: true })
      yield* create("Declined", noon + 2 * hour, { facts: Rows.facts({ response: "declined" }) })
      yield* create("All day", noon + 12 * hour, { isAllDay: true, end: noon + 36 * hour })
      yield* create("Running", noon - 30 * minute)
      yield* create("Removed", noon + 3 * hour)
      yield* create("By hand", noon + 4 * hour)
      yield* syncChanges
      yield* ok("DELETE", `/schedule/${(yield* named("Removed"))[0].id}`)
      yield* ok("POST", `/schedule/${(yield* named("By hand"))[0].id}`, { bot_config: { bot_name: "Mine" } })
      const answer = yield* ok("POST", "/auto-schedule/enable", { default_bot_config: { bot_name: "Auto" } })
      assert.deepStrictEqual(answer, {
        message: "Auto-scheduling enabled successfully",
        auto_schedule_enabled: true,
        default_bot_config: { bot_name: "Auto" },
        rules: [],
        otherwise: "join"
      })
      assert.deepStrictEqual(yield* subjects, ["Soon", "By hand", "Tomorrow"])
      const bots = (yield* ok("GET", "/scheduled_bots")).scheduled_bots
      assert.deepInclude(bots[0], {
        origin: "auto",
        bot_username: "Auto",
        scheduled_join_time: iso(noon + 59 * minute)
      })
      assert.deepInclude(bots[1], { origin: "manual", bot_username: "Mine" })
    })
  )

  it.effect("again without a configuration keeps the one before; with one it reaches bots that carry no override", () =>
    Effect.gen(function* () {
      const { create, ok, syncChanges } = yield* withCalendar
      yield* create("One", noon + hour)
      yield* create("Two", noon + 2 * hour)
      yield* syncChanges
      yield* ok("POST", "/auto-schedule/enable", { default_bot_config: { bot_name: "A" } })
      const [one] = (yield* ok("GET", "/scheduled_bots")).scheduled_bots
      yield* ok("PATCH", `/scheduled_bots/${one.bot_id}`, { bot_username: "Own" })
      yield* ok("POST", "/auto-schedule/enable")
      assert.deepStrictEqual((yield* ok("GET", "/auto-schedule/settings")).default_bot_config, { bot_name: "A" })
      yield* ok("POST", "/auto-schedule/enable", { default_bot_config: { bot_name: "B" } })
      const names = (yield* ok("GET", "/scheduled_bots")).scheduled_bots.map(
        (bot: { readonly bot_username: string }) => bot.bot_username
      )
      assert.deepStrictEqual(names, ["Own", "B"])
    })
  )
})

describe("coverage", () => {
  it.effect(
    "takes what is made or moved inside it later, and the nightly run takes the next day with some to spare",
    () =>
      Effect.gen(function* () {
        const { create, ok, punctual, syncChanges, subjects } = yield* withCalendar
        yield* ok("POST", "/auto-schedule/enable", {})
        yield* create("Made at ten for eleven", noon + hour)
        yield* create("The day after", noon + 30 * hour)
        yield* syncChanges
        assert.deepStrictEqual(yield* subjects, ["Made at ten for eleven"])
        const midnight = noon + 12 * hour
        yield* create("Past the next midnight", midnight + 25 * hour)
        yield* create("Well past it", midnight + 27 * hour)
        yield* TestClock.setTime(midnight + 1)
        yield* syncChanges
        yield* Effect.orDie(punctual.autoScheduleUser(adele, midnight))
        assert.deepStrictEqual(yield* subjects, ["The day after", "Past the next midnight"])
      })
  )
})

describe("a bot that auto-scheduling made", () => {
  it.effect("is taken over in place by a call by hand, once", () =>
    Effect.gen(function* () {
      const { create, named, no, ok, syncChanges } = yield* withCalendar
      yield* create("Review", noon + hour)
      yield* syncChanges
      yield* ok("POST", "/auto-schedule/enable", { default_bot_config: { bot_name: "Auto" } })
      const [row] = yield* named("Review")
      const answer = yield* ok("POST", `/schedule/${row.id}`, { bot_config: { bot_name: "Mine" } })
      assert.isTrue(answer.overrides_auto_schedule)
      assert.strictEqual(answer.bot_id, row.bots[0].id)
      assert.strictEqual(yield* no("POST", `/schedule/${row.id}`), "409 bot_already_scheduled")
      const [bot] = (yield* ok("GET", "/scheduled_bots")).scheduled_bots
      assert.deepInclude(bot, { bot_username: "Mine", origin: "manual" })
    })
  )

  it.effect("stays when auto-scheduling is switched off, or goes if that is asked for; others stay", () =>
    Effect.gen(function* () {
      const { create, named, ok, syncChanges, subjects } = yield* withCalendar
      yield* create("Auto", noon + hour)
      yield* create("By hand", noon + 2 * hour)
      yield* syncChanges
      yield* ok("POST", `/schedule/${(yield* named("By hand"))[0].id}`)
      yield* ok("POST", "/auto-schedule/enable", {})
      const off = yield* ok("POST", "/auto-schedule/disable")
      assert.isFalse(off.auto_schedule_enabled)
      assert.deepStrictEqual(yield* subjects, ["Auto", "By hand"])
      yield* create("New", noon + 3 * hour)
      yield* syncChanges
      assert.deepStrictEqual(yield* subjects, ["Auto", "By hand"])
      yield* ok("POST", "/auto-schedule/enable", {})
      yield* ok("POST", "/auto-schedule/disable", { cancel_scheduled: true })
      assert.deepStrictEqual(yield* subjects, ["By hand"])
      const [row] = yield* named("New")
      assert.deepInclude(row.bots[0], { status: "Cancelled", status_reason: "auto_schedule_disabled" })
    })
  )

  it.effect("removed by the user stays removed, on every copy of its meeting, until it is asked for", () =>
    Effect.gen(function* () {
      const { accountId, control, create, named, ok, syncChanges, subjects } = yield* withCalendar
      const side = yield* control.addCalendar(accountId, { summary: "Side" })
      yield* ok("GET", "/calendars")
      const same = { iCalUid: "both@example.com" }
      yield* create("Both", noon + hour, same)
      yield* control.create(side, { subject: "Both", start: noon + hour, end: noon + 2 * hour, joinUrl: zoom, ...same })
      yield* syncChanges
      yield* ok("POST", "/auto-schedule/enable", {})
      assert.deepStrictEqual(yield* subjects, ["Both"], "one bot for one meeting")
      const copies = yield* named("Both")
      assert.lengthOf(copies, 2)
      const other = copies.find((row) => row.calendar_id === side)
      assert.strictEqual((yield* ok("DELETE", `/schedule/${other.id}`)).bots_deleted, 1)
      yield* TestClock.adjust(minute)
      yield* ok("POST", "/auto-schedule/enable", {})
      assert.deepStrictEqual(yield* subjects, [])
      yield* ok("POST", `/schedule/${other.id}`)
      assert.deepStrictEqual(yield* subjects, ["Both"])
    })
  )
})
