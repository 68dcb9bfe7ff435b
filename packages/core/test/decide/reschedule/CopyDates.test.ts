/**
 * One series on two calendars that lay its days in different zones: an evening in New York is the day after in UTC. One bot
 * for each time that it takes place, whichever copy leads, is named, or goes.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import type { Series } from "../../../src/domain/Series.ts"
import type { Slice } from "../../../src/domain/Slice.ts"
import { dateIn } from "../../../src/mirror/OriginalDate.ts"
import { expand } from "../../../src/recurrence/Expand.ts"
import type { Occurrence, RecurringSeries } from "../../../src/recurrence/Rule.ts"
import { toLocal } from "../../../src/recurrence/WallClock.ts"
import { at, autoSchedule, calendar, day, hour, listed, monday, primary, second, series, weekly } from "../Rows.ts"
import { story } from "../Story.ts"

const zones = ["America/New_York", "UTC", "Asia/Tokyo", "Pacific/Auckland", "America/Los_Angeles"] as const

/** The same instants by the clocks of a zone, for as long as no clock there or elsewhere changes. */
const timingIn = (zone: string, start: number, count: number | null, interval: number): RecurringSeries => {
  const local = toLocal(zone, start)
  assert.isNotNull(local)
  return weekly([], {
    rule: {
      kind: "pattern",
      pattern: { kind: "daily", interval },
      range: count === null ? { kind: "noEnd" } : { kind: "numbered", count }
    },
    startDate: local?.date ?? "",
    startTime: local?.time ?? 0,
    zone
  })
}

const windowEnd = monday + 12 * day
const calendars = [
  calendar(primary, { window: { from: monday - day, to: windowEnd } }),
  calendar(second, { window: { from: monday - day, to: windowEnd } })
]

const rowsOf = (copy: Series) =>
  copy.timing === null
    ? []
    : expand(copy.timing, monday - day, windowEnd, 99).map((when: Occurrence) =>
        listed(copy, when, { originalStart: when.start })
      )

const copies = (first: string, other: string, start: number, count: number | null = 5, interval = 1) => {
  const own = series("sync", { timing: timingIn(first, start, count, interval) })
  const shared = series("sync", { calendarId: second, timing: timingIn(other, start, count, interval) })
  return { own, shared, rows: [...rowsOf(own), ...rowsOf(shared)] }
}

const evening = at("2025-06-03T00:30:00Z")
const days = (count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, place) => new Date(evening + place * day).toISOString().slice(0, 16))

const everywhere = autoSchedule({ enabled: true, seq: 1, coveredUntil: monday + 30 * day })

