/** Bots for series, through the facade and in-memory adapters: one occurrence, all of them, always the next one. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { type Bot, type EventId, Punctual, type UserId } from "../../../src/index.ts"
import { LauncherProbe } from "../../../testing/memory/LauncherMemory.ts"
import { ask, connected, day, hour, layer, listed, minute, noon, refused, row, settle, user, zoom } from "../Host.ts"

const test = (
  name: string,
  story: () => Effect.Effect<void, unknown, Effect.Services<typeof connected> | LauncherProbe>
): void => it.effect(name, () => Effect.suspend(story).pipe(Effect.provide(layer)))

/** Every day at 15:00 UTC, from today (a Tuesday) on. */
const daily = {
  rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } },
  startDate: "2026-03-10",
  startTime: 15 * hour,
  durationMillis: hour,
  zone: "UTC"
} as const
const startOf = (index: number): number => noon + 3 * hour + index * day

const series = Effect.gen(function* () {
  const host = yield* connected
  const providerId = yield* host.control.createSeries(host.calendarId, {
    timing: daily,
    subject: "Stand-up",
    joinUrl: zoom
  })
  yield* settle
  const rows = (yield* listed).filter(({ event }) => event.subject === "Stand-up" && event.start > noon)
  const first = rows[0]?.event
  assert.isDefined(first)
  assert.isNotNull(first.seriesId)
  return { ...host, providerId, first, seriesId: first.seriesId, rows }
})

/** Bots that are `Scheduled`, by start. */
const standing = Effect.gen(function* () {
  const punctual = yield* Punctual
  return (yield* punctual.bots(user, { limit: 400, place: null, backwards: false })).items
})

const starts = (bots: ReadonlyArray<Bot>): ReadonlyArray<number> => bots.map(({ start }) => (start - startOf(0)) / day)

const run = (millis: number) =>
  Effect.gen(function* () {
    const punctual = yield* Punctual
    yield* Effect.forkChild(punctual.run)
    for (let passed = 0; passed < millis; passed += 10 * minute) yield* TestClock.adjust(10 * minute)
  })

