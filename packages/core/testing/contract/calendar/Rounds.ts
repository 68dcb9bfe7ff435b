/**
 * What a calendar provider promises about rounds of changes. Uses the port, and the stage to have changes.
 */
import { assert, type Vitest } from "@effect/vitest"
import { Arbitrary, DateTime, Effect, Schema, Stream } from "effect"
import type { CalendarId } from "../../../src/domain/Ids.ts"
import type { Span } from "../../../src/domain/Time.ts"
import type { CalendarProvider } from "../../../src/ports/Calendar.ts"
import { read, sorted } from "./Reader.ts"
import { CalendarStage, day, hour, minute, opened, refusal } from "./Stage.ts"

export type It = Vitest.MethodsNonLive<CalendarProvider | CalendarStage>

export const cases = (it: It, runs: number): void => {
  whole(it)
  later(it)

  it.effect.prop(
    "MUST leave a reader of incremental rounds where a full round would, whatever was done between them",
    { edits: Arbitrary.array(Arbitrary.array(edit, { maxLength: 5 }), { maxLength: 4 }) },
    ({ edits }) =>
      Effect.gen(function* () {
        const { calendarId, now, session } = yield* opened
        const window = windowOf(now)
        const ids: Ids = { singles: [], series: [] }
        let last = yield* read(session, calendarId, { window })
        for (const round of edits) {
          for (const each of round) yield* perform(calendarId, now, ids, each)
          last = yield* read(session, calendarId, { cursor: last.cursor }, last.reading)
          const full = yield* read(session, calendarId, { window })
          assert.deepStrictEqual(sorted(last.reading), sorted(full.reading))
        }
      }),
    { arbitrary: { runs } }
  )
}

const whole = (it: It): void => {
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

  it.effect("MUST say that a calendar is gone that is not the account's", () =>
    Effect.gen(function* () {
      const { now, session } = yield* opened
      const other = yield* opened
      const ask = Stream.runDrain(session.changes(other.calendarId, { window: windowOf(now) }))
      assert.strictEqual(yield* refusal(ask), "CalendarGone")
    })
  )
}

const later = (it: It): void => {
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

  it.effect("MUST tell that a meeting was cancelled and stays", () =>
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

  it.effect("MUST say that a cursor expired that it has forgotten", () =>
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

const dateOf = (instant: number): string => DateTime.formatIsoDateUtc(DateTime.makeUnsafe(instant))

interface Ids {
  readonly singles: Array<string>
  readonly series: Array<string>
}

const edit = Arbitrary.all({
  what: Arbitrary.schema(
    Schema.Literals(["create", "move", "remove", "series", "move one", "delete one", "remove series"])
  ),
  which: Arbitrary.schema(Schema.Literals([0, 1, 2])),
  /** Days from now: within the window, at its edges and beyond. */
  days: Arbitrary.schema(Schema.Literals([-30, -3, -2, -1, 0, 1, 2, 29, 30, 31, 90])),
  minutes: Arbitrary.schema(Schema.Literals([0, 15, 90]))
})

/** Does what an edit says, where there is something to do it to. */
const perform = Effect.fnUntraced(function* (
  calendarId: CalendarId,
  now: number,
  ids: Ids,
  { days, minutes, what, which }: typeof edit extends Arbitrary.Arbitrary<infer Edit> ? Edit : never
) {
  const stage: CalendarStage["Service"] = yield* CalendarStage
  const start = Math.floor(now / minute) * minute + days * day + minutes * minute
  const single = ids.singles[which]
  const series = ids.series[which]
  if (what === "create") ids.singles.push(yield* stage.create(calendarId, start, "single"))
  if (what === "series") {
    ids.series.push(yield* stage.createDaily(calendarId, dateOf(start), minutes * minute, "series"))
  }
  if (what === "move" && single !== undefined) yield* stage.move(calendarId, single, start)
  if (what === "remove" && single !== undefined) {
    yield* stage.remove(calendarId, single)
    ids.singles.splice(which, 1)
  }
  if (series === undefined) return
  if (what === "move one") yield* stage.moveOccurrence(calendarId, series, dateOf(now + day), start)
  if (what === "delete one") yield* stage.deleteOccurrence(calendarId, series, dateOf(now + 2 * day))
  if (what === "remove series") {
    yield* stage.remove(calendarId, series)
    ids.series.splice(which, 1)
  }
})