describe("copies of a series that lay its days in different zones", () => {
  it("are stored under different dates", () => {
    const { own, shared } = copies("America/New_York", "UTC", evening)
    assert.deepStrictEqual([dateIn(own, evening), dateIn(shared, evening)], ["2025-06-02", "2025-06-03"])
  })

  it("have one bot for each time, however the series is asked for", () => {
    for (const [first, other] of [zones, zones.toReversed()] as const) {
      const { own, rows, shared } = copies(first ?? "", other ?? "", evening)
      for (const events of [rows, rows.toReversed()]) {
        const told = story({ events, series: [own, shared], calendars, auto: everywhere })
        told.decide()
        assert.deepStrictEqual(told.starts(), days(5))
        const asked = story({ events, series: [own, shared], calendars })
        asked.scheduleAll(own, dateIn(own, evening), 5)
        assert.deepStrictEqual(asked.starts(), days(5))
      }
    }
  })

  it("have one where one copy's rule is not understood", () => {
    const { own, rows, shared } = copies("America/New_York", "UTC", evening)
    const told = story({ events: rows, series: [own, { ...shared, timing: null }], calendars, auto: everywhere })
    told.decide()
    assert.deepStrictEqual(told.starts(), days(5))
  })

  it("have the second copy told later, and lose nothing when either goes", () => {
    const { own, rows, shared } = copies("America/New_York", "UTC", evening)
    const of = (copy: Series) => rows.filter(({ seriesId }) => seriesId === copy.id)
    for (const [before, after] of [
      [own, shared],
      [shared, own]
    ] as const) {
      const told = story({ events: of(before), series: [before], calendars })
      told.scheduleAll(before, dateIn(before, evening), 5)
      const ids = told.slice().bots.map(({ id }) => id)
      told.told({ series: [after], events: of(after) })
      assert.deepStrictEqual(told.starts(), days(5))
      assert.sameMembers(
        told.slice().bots.map(({ id }) => id),
        ids
      )
      told.told({ series: [{ ...before, isDeleted: true }], events: of(before).map(gone) })
      assert.deepStrictEqual(told.starts(), days(5))
      assert.sameMembers(
        told.slice().bots.map(({ id }) => id),
        ids
      )
      told.told({ series: [{ ...after, isDeleted: true }], events: of(after).map(gone) })
      assert.deepStrictEqual(told.starts(), [])
    }
  })

  it("are removed together, on whichever copy one of them is named", () => {
    const { own, rows, shared } = copies("America/New_York", "UTC", evening)
    for (const copy of [own, shared]) {
      const told = story({ events: rows, series: [own, shared], calendars, auto: everywhere })
      told.decide()
      const named = told.slice().events.find(({ seriesId, start }) => seriesId === copy.id && start === evening + day)
      assert.isDefined(named)
      if (named !== undefined) told.remove(named)
      assert.deepStrictEqual(told.starts(), days(5).toSpliced(1, 1))
    }
  })

  it("have no second bot, and none too few, in any zones, at any hour, whichever comes or goes", () => {
    let apart = 0
    const zone = fc.constantFrom(...zones)
    const some = fc.record({
      first: zone,
      other: zone,
      hours: fc.nat(23),
      count: fc.option(fc.integer({ min: 1, max: 7 })),
      interval: fc.integer({ min: 1, max: 3 }),
      isAuto: fc.boolean(),
      leaves: fc.boolean(),
      /** Which copy is told after the other was decided; null: both are told at once. */
      comesLater: fc.option(fc.boolean())
    })
    fc.assert(
      fc.property(some, ({ comesLater, count, first, hours, interval, isAuto, leaves, other }) => {
        const start = monday + day + hours * hour
        const { own, rows, shared } = copies(first, other, start, count, interval)
        apart += dateIn(own, start) === dateIn(shared, start) ? 0 : 1
        const isTold = ({ id }: Pick<Series, "id">): boolean =>
          comesLater === null || id !== (comesLater ? own : shared).id
        const known = [own, shared].filter(isTold)
        const events = rows.filter(({ seriesId }) => known.some(({ id }) => id === seriesId))
        const told = story({ events, series: known, calendars, ...(isAuto && { auto: everywhere }) })
        const named = known[0] ?? own
        if (isAuto) told.decide()
        else told.scheduleAll(named, dateIn(named, start), 9)
        const before = told.slice().bots.map(({ id }) => id)
        told.told({
          series: [own, shared].filter((copy) => !isTold(copy)),
          events: rows.filter((row) => !events.includes(row))
        })
        const wanted = startsOf(own, isAuto ? windowEnd : Infinity, isAuto ? 99 : 9)
        assert.deepStrictEqual(told.starts(), wanted)
        const ids = told.slice().bots.map(({ id }) => id)
        assert.sameMembers(ids, before)
        const left = leaves ? own : shared
        const listedOnes = told.slice().events.filter(({ isVirtual, seriesId }) => seriesId === left.id && !isVirtual)
        told.told({ series: [{ ...left, isDeleted: true }], events: listedOnes.map(gone) })
        assert.deepStrictEqual(told.starts(), wanted)
        assert.sameMembers(
          told.slice().bots.map(({ id }) => id),
          ids
        )
      }),
      { numRuns: 300 }
    )
    assert.isAbove(apart, 50)
  })
})

const startsOf = ({ timing }: Series, until: number, limit: number): ReadonlyArray<string> =>
  timing === null
    ? []
    : expand(timing, monday, until, limit).map(({ start }) => new Date(start).toISOString().slice(0, 16))

const gone = (row: Slice["events"][number]): Slice["events"][number] => ({ ...row, isDeleted: true })
