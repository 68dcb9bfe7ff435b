/**
 * What a calendar does to a meeting, and what was asked for it all the same: a meeting
 * that becomes a series in place and back (B4), a series split by "this and following" (B10), two connections of one user.
 */
import { assert, describe } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Store, type UserId, connectionId } from "../../../src/index.ts"
import * as LauncherMemory from "../../../testing/memory/LauncherMemory.ts"
import { ask, connected, day, everything, hour, listed, minute, noon, ours, row, settle, user, zoom } from "../Host.ts"
import { standing, starts, test } from "../TwoPlatforms.ts"

const daily = {
  rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } },
  startDate: "2026-03-10",
  startTime: 17 * hour,
  durationMillis: hour,
  zone: "UTC"
} as const

describe("B4: a meeting that becomes a series in place", () => {
  test("keeps its bot and what was asked for it, for the occurrence with its start; and back", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      const at = { start: noon + 5 * hour, end: noon + 6 * hour }
      const id = yield* control.create(calendarId, { subject: "Review", joinUrl: zoom, ...at })
      yield* settle
      const { bot } = yield* punctual.schedule(user, ask((yield* row("Review")).event.id))
      yield* punctual.updateBot(user, bot.id, { botName: "Mine" })
      yield* control.makeRecurring(id, daily)
      yield* settle
      const [moved, ...more] = yield* standing
      assert.deepStrictEqual([moved?.id, moved?.start, moved?.botName, more.length], [bot.id, at.start, "Mine", 0])
      yield* control.makeSingle(id, at)
      yield* settle
      const [back, ...others] = yield* standing
      assert.deepStrictEqual([back?.id, back?.start, back?.botName, others.length], [bot.id, at.start, "Mine", 0])
    }))

  test("stays without a bot where the user removed it", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      const at = { start: noon + 5 * hour, end: noon + 6 * hour }
      const id = yield* control.create(calendarId, { subject: "Review", joinUrl: zoom, ...at })
      yield* settle
      yield* punctual.enableAuto(user, {})
      const [bot] = yield* standing
      yield* punctual.removeBot(user, bot?.id ?? assert.fail("no bot"))
      yield* control.makeRecurring(id, daily)
      yield* settle
      assert.notInclude(yield* starts, at.start)
    }))

  test("has nothing to do with what was asked for another date of the series, once it is a meeting again and moves there", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      const id = yield* control.createSeries(calendarId, { subject: "Daily", joinUrl: zoom, timing: daily })
      yield* settle
      const [first, second] = (yield* listed).map(({ event }) => event)
      yield* punctual.schedule(user, ask(first?.id ?? assert.fail()))
      yield* punctual.unschedule(user, { eventId: second?.id ?? assert.fail(), allOccurrences: false, fromDate: null })
      yield* control.makeSingle(id, { start: noon + 5 * hour, end: noon + 6 * hour })
      yield* settle
      assert.deepStrictEqual(yield* starts, [noon + 5 * hour])
      yield* control.change(id, { start: noon + 21 * hour, end: noon + 22 * hour })
      yield* settle
      yield* punctual.enableAuto(user, {})
      assert.deepStrictEqual(yield* starts, [noon + 21 * hour])
    }))
})

