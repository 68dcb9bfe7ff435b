/**
 * B4: one provider id names one thing. A single meeting that is made a series in place, and back, leaves nothing behind:
 * no row that keeps the old time, and no bot in a room that has one already.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { RecurringSeries } from "../../../src/recurrence/Rule.ts"
import { connected, day, everything, hour, layer, listed, noon, settle, user, zoom } from "../Host.ts"

const daily: RecurringSeries = {
  rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "numbered", count: 3 } },
  startDate: "2026-03-10",
  startTime: 17 * hour,
  durationMillis: hour,
  zone: "UTC"
}
const once = { start: noon + 6 * hour, end: noon + 7 * hour }

/** When what is there begins, in hours from noon, and the joins of bots that are to come. */
const state = Effect.gen(function* () {
  const rows = (yield* listed).filter(({ event }) => !event.isDeleted)
  const hours = (instant: number): number => (instant - noon) / hour
  const joins = new Set(
    rows.flatMap(({ bots, event }) => (bots.some((bot) => bot.status === "Scheduled") ? [hours(event.start)] : []))
  )
  const active = (yield* listed).flatMap(({ bots }) => bots.filter((bot) => bot.status === "Scheduled"))
  return {
    rows: rows.map(({ event }) => hours(event.start)).toSorted((a, b) => a - b),
    joins: [...joins].toSorted((a, b) => a - b),
    bots: new Set(active.map((bot) => bot.id)).size
  }
})

const single = Effect.gen(function* () {
  const host = yield* connected
  yield* host.punctual.enableAuto(user, {})
  const id = yield* host.control.create(host.calendarId, { subject: "Review", joinUrl: zoom, ...once })
  yield* settle
  assert.deepStrictEqual(yield* state, { rows: [6], joins: [6], bots: 1 })
  return { ...host, id }
})

describe("B4: one provider id names one thing", () => {
  it.effect("a single meeting made a series in place leaves no row and no bot behind", () =>
    Effect.gen(function* () {
      const { control, id } = yield* single
      yield* control.makeRecurring(id, daily)
      yield* settle
      assert.deepStrictEqual(yield* state, { rows: [5, 29, 53], joins: [5], bots: 1 })
    }).pipe(Effect.provide(layer))
  )

  it.effect("a series made a single meeting in place leaves no occurrence, no series and no bot behind", () =>
    Effect.gen(function* () {
      const { control, id, punctual } = yield* single
      yield* control.makeRecurring(id, daily)
      yield* settle
      yield* control.makeSingle(id, once)
      yield* settle
      assert.deepStrictEqual(yield* state, { rows: [6], joins: [6], bots: 1 })
      yield* punctual.syncUser(user)
      assert.deepStrictEqual(yield* state, { rows: [6], joins: [6], bots: 1 })
    }).pipe(Effect.provide(layer))
  )

  it.effect("what was asked for a series that is none any more is no phantom beyond the window", () =>
    Effect.gen(function* () {
      const { control, id, punctual } = yield* single
      yield* control.makeRecurring(id, {
        ...daily,
        rule: { ...daily.rule, range: { kind: "noEnd" } } as typeof daily.rule
      })
      yield* settle
      const occurrence = (yield* listed).find(({ event }) => event.seriesId !== null)
      if (occurrence === undefined) return yield* Effect.die("no occurrence")
      yield* punctual.schedule(user, {
        eventId: occurrence.event.id,
        config: {},
        occurrenceDate: null,
        allOccurrences: true,
        occurrenceLimit: 52,
        recurring: false
      })
      yield* control.makeSingle(id, once)
      yield* settle
      const far = { ...everything, span: { from: noon - day, to: noon + 100 * day }, includeDeleted: false }
      const rows = (yield* punctual.events(user, far, "never")).items
      assert.deepStrictEqual(
        rows.map(({ event }) => event.start),
        [once.start]
      )
      const { items } = yield* punctual.bots(user, { limit: 100, place: null, backwards: false })
      assert.isAtMost(items.length, 1)
    }).pipe(Effect.provide(layer))
  )

  it.effect("and so in a full round", () =>
    Effect.gen(function* () {
      const { calendarId, control, id } = yield* single
      yield* control.makeRecurring(id, daily)
      yield* settle
      yield* control.forgetCursors(calendarId)
      yield* control.makeSingle(id, once)
      yield* TestClock.adjust(1)
      yield* settle
      assert.deepStrictEqual(yield* state, { rows: [6], joins: [6], bots: 1 })
    }).pipe(Effect.provide(layer))
  )
})
