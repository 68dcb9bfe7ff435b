/**
 * One mailbox that a user has connected twice: the two copies of a meeting are read one after the other, and are one meeting
 * also while one of them is told and the other is not.
 */
import { assert, describe } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { connectionId } from "../../../src/index.ts"
import { calendarId as idOf } from "../../../src/domain/DeterministicIds.ts"
import * as LauncherMemory from "../../../testing/memory/LauncherMemory.ts"
import { ask, connected, day, everything, hour, listed, noon, row, settle, user, zoom } from "../Host.ts"
import { standing, starts, test } from "../TwoPlatforms.ts"

const twice = Effect.gen(function* () {
  const host = yield* connected
  yield* host.punctual.connect(user, Redacted.make(host.credentials), "other_calendar")
  yield* settle
  const copies = (["memory_calendar", "other_calendar"] as const).map((platform) =>
    idOf(connectionId(platform, user), host.calendarId)
  )
  const read = (copy: 0 | 1) =>
    Effect.gen(function* () {
      // What was told of waits: only this one is read.
      yield* host.control.takeNotifications
      yield* host.punctual.events(user, { ...everything, calendarId: copies[copy] ?? assert.fail() }, "force")
    })
  return { ...host, read }
})

const daily = {
  rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "numbered", count: 3 } },
  startDate: "2026-03-10",
  startTime: 17 * hour,
  durationMillis: hour,
  zone: "UTC"
} as const

const at = { start: noon + 5 * hour, end: noon + 6 * hour }

describe("one mailbox connected twice", () => {
  for (const first of [0, 1] as const) {
    const name = first === 0 ? "the first connection" : "the second connection"

    test(`B4: a meeting that became a series has one bot, though only ${name} knows`, () =>
      Effect.gen(function* () {
        const { calendarId, control, punctual, read } = yield* twice
        const id = yield* control.create(calendarId, { subject: "Review", joinUrl: zoom, ...at })
        yield* read(0)
        yield* read(1)
        yield* punctual.enableAuto(user, {})
        const [bot, ...none] = yield* standing
        assert.isEmpty(none)
        yield* control.makeRecurring(id, daily)
        yield* read(first)
        assert.deepStrictEqual(
          (yield* standing).map((one) => [one.id, one.start]),
          [[bot?.id, at.start]]
        )
        yield* read(first === 0 ? 1 : 0)
        assert.deepStrictEqual(
          (yield* standing).map((one) => [one.id, one.start]),
          [[bot?.id, at.start]]
        )
      }))

    test(`B4: a series that became a meeting has one bot, though only ${name} knows`, () =>
      Effect.gen(function* () {
        const { calendarId, control, punctual, read } = yield* twice
        const series = yield* control.createSeries(calendarId, { subject: "Daily", joinUrl: zoom, timing: daily })
        yield* read(0)
        yield* read(1)
        yield* punctual.schedule(user, ask((yield* listed)[0]?.event.id ?? assert.fail()))
        const [bot] = yield* standing
        yield* control.makeSingle(series, at)
        yield* read(first)
        assert.deepStrictEqual(
          (yield* standing).map((one) => [one.id, one.start]),
          [[bot?.id, at.start]]
        )
        yield* read(first === 0 ? 1 : 0)
        assert.deepStrictEqual(
          (yield* standing).map((one) => [one.id, one.start]),
          [[bot?.id, at.start]]
        )
      }))

    test(`B4: a meeting whose bot is in it gets no other, though ${name} tells that its date is gone from a series`, () =>
      Effect.gen(function* () {
        const { calendarId, control, punctual, read } = yield* twice
        const id = yield* control.create(calendarId, { subject: "Review", joinUrl: zoom, ...at })
        yield* read(0)
        yield* read(1)
        yield* punctual.schedule(user, ask((yield* row("Review")).event.id))
        yield* TestClock.setTime(at.start)
        yield* punctual.sweep
        yield* TestClock.adjust(1_000)
        const probe = yield* LauncherMemory.LauncherProbe
        assert.lengthOf(yield* probe.launched, 1)
        yield* control.makeRecurring(id, { ...daily, startTime: 21 * hour })
        yield* control.deleteOccurrence(id, "2026-03-10")
        yield* read(first)
        yield* punctual.sweep
        yield* TestClock.adjust(1_000)
        assert.lengthOf(yield* probe.launched, 1)
      }))
  }

  test("B4: what was asked for one date stays there when the series becomes a meeting of another date", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual, read } = yield* twice
      const id = yield* control.create(calendarId, { subject: "Review", joinUrl: zoom, ...at })
      yield* read(0)
      yield* read(1)
      yield* control.makeRecurring(id, daily)
      yield* read(0)
      yield* read(1)
      const occurrence = (yield* listed).find(({ event }) => event.kind === "occurrence")?.event ?? assert.fail()
      yield* punctual.schedule(user, ask(occurrence.id))
      assert.deepStrictEqual(yield* starts, [at.start])
      yield* control.makeSingle(id, { start: at.start + 2 * day, end: at.end + 2 * day })
      yield* read(1)
      assert.deepStrictEqual(yield* starts, [at.start])
      yield* read(0)
      assert.deepStrictEqual(yield* starts, [])
    }))

  test("B7: of several events of one UID a copy stays with its own, though that one has moved and another is gone", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual, read } = yield* twice
      const uid = "same@example.com"
      const make = (subject: string, hours: number) =>
        control.create(calendarId, { subject, iCalUid: uid, joinUrl: zoom, start: noon + hours * hour })
      const first = yield* make("First", 6)
      yield* read(0)
      yield* read(1)
      const second = yield* make("Second", 2)
      yield* read(0)
      yield* read(1)
      yield* punctual.schedule(user, ask((yield* row("First")).event.id))
      yield* punctual.schedule(user, ask((yield* row("Second")).event.id))
      assert.deepStrictEqual(yield* starts, [noon + 2 * hour, noon + 6 * hour])
      yield* control.remove(first)
      yield* read(1)
      yield* control.change(second, { start: noon + 3 * hour, end: noon + 4 * hour })
      yield* read(0)
      assert.deepStrictEqual(yield* starts, [noon + 3 * hour])
      yield* read(1)
      assert.deepStrictEqual(yield* starts, [noon + 3 * hour])
    }))

  test("B7: an event that moved has one bot, though one connection has yet to tell and another of its UID is new", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual, read } = yield* twice
      const times = (hours: number) => ({ start: noon + hours * hour, end: noon + (hours + 1) * hour })
      const make = (hours: number) =>
        control.create(calendarId, { subject: "Same", iCalUid: "same@example.com", joinUrl: zoom, ...times(hours) })
      yield* control.remove(yield* make(1))
      const first = yield* make(2)
      yield* read(0)
      yield* read(1)
      yield* punctual.enableAuto(user, {})
      const [bot] = yield* standing
      yield* control.change(first, times(3))
      // Of so many ids one is less than that of the first.
      for (let nth = 0; nth < 100; nth++) yield* make(5 + nth / 2)
      const ofFirst = Effect.map(standing, (bots) =>
        bots.filter(({ start }) => start < noon + 5 * hour).map(({ id, start }) => [id, start])
      )
      yield* read(1)
      assert.deepStrictEqual(yield* ofFirst, [[bot?.id, noon + 2 * hour]])
      yield* read(0)
      assert.deepStrictEqual(yield* ofFirst, [[bot?.id, noon + 3 * hour]])
    }))
})