describe("B10: a series that is split by this and following", () => {
  const organizer = "boss@example.com"
  const split = Effect.fnUntraced(function* (startTime: number) {
    const host = yield* connected
    const { calendarId, control } = host
    const series = yield* control.createSeries(calendarId, {
      subject: "Daily",
      joinUrl: zoom,
      organizer,
      timing: daily
    })
    yield* settle
    const cut = Effect.gen(function* () {
      const range = { kind: "endDate", endDate: "2026-03-12" } as const
      yield* control.changeSeries(series, { timing: { ...daily, rule: { ...daily.rule, range } } })
      const timing = { ...daily, startDate: "2026-03-13", startTime }
      return yield* control.createSeries(calendarId, { subject: "Daily", joinUrl: zoom, organizer, timing })
    })
    return { ...host, cut, series }
  })
  const at = (days: number, hours = 5) => noon + days * day + hours * hour

  test("goes on with its bots, at their new time", () =>
    Effect.gen(function* () {
      const { cut, punctual } = yield* split(18 * hour)
      const request = {
        ...ask((yield* listed)[0]?.event.id ?? assert.fail()),
        allOccurrences: true,
        occurrenceLimit: 8
      }
      const { bots } = yield* punctual.schedule(user, request)
      assert.lengthOf(bots, 8)
      yield* cut
      yield* settle
      const expected = [0, 1, 2].map((days) => at(days)).concat([3, 4, 5, 6, 7].map((days) => at(days, 6)))
      assert.deepStrictEqual(yield* starts, expected)
      assert.sameMembers(
        (yield* standing).map(({ id }) => id),
        bots.map(({ id }) => id)
      )
    }))

  test("goes on with what was removed, and what was switched on for all of it", () =>
    Effect.gen(function* () {
      const { cut, punctual } = yield* split(17 * hour)
      const first = (yield* listed)[0]?.event.id ?? assert.fail()
      yield* punctual.toggleRecurrence(user, first, true)
      yield* cut
      yield* settle
      yield* TestClock.setTime(at(2) + 2 * hour)
      yield* punctual.sweep
      assert.deepStrictEqual(yield* starts, [at(3)])
    }))

  test("keeps its bots when the one that goes on is split again before either is read", () =>
    Effect.gen(function* () {
      const { calendarId, control, cut, punctual } = yield* split(17 * hour)
      const first = (yield* listed)[0]?.event.id ?? assert.fail()
      const { bots } = yield* punctual.schedule(user, { ...ask(first), allOccurrences: true, occurrenceLimit: 8 })
      const range = { kind: "endDate", endDate: "2026-03-13" } as const
      const timing = { ...daily, startDate: "2026-03-13", rule: { ...daily.rule, range } }
      yield* control.changeSeries(yield* cut, { timing })
      const last = { ...daily, startDate: "2026-03-14", startTime: 18 * hour }
      yield* control.createSeries(calendarId, { subject: "Daily", joinUrl: zoom, organizer, timing: last })
      yield* settle
      const expected = [0, 1, 2, 3].map((days) => at(days)).concat([4, 5, 6, 7].map((days) => at(days, 6)))
      assert.deepStrictEqual(yield* starts, expected)
      assert.sameMembers(
        (yield* standing).map(({ id }) => id),
        bots.map(({ id }) => id)
      )
    }))

  test("drops the bot of a date that is not there, also where the calendar is read anew", () =>
    Effect.gen(function* () {
      const { calendarId, control, cut, punctual } = yield* split(17 * hour)
      const first = (yield* listed)[0]?.event.id ?? assert.fail()
      yield* punctual.schedule(user, ask(first, { occurrenceDate: "2026-03-13" }))
      yield* control.deleteOccurrence(yield* cut, "2026-03-13")
      const store = yield* Store
      const [connection] = yield* store.connections(user)
      assert.isDefined(connection)
      // As after notifications that were missed.
      yield* store.patchCalendar(connection, ours(calendarId), { reset: true })
      yield* punctual.syncUser(user)
      assert.deepStrictEqual(yield* starts, [])
    }))

  test("leaves the bot of an occurrence in progress where it is, and sends no second one", () =>
    Effect.gen(function* () {
      const { cut, punctual } = yield* split(17 * hour)
      const probe = yield* LauncherMemory.LauncherProbe
      const first = (yield* listed)[0]?.event.id ?? assert.fail()
      yield* punctual.schedule(user, { ...ask(first), allOccurrences: true, occurrenceLimit: 8 })
      yield* Effect.forkChild(punctual.run)
      yield* TestClock.setTime(at(3))
      yield* TestClock.adjust(5 * minute)
      const launched = (yield* probe.launched).map(({ request }) => request.botId)
      yield* cut
      yield* settle
      yield* TestClock.adjust(30 * minute)
      const after = yield* probe.launched
      assert.deepStrictEqual(
        after.map(({ request }) => request.botId),
        launched
      )
      assert.isFalse(after.at(-1)?.isWithdrawn)
    }))

  test("is not mistaken for a meeting of somebody else's", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual, series } = yield* split(17 * hour)
      const first = (yield* listed)[0]?.event.id ?? assert.fail()
      yield* punctual.schedule(user, { ...ask(first), allOccurrences: true, occurrenceLimit: 8 })
      const range = { kind: "endDate", endDate: "2026-03-12" } as const
      yield* control.changeSeries(series, { timing: { ...daily, rule: { ...daily.rule, range } } })
      const timing = { ...daily, startDate: "2026-03-13" }
      yield* control.createSeries(calendarId, { subject: "Daily", joinUrl: zoom, organizer: "x@y.example", timing })
      yield* settle
      assert.deepStrictEqual(
        yield* starts,
        [0, 1, 2].map((days) => at(days))
      )
    }))
})

