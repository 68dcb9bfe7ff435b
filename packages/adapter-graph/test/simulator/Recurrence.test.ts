/** The oracle for recurrence: known dates, and the laws that any expansion keeps. */
import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { type Rhythm, slotsBetween } from "../../simulator/index.ts"
import { zoneOf } from "../../simulator/world/Zones.ts"
import { day } from "./Client.ts"

type Weekday = "sunday" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday"

const rhythm = (
  pattern: Partial<Rhythm["pattern"]>,
  startDate: string,
  range: Partial<Rhythm["range"]> = {}
): Rhythm => ({
  pattern: {
    type: "daily",
    interval: 1,
    month: 0,
    dayOfMonth: 0,
    firstDayOfWeek: "sunday",
    index: "first",
    ...pattern
  },
  range: { type: "noEnd", startDate, endDate: "0001-01-01", numberOfOccurrences: 0, ...range },
  startOfDayMillis: 9 * 3_600_000,
  durationMillis: 1_800_000,
  zone: "UTC",
  details: { isAllDay: false }
})

const dates = (each: Rhythm, from: string, to: string): ReadonlyArray<string> =>
  slotsBetween(each, Date.parse(from), Date.parse(to)).map((slot) => slot.date)

const year = ["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"] as const

describe("known dates", () => {
  it("a day past the end of a month is the month's last", () => {
    const thirtieth = dates(rhythm({ type: "absoluteMonthly", dayOfMonth: 30 }, "2026-01-01"), ...year)
    assert.deepStrictEqual(thirtieth.slice(0, 4), ["2026-01-30", "2026-02-28", "2026-03-30", "2026-04-30"])
    const thirtyFirst = dates(rhythm({ type: "absoluteMonthly", dayOfMonth: 31 }, "2026-01-01"), ...year)
    assert.deepStrictEqual(thirtyFirst.slice(1, 4), ["2026-02-28", "2026-03-31", "2026-04-30"])
    const leap = rhythm({ type: "absoluteYearly", month: 2, dayOfMonth: 29 }, "2026-01-01")
    assert.deepStrictEqual(dates(leap, "2026-01-01", "2029-01-01"), ["2026-02-28", "2027-02-28", "2028-02-29"])
  })

  it("the second Thursday-or-Friday of a month is one day, not two", () => {
    const pattern = { type: "relativeMonthly", daysOfWeek: ["thursday", "friday"], index: "second" } as const
    assert.deepStrictEqual(dates(rhythm(pattern, "2026-01-01"), ...year).slice(0, 5), [
      "2026-01-02",
      "2026-02-06",
      "2026-03-06",
      "2026-04-03",
      "2026-05-07"
    ])
  })

  it("the last day of a month, spelt as the last of all seven weekdays", () => {
    const daysOfWeek: ReadonlyArray<Weekday> = [
      "sunday",
      "monday",
      "tuesday",
      "wednesday",
      "thursday",
      "friday",
      "saturday"
    ]
    const pattern = { type: "relativeMonthly", daysOfWeek, index: "last" } as const
    assert.deepStrictEqual(dates(rhythm(pattern, "2026-01-01"), ...year).slice(0, 3), [
      "2026-01-31",
      "2026-02-28",
      "2026-03-31"
    ])
  })

  it("a series whose start date is none of its days begins with the first that is", () => {
    const pattern = { type: "relativeMonthly", daysOfWeek: ["thursday"], index: "first" } as const
    const each = rhythm(pattern, "2026-08-29", { type: "numbered", numberOfOccurrences: 2 })
    assert.deepStrictEqual(dates(each, ...year), ["2026-09-03", "2026-10-01"])
  })

  it("where a week begins decides which weeks every third one is", () => {
    const pattern = { type: "weekly", interval: 3, daysOfWeek: ["tuesday", "sunday"] } as const
    const sunday = dates(rhythm({ ...pattern, firstDayOfWeek: "sunday" }, "2026-11-03"), "2026-11-01", "2026-12-31")
    const monday = dates(rhythm({ ...pattern, firstDayOfWeek: "monday" }, "2026-11-03"), "2026-11-01", "2026-12-31")
    assert.deepStrictEqual(sunday.slice(0, 4), ["2026-11-03", "2026-11-22", "2026-11-24", "2026-12-13"])
    assert.deepStrictEqual(monday.slice(0, 4), ["2026-11-03", "2026-11-08", "2026-11-24", "2026-11-29"])
  })

  it("an end date is part of the series", () => {
    const each = rhythm({}, "2026-01-01", { type: "endDate", endDate: "2026-01-03" })
    assert.deepStrictEqual(dates(each, ...year), ["2026-01-01", "2026-01-02", "2026-01-03"])
  })
})

