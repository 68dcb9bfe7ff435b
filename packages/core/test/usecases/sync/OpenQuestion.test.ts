/**
 * B8: a series that is listed, and said not to be there when it is asked for by its id. Evidence stands against evidence:
 * it is asked again, the cursor is held, and the calendar is not fresh until there is an answer.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { account, connected, day, hour, layer, listed, minute, noon, settle, user, zoom } from "../Host.ts"

const timing = {
  rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "numbered", count: 3 } },
  startDate: "2026-03-10",
  startTime: 17 * hour,
  durationMillis: hour,
  zone: "UTC"
} as const

const state = Effect.gen(function* () {
  const rows = (yield* listed).filter(({ event }) => !event.isDeleted)
  return rows
    .map(({ event }) => `${event.subject} ${event.seriesId === null ? "alone" : event.originalDate}`)
    .toSorted()
})

const dates = ["Daily 2026-03-10", "Daily 2026-03-11", "Daily 2026-03-12"]

/** A series of three that is told without its master from now on. */
const told = Effect.gen(function* () {
  const host = yield* connected
  const series = yield* host.control.createSeries(host.calendarId, { subject: "Daily", timing, joinUrl: zoom })
  yield* host.control.leaveOutMasters(host.calendarId, true)
  const calendar = Effect.map(account, ({ calendars }) => calendars[0])
  return { ...host, series, calendar }
})

describe("B8: a series that is listed and not found", () => {
  it.effect("once, is asked for again at once, and is there", () =>
    Effect.gen(function* () {
      const { calendar, control, series } = yield* told
      yield* control.hideSeries(series, 1)
      yield* settle
      assert.deepStrictEqual(yield* state, dates)
      assert.strictEqual((yield* calendar)?.syncStatus, "ok")
    }).pipe(Effect.provide(layer))
  )

  it.effect("for a while, holds the cursor; the calendar is stale, and it heals by itself", () =>
    Effect.gen(function* () {
      const { calendar, control, punctual, series } = yield* told
      yield* settle
      const before = yield* calendar
      yield* control.changeSeries(series, { subject: "Weekly" })
      yield* control.hideSeries(series, 4)
      yield* settle
      const open = yield* calendar
      assert.deepStrictEqual([open?.syncStatus, open?.cursor], ["stale", before?.cursor])
      assert.deepStrictEqual(yield* state, dates, "what is held of it speaks for it")
      assert.strictEqual(open?.syncError, "provider_unavailable")
      yield* punctual.syncUser(user)
      assert.strictEqual((yield* calendar)?.cursor, before?.cursor, "and so in a round that somebody asks for")
      yield* TestClock.adjust(minute)
      yield* settle
      assert.strictEqual((yield* calendar)?.syncStatus, "ok")
      assert.deepStrictEqual(
        yield* state,
        dates.map((row) => row.replace("Daily", "Weekly"))
      )
    }).pipe(Effect.provide(layer))
  )

  it.effect("in the first round, is there when it is found, its exceptions too", () =>
    Effect.gen(function* () {
      const { calendar, control, series } = yield* told
      yield* control.changeOccurrence(series, "2026-03-11", { start: noon + day })
      yield* control.hideSeries(series, 2)
      yield* settle
      assert.deepStrictEqual([yield* state, (yield* calendar)?.syncStatus], [[], "stale"])
      yield* TestClock.adjust(minute)
      yield* settle
      assert.deepStrictEqual([yield* state, (yield* calendar)?.syncStatus], [dates, "ok"])
    }).pipe(Effect.provide(layer))
  )

  it.effect("because it is gone by now, is settled by the next round", () =>
    Effect.gen(function* () {
      const { calendar, control, series } = yield* told
      yield* settle
      yield* control.changeSeries(series, { subject: "Weekly" })
      yield* control.hideSeries(series, 2)
      yield* settle
      yield* control.remove(series)
      yield* TestClock.adjust(minute)
      yield* settle
      assert.deepStrictEqual([yield* state, (yield* calendar)?.syncStatus], [[], "ok"])
    }).pipe(Effect.provide(layer))
  )
})