describe("a user with two connections", () => {
  const other = connectionId("other_calendar", user)
  const two = Effect.gen(function* () {
    const host = yield* connected
    const credentials = yield* host.control.addAccount({ email: "ada@example.org", name: "Ada" })
    const second = yield* host.control.addCalendar(credentials.accountId)
    yield* host.punctual.connect(user, Redacted.make(credentials), "other_calendar")
    const both = {
      subject: "Both",
      iCalUid: "Both@Example.com",
      joinUrl: zoom,
      start: noon + 2 * hour,
      end: noon + 3 * hour
    }
    yield* host.control.create(host.calendarId, both)
    yield* host.control.create(second, { ...both, iCalUid: "bOTH@example.com" })
    yield* host.control.create(second, { subject: "There", joinUrl: zoom, start: noon + 4 * hour })
    yield* settle
    yield* host.punctual.syncUser(user)
    yield* host.punctual.enableAuto(user, {})
    return { ...host, second }
  })

  test("has one bot for a meeting that stands in both, on the one connected first", () =>
    Effect.gen(function* () {
      const { calendarId } = yield* two
      const bots = yield* standing
      assert.deepStrictEqual(
        bots.map(({ start }) => start),
        [noon + 2 * hour, noon + 4 * hour]
      )
      const rows = (yield* listed).filter(({ event }) => event.subject === "Both")
      assert.lengthOf(rows, 2)
      assert.strictEqual(new Set(rows.map(({ event }) => event.id)).size, 2)
      const carrier = rows.find(({ event }) => event.id === bots[0]?.eventId)
      assert.deepStrictEqual([carrier?.calendar.providerId, carrier?.platform], [calendarId, "memory_calendar"])
    }))

  test("keeps the bots of what stands in the other when the first one goes", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* two
      yield* control.create(calendarId, { subject: "Here", joinUrl: zoom, start: noon + 6 * hour })
      yield* settle
      const [both, there, here] = yield* standing
      assert.strictEqual(here?.start, noon + 6 * hour)
      yield* punctual.disconnect(user, connectionId("memory_calendar", user))
      yield* settle
      const left = yield* standing
      assert.deepStrictEqual(
        left.map(({ id }) => id),
        [both?.id, there?.id]
      )
      const account = yield* punctual.connections(user)
      assert.deepStrictEqual(
        account.connections.map(({ id }) => id),
        [other]
      )
      assert.deepStrictEqual([...new Set(account.calendars.map(({ connectionId: of }) => of))], [other])
      const answer = yield* punctual.disconnect(user)
      assert.deepInclude(answer, { schedulesCancelled: 2 })
      assert.strictEqual((yield* Effect.flip(punctual.connections(user)))._tag, "Refusal")
    }))

  test("loses what stood in the lost connection alone, and counts it", () =>
    Effect.gen(function* () {
      const { punctual } = yield* two
      const answer = yield* punctual.disconnect(user, other)
      assert.deepInclude(answer, { eventsDeleted: 2, schedulesCancelled: 1 })
      assert.deepStrictEqual(yield* starts, [noon + 2 * hour])
      assert.strictEqual((yield* listed).length, 1)
    }))

  test("is told apart from another user of the same mailbox, everywhere", () =>
    Effect.gen(function* () {
      const { control, credentials, punctual } = yield* two
      const bea = "usr_bea" as UserId
      yield* punctual.connect(bea, Redacted.make(credentials))
      // And one mailbox by two connections of one user.
      yield* punctual.connect(bea, Redacted.make(credentials), "other_calendar")
      yield* control.takeNotifications
      yield* punctual.syncUser(bea)
      const hers = (yield* punctual.events(bea, everything, "never")).items.map(({ event }) => event.id)
      const his = (yield* listed).map(({ event }) => event.id)
      assert.lengthOf(hers, 2)
      assert.strictEqual(new Set([...hers, ...his]).size, hers.length + his.length)
      yield* punctual.enableAuto(bea, {})
      const bots = (yield* punctual.bots(bea, { limit: 9, place: null, backwards: false })).items
      assert.lengthOf(bots, 1)
      assert.strictEqual((yield* standing).length, 2)
    }))
})
