/**
 * What a calendar provider promises about rounds of changes. Uses the port, and the stage to have changes.
 */
import { assert } from "@effect/vitest"
import { Arbitrary, Effect, Option, Stream } from "effect"
import type { ChangeItem } from "../../../src/domain/Provider.ts"
import type { Span } from "../../../src/domain/Time.ts"
import { type Diary, dateOf, edit, perform, startsIn, startsOf } from "./Diary.ts"
import type { It, Needing } from "./Needs.ts"
import { read, sorted } from "./Reader.ts"
import { CalendarStage, day, hour, minute, opened, refusal } from "./Stage.ts"

export const cases = (it: It, needing: Needing, runs: number): void => {
  whole(it, needing)
  later(it, needing)

  it.effect.prop(
    "MUST leave a reader of incremental rounds where a full round would, and that where the calendar is",
    { edits: Arbitrary.array(Arbitrary.array(edit, { maxLength: 5 }), { maxLength: 4 }) },
    ({ edits }) =>
      Effect.gen(function* () {
        const { calendarId, now, session } = yield* opened
        const window = windowOf(now)
        const diary: Diary = { singles: [], series: [] }
        let last = yield* read(session, calendarId, { window })
        for (const round of edits) {
          for (const each of round) yield* perform(calendarId, now, diary, each)
          last = yield* read(session, calendarId, { cursor: last.cursor }, last.reading)
          const full = yield* read(session, calendarId, { window })
          assert.deepStrictEqual(sorted(last.reading), sorted(full.reading))
          assert.deepStrictEqual(startsOf(full.reading), startsIn(diary, window))
        }
      }),
    { arbitrary: { runs } }
  )
}

const whole = (it: It, needing: Needing): void => {
  it.effect("MUST tell everything that overlaps the window and nothing else, and end with a cursor", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const { calendarId, now, session } = yield* opened
      const window = windowOf(now)
      const inside = [
        yield* stage.create(calendarId, window.from - 29 * minute, "ends within"),
        yield* stage.create(calendarId, now, "within"),
        yield* stage.create(calendarId, window.to - minute, "begins within")
      ]
      yield* stage.create(calendarId, window.from - 30 * minute, "ends at its start")
      yield* stage.create(calendarId, window.to, "begins at its end")
      const { reading } = yield* read(session, calendarId, { window })
      assert.sameMembers([...reading.keys()], inside)
    })
  )

  it.effect("MUST tell a single meeting whole", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const { calendarId, now, session } = yield* opened
      const start = Math.floor(now / minute) * minute + hour
      const id = yield* stage.create(calendarId, start, "Quarterly – “plan”")
      const { items } = yield* read(session, calendarId, { window: windowOf(now) })
      const [event] = items.flatMap((item) => (item.kind === "event" ? [item.event] : []))
      const { end, isAllDay, isCancelled, kind, providerId, start: told, subject } = event ?? assert.fail("no event")
      assert.deepStrictEqual(
        { end, isAllDay, isCancelled, kind, providerId, subject, told },
        {
          end: start + 30 * minute,
          isAllDay: false,
          isCancelled: false,
          kind: "single",
          providerId: id,
          subject: "Quarterly – “plan”",
          told: start
        }
      )
    })
  )

  it.effect("MUST tell the occurrences of a series in the window, and name their series", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const { calendarId, now, session } = yield* opened
      const window = windowOf(now)
      const series = yield* stage.createDaily(calendarId, dateOf(now - 40 * day), 10 * hour, "Daily")
      const { items, reading } = yield* read(session, calendarId, { window })
      const starts = [...reading.values()].map(({ start }) => start).toSorted((a, b) => a - b)
      const first = Math.ceil((window.from - 10.5 * hour + 1) / day) * day + 10 * hour
      const expected = Array.from({ length: 100 }, (_, n) => first + n * day).filter((start) => start < window.to)
      assert.deepStrictEqual(starts, expected)
      assert.isTrue([...reading.values()].every(({ seriesId }) => seriesId === series))
      const told = items.flatMap((item) => (item.kind === "series" ? [item.series] : []))
      for (const each of told) assert.deepStrictEqual([each.providerId, each.subject], [series, "Daily"])
      assert.isTrue(told.every((each) => each.timing?.rule.kind === "pattern"))
    })
  )

  it.effect("MUST tell an occurrence that was moved at its new time alone, and one that was taken out not at all", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const { calendarId, now, session } = yield* opened
      const midnight = Math.floor(now / day) * day
      const window = { from: midnight + day, to: midnight + 5 * day }
      const series = yield* stage.createDaily(calendarId, dateOf(now), 10 * hour, "Daily")
      yield* stage.moveOccurrence(calendarId, series, dateOf(now + 2 * day), midnight + 2 * day + 15 * hour)
      yield* stage.moveOccurrence(calendarId, series, dateOf(now + 3 * day), midnight + 90 * day)
      yield* stage.deleteOccurrence(calendarId, series, dateOf(now + 4 * day))
      const { reading } = yield* read(session, calendarId, { window })
      const starts = [...reading.values()].map(({ start }) => start - midnight).toSorted((a, b) => a - b)
      assert.deepStrictEqual(starts, [day + 10 * hour, 2 * day + 15 * hour])
    })
  )

  it.effect("MUST tell a span outside the window completely, without a cursor", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const { calendarId, now, session } = yield* opened
      const far = now + 300 * day
      const id = yield* stage.create(calendarId, far, "far")
      yield* stage.create(calendarId, now, "near")
      const pages = yield* Stream.runCollect(session.view(calendarId, { from: far - hour, to: far + hour }))
      const told = pages.flatMap((page) => page.items).flatMap((item) => (item.kind === "event" ? [item.event] : []))
      assert.deepStrictEqual(
        told.map((event) => event.providerId),
        [id]
      )
      assert.isTrue(pages.every((page) => page.cursor === null))
    })
  )

  needing("accounts")("MUST say that a calendar is gone that is not the account's", () =>
    Effect.gen(function* () {
      const { now, session } = yield* opened
      const other = yield* opened
      const ask = Stream.runDrain(session.changes(other.calendarId, { window: windowOf(now) }))
      assert.strictEqual(yield* refusal(ask), "CalendarGone")
    })
  )
}