const weekday = FastCheck.constantFrom<Weekday>(
  "sunday",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday"
)
const zone = FastCheck.constantFrom(
  "UTC",
  "Pacific Standard Time",
  "Lord Howe Standard Time",
  "Nepal Standard Time",
  "W. Europe Standard Time",
  "America/Sao_Paulo"
)
const startDate = FastCheck.integer({ min: 16_000, max: 21_000 }).map((days) =>
  new Date(days * day).toISOString().slice(0, 10)
)

const rhythms: FastCheck.Arbitrary<Rhythm> = FastCheck.record({
  pattern: FastCheck.record({
    type: FastCheck.constantFrom(
      "daily",
      "weekly",
      "absoluteMonthly",
      "relativeMonthly",
      "absoluteYearly",
      "relativeYearly"
    ),
    interval: FastCheck.integer({ min: 1, max: 4 }),
    month: FastCheck.integer({ min: 1, max: 12 }),
    dayOfMonth: FastCheck.integer({ min: 1, max: 31 }),
    daysOfWeek: FastCheck.uniqueArray(weekday, { minLength: 1 }),
    firstDayOfWeek: weekday,
    index: FastCheck.constantFrom("first", "second", "third", "fourth", "last")
  }),
  range: FastCheck.record({
    type: FastCheck.constantFrom("noEnd", "endDate", "numbered"),
    startDate,
    endDate: FastCheck.constant("2027-06-30"),
    numberOfOccurrences: FastCheck.integer({ min: 1, max: 400 })
  }),
  startOfDayMillis: FastCheck.integer({ min: 0, max: 95 }).map((quarters) => quarters * 900_000),
  durationMillis: FastCheck.integer({ min: 0, max: 200 }).map((quarters) => quarters * 900_000),
  zone,
  details: FastCheck.record({ isAllDay: FastCheck.boolean() })
})

const spans = FastCheck.tuple(
  FastCheck.integer({ min: 17_000, max: 21_000 }),
  FastCheck.integer({ min: 0, max: 400 })
).map(([from, length]) => [from * day, (from + length) * day] as const)

describe("laws", () => {
  it("slots are sorted, without doubles, and overlap the span asked for", () => {
    FastCheck.assert(
      FastCheck.property(rhythms, spans, (each, [from, to]) => {
        const slots = slotsBetween(each, from, to)
        for (const [index, slot] of slots.entries()) {
          assert.isTrue(index === 0 || (slots[index - 1]?.start ?? 0) < slot.start)
          assert.isTrue(slot.start < to && slot.end >= from)
        }
      })
    )
  })

  it("two halves of a span hold what the whole holds", () => {
    FastCheck.assert(
      FastCheck.property(
        rhythms,
        spans,
        FastCheck.double({ min: 0, max: 1, noNaN: true }),
        (each, [from, to], share) => {
          const middle = Math.floor(from + (to - from) * share)
          const halves = [...slotsBetween(each, from, middle), ...slotsBetween(each, middle, to)].map(
            (slot) => slot.date
          )
          assert.sameMembers(
            [...new Set(halves)],
            slotsBetween(each, from, to).map((slot) => slot.date)
          )
        }
      )
    )
  })

  it("a numbered series has no more than its number, over all time", () => {
    FastCheck.assert(
      FastCheck.property(rhythms, (each) => {
        const numbered: Rhythm = { ...each, range: { ...each.range, type: "numbered" } }
        assert.isAtMost(slotsBetween(numbered, 0, 25_000 * day).length, each.range.numberOfOccurrences)
      })
    )
  })

  it("the clock on the wall shows the same time at every start, but where the clocks jump over it", () => {
    FastCheck.assert(
      FastCheck.property(rhythms, spans, (each, [from, to]) => {
        for (const slot of slotsBetween(each, from, to)) {
          const wall = (each.details.isAllDay ? zoneOf("UTC") : zoneOf(each.zone))?.toWall(slot.start) ?? 0
          const late = ((wall % day) - each.startOfDayMillis + day) % day
          assert.isTrue(late === 0 || late <= 3_600_000, `off by ${late} ms`)
        }
      })
    )
  })
})