describe("one occurrence", () => {
  test("is named by its own id, by its series for the next one, and by a date", () =>
    Effect.gen(function* () {
      const { first, punctual, seriesId } = yield* series
      const next = yield* punctual.schedule(user, ask(seriesId))
      assert.strictEqual(next.event.id, first.id)
      const later = yield* punctual.schedule(user, ask(first.id, { occurrenceDate: "2026-03-13" }))
      assert.strictEqual(later.bot.start, startOf(3))
      const exact = yield* punctual.schedule(user, ask(first.id, { occurrenceDate: "2026-03-14T16:00:00+01:00" }))
      assert.strictEqual(exact.bot.start, startOf(4))
      assert.deepStrictEqual(starts(yield* standing), [0, 3, 4])
    }))

  test("is found beyond the window, and is the same bot when the window reaches it", () =>
    Effect.gen(function* () {
      const { first, punctual } = yield* series
      const far = yield* punctual.schedule(user, ask(first.id, { occurrenceDate: "2026-05-01" }))
      assert.isTrue(far.event.isVirtual)
      yield* TestClock.setTime(noon + 40 * day)
      yield* punctual.syncUser(user)
      const reached = (yield* listed).find(({ event }) => event.id === far.event.id)
      const bots = yield* standing
      assert.deepStrictEqual(
        bots.map(({ id, status }) => [id, status]),
        [[far.bot.id, "Scheduled"]]
      )
      assert.strictEqual(reached?.event.isVirtual ?? false, false)
    }))

  test("is named by its own id beyond the window too, where no row of it is stored", () =>
    Effect.gen(function* () {
      const { first, punctual, seriesId } = yield* series
      const idOn = (date: string) => `${first.id.slice(0, -8)}${date}` as EventId
      const far = yield* punctual.schedule(user, ask(idOn("20260501")))
      assert.deepStrictEqual([far.event.id, far.event.isVirtual], [idOn("20260501"), true])
      assert.strictEqual(far.bot.start, Date.UTC(2026, 4, 1, 15))
      assert.strictEqual((yield* refused(punctual.schedule(user, ask(far.event.id)))).code, "bot_already_scheduled")
      // A removal counts also where there is no bot.
      const none = yield* punctual.unschedule(user, {
        eventId: idOn("20260502"),
        allOccurrences: false,
        fromDate: null
      })
      assert.deepStrictEqual(none.cancelled, [])
      const removed = yield* punctual.explain(user, idOn("20260502"))
      assert.strictEqual(removed.code, "removed_by_user")
      const all = yield* punctual.schedule(user, ask(seriesId, { allOccurrences: true, occurrenceLimit: 60 }))
      assert.deepStrictEqual(
        all.skipped.map(({ eventId }) => eventId),
        [idOn("20260501")]
      )
      const next = yield* punctual.scheduleNext(user, {
        eventId: idOn("20260601"),
        config: {},
        after: null,
        rule: null,
        link: null
      })
      assert.strictEqual(next.bot.start, Date.UTC(2026, 5, 2, 15))
      const toggled = yield* punctual.toggleRecurrence(user, idOn("20260701"), true)
      assert.strictEqual(toggled.event.id, idOn("20260701"))
    }))

  test("is not found by an id of a date on which it does not take place, nor by another user's", () =>
    Effect.gen(function* () {
      const { control, credentials, first, providerId, punctual } = yield* series
      const idOn = (date: string) => `${first.id.slice(0, -8)}${date}` as EventId
      yield* control.deleteOccurrence(providerId, "2026-03-12")
      yield* settle
      for (const date of ["20260312", "20200101", "20260231"]) {
        assert.strictEqual((yield* refused(punctual.schedule(user, ask(idOn(date))))).code, "event_not_found", date)
      }
      const other = "usr_other" as UserId
      yield* punctual.connect(other, Redacted.make(credentials))
      assert.strictEqual((yield* refused(punctual.schedule(other, ask(idOn("20260501"))))).code, "event_not_found")
    }))

  test("that does not take place is not found", () =>
    Effect.gen(function* () {
      const { first, punctual } = yield* series
      const refusal = yield* refused(punctual.schedule(user, ask(first.id, { occurrenceDate: "2026-03-13T03:00:00Z" })))
      assert.strictEqual(refusal.code, "occurrence_not_found")
    }))

  test("a single event has none", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      yield* control.create(calendarId, { subject: "Once", start: noon + hour, joinUrl: zoom })
      yield* settle
      const { event } = yield* row("Once")
      for (const options of [{ recurring: true }, { allOccurrences: true }, { occurrenceDate: "2026-03-13" }]) {
        assert.strictEqual((yield* refused(punctual.schedule(user, ask(event.id, options)))).code, "not_recurring")
      }
    }))
})

describe("a series that has no occurrence left in the window", () => {
  test("leaves none in the mirror, though it is still there", () =>
    Effect.gen(function* () {
      const { calendarId, control } = yield* connected
      const range = { kind: "numbered", count: 1 } as const
      const providerId = yield* control.createSeries(calendarId, {
        timing: { ...daily, rule: { ...daily.rule, range } },
        subject: "Stand-up",
        joinUrl: zoom
      })
      yield* settle
      assert.isFalse((yield* row("Stand-up")).event.isDeleted)
      yield* control.deleteOccurrence(providerId, "2026-03-10")
      yield* settle
      assert.isTrue((yield* row("Stand-up")).event.isDeleted)
    }))
})