const later = (it: It, needing: Needing): void => {
  it.effect("MUST tell nothing once there is nothing new, and go on from the next cursor", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const { calendarId, now, session } = yield* opened
      yield* stage.create(calendarId, now, "before")
      const first = yield* read(session, calendarId, { window: windowOf(now) })
      const second = yield* read(session, calendarId, { cursor: first.cursor })
      assert.deepStrictEqual(second.items, [])
      const id = yield* stage.create(calendarId, now, "after")
      const third = yield* read(session, calendarId, { cursor: second.cursor })
      assert.deepStrictEqual([...third.reading.keys()], [id])
    })
  )

  it.effect("MUST tell changes again to whoever comes again with an old cursor", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const { calendarId, now, session } = yield* opened
      const first = yield* read(session, calendarId, { window: windowOf(now) })
      const id = yield* stage.create(calendarId, now, "new")
      for (const time of ["first", "second"]) {
        const again = yield* read(session, calendarId, { cursor: first.cursor })
        assert.deepStrictEqual([...again.reading.keys()], [id], time)
      }
    })
  )

  it.effect("MUST say that an event was removed when it was deleted, or moved out of the window", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const { calendarId, now, session } = yield* opened
      const gone = yield* stage.create(calendarId, now, "gone")
      const moved = yield* stage.create(calendarId, now, "moved")
      const first = yield* read(session, calendarId, { window: windowOf(now) })
      yield* stage.remove(calendarId, gone)
      yield* stage.move(calendarId, moved, now + 200 * day)
      const { items } = yield* read(session, calendarId, { cursor: first.cursor })
      const removed = items.flatMap((item) => (item.kind === "removed" ? [item.providerId] : []))
      assert.includeMembers(removed, [gone, moved])
      yield* stage.move(calendarId, moved, now + day)
      const back = yield* read(session, calendarId, { cursor: first.cursor })
      assert.isTrue(back.reading.has(moved))
    })
  )

  needing("makeInPlace")("B4: MUST tell what became of an id whose meeting turned into a series, and back", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const { calendarId, now, session } = yield* opened
      const start = Math.floor(now / minute) * minute + hour
      const id = yield* stage.create(calendarId, start, "turning")
      const kinds = (items: ReadonlyArray<ChangeItem>) =>
        new Set(items.map((item) => (item.kind === "event" ? item.event.kind : item.kind)))
      const single = yield* read(session, calendarId, { window: windowOf(now) })
      yield* stage.makeDaily(calendarId, id, start)
      const recurring = yield* read(session, calendarId, { cursor: single.cursor })
      assert.isFalse(kinds(recurring.items).has("single"))
      assert.isTrue(recurring.items.some((item) => item.kind === "occurrence" && item.seriesProviderId === id))
      assert.isTrue(Option.isNone(yield* session.event(calendarId, id)))
      assert.isTrue(Option.isSome(yield* session.series(calendarId, id)))
      yield* stage.makeSingle(calendarId, id, start + day)
      const back = yield* read(session, calendarId, { cursor: recurring.cursor })
      assert.deepStrictEqual(
        back.items.flatMap((item) => (item.kind === "event" ? [[item.event.providerId, item.event.start]] : [])),
        [[id, start + day]]
      )
      assert.isTrue(Option.isSome(yield* session.event(calendarId, id)))
      assert.isTrue(Option.isNone(yield* session.series(calendarId, id)))
    })
  )

  needing("cancel")("MUST tell that a meeting was cancelled and stays", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const { calendarId, now, session } = yield* opened
      const id = yield* stage.create(calendarId, now, "off")
      const { cursor } = yield* read(session, calendarId, { window: windowOf(now) })
      yield* stage.cancel(calendarId, id)
      const { items } = yield* read(session, calendarId, { cursor })
      const events = items.flatMap((item) => (item.kind === "event" ? [item.event] : []))
      assert.deepStrictEqual(
        events.map((event) => [event.providerId, event.isCancelled]),
        [[id, true]]
      )
    })
  )

  needing("forgetCursors")("MUST say that a cursor expired that it has forgotten", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const { calendarId, now, session } = yield* opened
      const { cursor } = yield* read(session, calendarId, { window: windowOf(now) })
      yield* stage.forgetCursors(calendarId)
      assert.strictEqual(yield* refusal(Stream.runDrain(session.changes(calendarId, { cursor }))), "CursorExpired")
      yield* read(session, calendarId, { window: windowOf(now) })
    })
  )
}

/** Two days back, thirty ahead. */
const windowOf = (now: number): Span => ({ from: now - 2 * day, to: now + 30 * day })
