/**
 * Several events of one calendar with one iCalendar UID, at different times (B7): each is a meeting of its own, and keeps what
 * was asked for it whatever comes and goes beside it.
 */
import { assert, describe } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Store, connectionId } from "../../../src/index.ts"
import { launch } from "../../../testing/rows/index.ts"
import { ask, connected, hour, listed, noon, row, settle, user, zoom } from "../Host.ts"
import { standing, starts, test } from "../TwoPlatforms.ts"

const uid = "same@example.com"

describe("B7: three events of one calendar with one UID", () => {
  const three = Effect.gen(function* () {
    const host = yield* connected
    const at = (hours: number) => ({
      subject: `At ${hours}`,
      iCalUid: uid,
      joinUrl: zoom,
      start: noon + hours * hour,
      end: noon + (hours + 1) * hour
    })
    const ids = yield* Effect.forEach([2, 4, 6], (hours) => host.control.create(host.calendarId, at(hours)))
    yield* settle
    return { ...host, ids }
  })

  test("get a bot each", () =>
    Effect.gen(function* () {
      const { punctual } = yield* three
      yield* punctual.enableAuto(user, {})
      assert.deepStrictEqual(
        yield* starts,
        [2, 4, 6].map((hours) => noon + hours * hour)
      )
      assert.strictEqual(new Set((yield* listed).map(({ event }) => event.meeting)).size, 3)
    }))

  test("are asked for one by one, and keep what was asked when another goes", () =>
    Effect.gen(function* () {
      const { control, ids, punctual } = yield* three
      yield* punctual.schedule(user, ask((yield* row("At 4")).event.id))
      assert.deepStrictEqual(yield* starts, [noon + 4 * hour])
      yield* control.remove(ids[0] ?? "")
      yield* settle
      assert.deepStrictEqual(yield* starts, [noon + 4 * hour])
      yield* control.remove(ids[1] ?? "")
      yield* settle
      assert.deepStrictEqual(yield* starts, [])
    }))

  test("leave the bot of the one that was there first with it, whatever comes with a lesser id", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      const times = { start: noon + 5 * hour, end: noon + 6 * hour }
      yield* control.create(calendarId, { subject: "Mine", iCalUid: uid, joinUrl: zoom, ...times })
      yield* settle
      const { bot } = yield* punctual.schedule(user, ask((yield* row("Mine")).event.id))
      for (const hours of [2, 9]) {
        yield* control.create(calendarId, { subject: "Late", iCalUid: uid, joinUrl: zoom, start: noon + hours * hour })
        yield* settle
      }
      assert.deepStrictEqual(
        (yield* standing).map(({ id, start }) => [id, start]),
        [[bot.id, times.start]]
      )
    }))

  test("leave a removal with the one that was there first, whatever comes with a lesser id", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      yield* control.create(calendarId, { subject: "Mine", iCalUid: uid, joinUrl: zoom, start: noon + 5 * hour })
      yield* settle
      yield* punctual.unschedule(user, {
        eventId: (yield* row("Mine")).event.id,
        allOccurrences: false,
        fromDate: null
      })
      yield* punctual.enableAuto(user, {})
      // Of so many ids one is the least.
      const others = Array.from({ length: 10 }, (_, nth) => noon + (6 + nth) * hour)
      for (const start of others) {
        yield* TestClock.adjust(1000)
        yield* control.create(calendarId, { subject: "Late", iCalUid: uid, joinUrl: zoom, start })
        yield* settle
      }
      assert.deepStrictEqual(yield* starts, others)
    }))

  test("keep one bot where one is on its way while their account goes and comes back", () =>
    Effect.gen(function* () {
      const { control, punctual } = yield* connected
      const credentials = yield* control.addAccount({ email: "ada@partner.example", name: "Ada" })
      const calendarId = yield* control.addCalendar(credentials.accountId)
      const connectOther = punctual.connect(user, Redacted.make(credentials), "other_calendar")
      const other = connectionId("other_calendar", user)
      yield* connectOther
      for (const hours of [2, 4])
        yield* control.create(calendarId, {
          subject: `At ${hours}`,
          iCalUid: uid,
          joinUrl: zoom,
          start: noon + hours * hour
        })
      yield* settle
      yield* punctual.enableAuto(user, {})
      const store = yield* Store
      const live = Effect.map(store.slice(user, { kind: "all" }, noon), ({ bots }) =>
        bots.filter(({ status }) => status === "Scheduled" || status === "Launching")
      )
      const own = (yield* live).find(({ meeting }) => meeting.startsWith("id:"))
      if (own === undefined) throw new Error("no bot under an id")
      yield* store.writeBot(
        user,
        { ...own, status: "Launching", launch: launch({ leaseUntil: noon + hour }), revision: own.revision + 1 },
        own.revision
      )
      yield* punctual.disconnect(user, other)
      yield* connectOther
      yield* settle
      const meetings = (yield* live).map(({ meeting }) => meeting)
      assert.lengthOf(meetings, 2)
      assert.strictEqual(new Set(meetings).size, 2)
    }))
})

describe("B7: a bot that was handed over, whose meeting moved before another of its UID came", () => {
  /** One with a lesser id, which has the UID's key from now on, is told together with the move. */
  const movedWith = Effect.fnUntraced(function* (status: "Launching" | "Launched") {
    const { calendarId, control, punctual } = yield* connected
    const store = yield* Store
    const make = (subject: string, start: number) =>
      control.create(calendarId, { subject, iCalUid: uid, joinUrl: zoom, start, end: start + hour })
    const mine = yield* make("Mine", noon + 2 * hour)
    yield* settle
    const { bot } = yield* punctual.schedule(user, ask((yield* row("Mine")).event.id))
    const { revision } = bot
    const state = { status, launch: launch({ leaseUntil: noon + hour }), revision: revision + 1 }
    yield* store.writeBot(user, { ...bot, ...state }, revision)
    yield* control.change(mine, { start: noon + 5 * hour, end: noon + 6 * hour })
    // Of so many ids one is less than mine.
    yield* Effect.forEach(Array.from({ length: 100 }), (_, nth) => make("Late", noon + 2.5 * hour + nth * 1000))
    yield* settle
    const late = (yield* listed).find(({ event }) => event.meeting.startsWith("uid:"))
    if (late?.event.subject !== "Late") throw new Error("none of them has the UID's key")
    return { bot, late: late.event, punctual, store }
  })

  for (const status of ["Launching", "Launched"] as const) {
    test(`does not answer for that one: ${status}`, () =>
      Effect.gen(function* () {
        const { bot, late, punctual, store } = yield* movedWith(status)
        const answer = yield* punctual.schedule(user, ask(late.id))
        assert.deepStrictEqual([answer.bot.eventId, answer.bot.start], [late.id, late.start])
        const mine = (yield* row("Mine")).event.meeting
        const { bots } = yield* store.slice(user, { kind: "all" }, noon)
        assert.deepStrictEqual(
          bots.filter(({ id }) => id === bot.id).map(({ launch: state, meeting }) => [meeting, state?.takenBack]),
          [[mine, null]]
        )
      }))
  }
})
