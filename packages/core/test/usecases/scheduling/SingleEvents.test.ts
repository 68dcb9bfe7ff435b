/** The life of bots for single events, through the facade and in-memory adapters: what a user asks and what then happens. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Punctual } from "../../../src/index.ts"
import { LauncherProbe } from "../../../testing/memory/LauncherMemory.ts"
import {
  account,
  ask,
  botOf,
  connected,
  day,
  hour,
  layer,
  meet,
  minute,
  noon,
  refused,
  review,
  reviewScheduled,
  row,
  settle,
  user,
  zoom
} from "../Host.ts"

const test = (
  name: string,
  story: () => Effect.Effect<void, unknown, Effect.Services<typeof connected> | LauncherProbe>
): void => it.effect(name, () => Effect.suspend(story).pipe(Effect.provide(layer)))

const meeting = review

const scheduled = reviewScheduled({ bot_name: "Ada's bot" })

describe("a bot asked for by hand", () => {
  test("joins a minute before the start", () =>
    Effect.gen(function* () {
      const { bot } = yield* scheduled
      assert.strictEqual(bot.joinAt, meeting.start - minute)
      assert.strictEqual(bot.botName, "Ada's bot")
      assert.strictEqual(bot.status, "Scheduled")
    }))

  test("is there once: the second call names the first bot", () =>
    Effect.gen(function* () {
      const { bot, event, punctual } = yield* scheduled
      const refusal = yield* refused(punctual.schedule(user, ask(event.id)))
      assert.strictEqual(refusal.code, "bot_already_scheduled")
      assert.strictEqual(refusal.botId, bot.id)
    }))

  test("follows its meeting", () =>
    Effect.gen(function* () {
      const { bot, control, providerId } = yield* scheduled
      yield* control.change(providerId, { start: noon + 5 * hour })
      yield* settle
      const moved = yield* botOf("Review")
      assert.strictEqual(moved?.id, bot.id)
      assert.strictEqual(moved?.joinAt, noon + 5 * hour - minute)
    }))

  test("goes with a cancelled meeting, and comes back when it is un-cancelled", () =>
    Effect.gen(function* () {
      const { control, providerId } = yield* scheduled
      yield* control.change(providerId, { isCancelled: true })
      yield* settle
      const gone = yield* botOf("Review")
      assert.deepStrictEqual([gone?.status, gone?.statusReason], ["Cancelled", "meeting_cancelled"])
      yield* control.change(providerId, { isCancelled: false })
      yield* settle
      assert.strictEqual((yield* botOf("Review"))?.status, "Scheduled")
    }))

  test("goes with a deleted meeting", () =>
    Effect.gen(function* () {
      const { control, providerId } = yield* scheduled
      yield* control.remove(providerId)
      yield* settle
      const gone = yield* botOf("Review")
      assert.deepStrictEqual([gone?.status, gone?.statusReason], ["Cancelled", "meeting_deleted"])
    }))

  test("goes when its meeting moves to the past, and comes back when that moves ahead again", () =>
    Effect.gen(function* () {
      const { control, providerId } = yield* scheduled
      yield* control.change(providerId, { start: noon - 5 * hour })
      yield* settle
      const gone = yield* botOf("Review")
      assert.deepStrictEqual([gone?.status, gone?.statusReason], ["Cancelled", "meeting_moved_to_past"])
      yield* control.change(providerId, { start: noon + 4 * hour })
      yield* settle
      const back = yield* botOf("Review")
      assert.deepStrictEqual([back?.status, back?.joinAt], ["Scheduled", noon + 4 * hour - minute])
    }))

  test("follows a changed link, goes with a removed one, and comes back with a new one", () =>
    Effect.gen(function* () {
      const { bot, control, providerId } = yield* scheduled
      yield* control.change(providerId, { joinUrl: meet })
      yield* settle
      const changed = yield* botOf("Review")
      assert.deepStrictEqual([changed?.id, changed?.link.url], [bot.id, meet])
      yield* control.change(providerId, { joinUrl: null })
      yield* settle
      assert.strictEqual((yield* botOf("Review"))?.statusReason, "link_removed")
      yield* control.change(providerId, { joinUrl: zoom })
      yield* settle
      assert.strictEqual((yield* botOf("Review"))?.status, "Scheduled")
    }))

  test("keeps a join time set by hand as an offset when the meeting moves", () =>
    Effect.gen(function* () {
      const { bot, control, providerId, punctual } = yield* scheduled
      const patched = yield* punctual.updateBot(user, bot.id, { joinAt: meeting.start - 5 * minute, botName: "Early" })
      assert.strictEqual(patched.joinAt, meeting.start - 5 * minute)
      yield* control.change(providerId, { start: noon + 6 * hour })
      yield* settle
      const moved = yield* botOf("Review")
      assert.deepStrictEqual([moved?.joinAt, moved?.botName], [noon + 6 * hour - 5 * minute, "Early"])
    }))

  test("stays away once the user removed it, whatever else happens, until it is asked for again", () =>
    Effect.gen(function* () {
      const { bot, control, event, providerId, punctual } = yield* scheduled
      yield* punctual.removeBot(user, bot.id)
      yield* punctual.enableAuto(user, {})
      yield* control.change(providerId, { start: noon + 7 * hour })
      yield* settle
      assert.deepStrictEqual((yield* botOf("Review"))?.statusReason, "removed_by_user")
      const again = yield* punctual.schedule(user, ask(event.id))
      assert.strictEqual(again.bot.status, "Scheduled")
      assert.notStrictEqual(again.bot.id, bot.id)
    }))
})

describe("a request for a bot is refused", () => {
  const withMeeting = (members: Record<string, unknown>) =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      yield* control.create(calendarId, { ...meeting, ...members })
      yield* settle
      const { event } = yield* row("Review")
      return yield* refused(punctual.schedule(user, ask(event.id)))
    })

  test("without a meeting link", () =>
    Effect.map(withMeeting({ joinUrl: null }), ({ code }) => assert.strictEqual(code, "no_meeting_link")))

  test("for a cancelled meeting", () =>
    Effect.map(withMeeting({ isCancelled: true }), ({ code }) => assert.strictEqual(code, "event_cancelled")))

  test("for a meeting that is over", () =>
    Effect.map(withMeeting({ start: noon - 2 * hour, end: noon - hour }), ({ code }) =>
      assert.strictEqual(code, "event_ended")
    ))

  test("for an unknown event, and for another user's alike", () =>
    Effect.gen(function* () {
      const { event, punctual } = yield* scheduled
      const unknown = yield* refused(punctual.schedule(user, ask("evt_none" as typeof event.id)))
      assert.strictEqual(unknown.code, "event_not_found")
      const stranger = yield* refused(punctual.schedule("usr_eve" as typeof user, ask(event.id)))
      assert.strictEqual(stranger.code, "calendar_not_connected")
    }))
})

describe("auto-scheduling", () => {
  test("covers the next day at once, and what is made inside it later", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      yield* control.create(calendarId, meeting)
      yield* control.create(calendarId, {
        ...meeting,
        subject: "Far",
        start: noon + 3 * day,
        end: noon + 3 * day + hour
      })
      yield* settle
      yield* punctual.enableAuto(user, { bot_name: "Auto" })
      assert.strictEqual((yield* botOf("Review"))?.origin, "auto")
      assert.isUndefined(yield* botOf("Far"))
      yield* control.create(calendarId, {
        ...meeting,
        subject: "At short notice",
        start: noon + hour,
        end: noon + 2 * hour
      })
      yield* settle
      assert.strictEqual((yield* botOf("At short notice"))?.status, "Scheduled")
    }))

  test("is taken over in place by a request by hand", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      yield* control.create(calendarId, meeting)
      yield* settle
      yield* punctual.enableAuto(user, { bot_name: "Auto" })
      const auto = yield* botOf("Review")
      const { event } = yield* row("Review")
      const taken = yield* punctual.schedule(user, ask(event.id, { config: { bot_name: "Mine" } }))
      assert.deepStrictEqual([taken.bot.id, taken.overridesAutoSchedule, taken.bot.botName], [auto?.id, true, "Mine"])
    }))

  test("switched off leaves its bots, or takes them along when asked to", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      yield* control.create(calendarId, meeting)
      yield* settle
      yield* punctual.enableAuto(user, {})
      yield* punctual.disableAuto(user, false)
      assert.strictEqual((yield* botOf("Review"))?.status, "Scheduled")
      yield* punctual.disableAuto(user, true)
      assert.strictEqual((yield* botOf("Review"))?.statusReason, "auto_schedule_disabled")
    }))
})

describe("a due bot", () => {
  const run = (millis: number) =>
    Effect.gen(function* () {
      const punctual = yield* Punctual
      yield* Effect.forkChild(punctual.run)
      // In small steps, so that what a step wakes is done before the next.
      for (let passed = 0; passed < millis; passed += minute / 2) yield* TestClock.adjust(minute / 2)
    })

  test("is handed over at its join time, once", () =>
    Effect.gen(function* () {
      const { bot } = yield* scheduled
      yield* run(3 * hour)
      const { launched } = yield* LauncherProbe
      const all = yield* launched
      assert.deepStrictEqual(
        all.map(({ at, request }) => [request.botId, at]),
        [[bot.id, meeting.start - minute]]
      )
      assert.strictEqual((yield* botOf("Review"))?.status, "Launched")
    }))

  test("is handed over again under the same key when the answer was lost", () =>
    Effect.gen(function* () {
      yield* scheduled
      const probe = yield* LauncherProbe
      yield* probe.script([{ kind: "lost" }])
      yield* run(3 * hour)
      assert.lengthOf(yield* probe.launched, 1)
      assert.isAtLeast((yield* probe.calls).length, 2)
      assert.strictEqual((yield* botOf("Review"))?.status, "Launched")
    }))

  test("fails for good when the service refuses it for good", () =>
    Effect.gen(function* () {
      yield* scheduled
      const probe = yield* LauncherProbe
      yield* probe.script([{ kind: "rejected", message: "no" }])
      yield* run(3 * hour)
      assert.lengthOf(yield* probe.calls, 1)
      const bot = yield* botOf("Review")
      assert.deepStrictEqual([bot?.status, bot?.statusReason], ["Failed", "launcher_rejected"])
    }))
})

describe("a lost grant", () => {
  test("keeps the bots, says so, and connecting again restores everything", () =>
    Effect.gen(function* () {
      const { accountId, bot, control, credentials, punctual } = yield* scheduled
      yield* control.setRevoked(accountId, true)
      yield* TestClock.adjust(hour)
      yield* settle
      const { connection } = yield* account
      assert.strictEqual(connection.status, "reauthorization_required")
      assert.strictEqual((yield* botOf("Review"))?.id, bot.id)
      yield* control.setRevoked(accountId, false)
      yield* punctual.connect(user, Redacted.make(credentials))
      assert.strictEqual((yield* account).connection.status, "active")
      assert.strictEqual((yield* botOf("Review"))?.status, "Scheduled")
    }))
})

describe("disconnecting", () => {
  test("removes everything, counts it, and leaves a new user", () =>
    Effect.gen(function* () {
      const { control, punctual } = yield* scheduled
      const answer = yield* punctual.disconnect(user)
      assert.deepStrictEqual(answer, { subscriptionsStopped: true, eventsDeleted: 1, schedulesCancelled: 1 })
      const refusal = yield* refused(punctual.bots(user, { limit: 10, place: null, backwards: false }))
      assert.strictEqual(refusal.code, "calendar_not_connected")
      assert.isNotEmpty(yield* control.requests)
    }))
})