describe("all of a series", () => {
  test("covers as many as asked for, passing over cancelled ones", () =>
    Effect.gen(function* () {
      const { control, first, providerId, punctual } = yield* series
      yield* control.deleteOccurrence(providerId, "2026-03-12")
      yield* settle
      const answer = yield* punctual.schedule(user, ask(first.id, { allOccurrences: true, occurrenceLimit: 4 }))
      assert.deepStrictEqual(starts(answer.bots), [0, 1, 3, 4])
      assert.deepStrictEqual(starts(yield* standing), [0, 1, 3, 4])
    }))

  test("reaches beyond the window at once", () =>
    Effect.gen(function* () {
      const { first, punctual } = yield* series
      const answer = yield* punctual.schedule(user, ask(first.id, { allOccurrences: true, occurrenceLimit: 60 }))
      assert.lengthOf(answer.bots, 60)
      assert.deepStrictEqual(
        starts(yield* standing),
        Array.from({ length: 60 }, (_, index) => index)
      )
    }))

  test("follows a moved occurrence, and the series when its time of day changes, with the same bots", () =>
    Effect.gen(function* () {
      const { control, first, providerId, punctual } = yield* series
      yield* punctual.schedule(user, ask(first.id, { allOccurrences: true, occurrenceLimit: 3 }))
      const before = (yield* standing).map(({ id }) => id)
      yield* control.changeOccurrence(providerId, "2026-03-11", { start: startOf(1) + 2 * hour })
      yield* settle
      assert.deepStrictEqual(
        (yield* standing).map(({ start }) => start),
        [startOf(0), startOf(1) + 2 * hour, startOf(2)]
      )
      yield* control.changeSeries(providerId, { timing: { ...daily, startTime: 16 * hour } })
      yield* settle
      const after = yield* standing
      assert.deepStrictEqual(
        after.map(({ id }) => id),
        before
      )
      assert.deepStrictEqual(
        after.map(({ start }) => start),
        [startOf(0) + hour, startOf(1) + hour, startOf(2) + hour]
      )
    }))

  test("goes from a date on, and stays before it", () =>
    Effect.gen(function* () {
      const { first, punctual } = yield* series
      yield* punctual.schedule(user, ask(first.id, { allOccurrences: true, occurrenceLimit: 5 }))
      const gone = yield* punctual.unschedule(user, {
        eventId: first.id,
        allOccurrences: false,
        fromDate: "2026-03-13"
      })
      assert.deepStrictEqual(starts(gone.cancelled), [3, 4])
      assert.deepStrictEqual(starts(yield* standing), [0, 1, 2])
      yield* punctual.unschedule(user, { eventId: first.id, allOccurrences: true, fromDate: null })
      assert.deepStrictEqual(starts(yield* standing), [])
    }))
})

describe("always the next one", () => {
  test("gives each occurrence its bot when the one before was launched", () =>
    Effect.gen(function* () {
      const { first, punctual } = yield* series
      yield* punctual.schedule(user, ask(first.id, { recurring: true, config: { bot_name: "Chain" } }))
      assert.deepStrictEqual(starts(yield* standing), [0])
      yield* run(3 * day)
      const probe = yield* LauncherProbe
      const launched = yield* probe.launched
      assert.deepStrictEqual(
        launched.map(({ at }) => at),
        [startOf(0), startOf(1), startOf(2)].map((start) => start - minute)
      )
      assert.deepStrictEqual(
        launched.map(({ request }) => request.botName),
        ["Chain", "Chain", "Chain"]
      )
      assert.deepStrictEqual(starts(yield* standing), [3])
    }))

  test("passes over what the user removed", () =>
    Effect.gen(function* () {
      const { first, punctual } = yield* series
      yield* punctual.toggleRecurrence(user, first.id, true)
      const [bot] = yield* standing
      assert.isDefined(bot)
      yield* punctual.removeBot(user, bot.id)
      assert.deepStrictEqual(starts(yield* standing), [1])
    }))

  test("switched off keeps the bot that stands and makes no further one", () =>
    Effect.gen(function* () {
      const { first, punctual } = yield* series
      yield* punctual.toggleRecurrence(user, first.id, true)
      yield* punctual.toggleRecurrence(user, first.id, false)
      assert.deepStrictEqual(starts(yield* standing), [0])
      yield* run(2 * day)
      const probe = yield* LauncherProbe
      assert.lengthOf(yield* probe.launched, 1)
      assert.deepStrictEqual(starts(yield* standing), [])
    }))

  test("goes on although a launch failed for good", () =>
    Effect.gen(function* () {
      const { first, punctual } = yield* series
      yield* punctual.toggleRecurrence(user, first.id, true)
      const probe = yield* LauncherProbe
      yield* probe.script([{ kind: "rejected", message: "no" }])
      yield* run(day)
      assert.deepStrictEqual(starts(yield* standing), [1])
    }))

  test("by hand: the occurrence after the one named, for that one alone", () =>
    Effect.gen(function* () {
      const { first, punctual } = yield* series
      const answer = yield* punctual.scheduleNext(user, {
        eventId: first.id,
        after: null,
        rule: null,
        link: null,
        config: {}
      })
      assert.deepStrictEqual([answer.bot.start, answer.bot.origin], [startOf(1), "recurring"])
      const again = yield* refused(
        punctual.scheduleNext(user, { eventId: first.id, after: null, rule: null, link: null, config: {} })
      )
      assert.deepStrictEqual([again.code, again.botId], ["bot_already_scheduled", answer.bot.id])
    }))
})
