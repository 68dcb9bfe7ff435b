/** A series that was split, and the one that goes on split again, before either was decided; and several of one name. */
import { assert, describe, it } from "@effect/vitest"
import { splits } from "../../../src/decide/reschedule/Splits.ts"
import type { Series } from "../../../src/domain/Series.ts"
import type { Slice } from "../../../src/domain/Slice.ts"
import { occurrenceMeetingKey } from "../../../src/domain/MeetingKey.ts"
import * as rows from "../../../testing/rows/index.ts"

const date = (nth: number): string => `2041-04-${nth}`

/** Every day from a date on, until another; null: for ever. */
const part = (label: string, from: number, to: number | null, members: Partial<Series> = {}): Series => {
  const range = to === null ? ({ kind: "noEnd" } as const) : ({ kind: "endDate", endDate: date(to) } as const)
  const timing = { ...rows.daily, rule: { ...rows.daily.rule, range }, startDate: date(from) } as Series["timing"]
  return rows.series(label, { subject: "Daily", organizer: "boss@example.com", timing, ...members })
}

/** It was daily for ever, ends on the 22nd, goes on as another until the 24th, and as the last from then on. */
const first = part("first", 20, 22, { decidedTiming: { ...rows.daily, startDate: date(20) } })
const second = part("second", 23, 24)
const third = part("third", 25, null)

const of = (series: Series, nth: number) => occurrenceMeetingKey(series.key, date(nth))

const decided = (members: Partial<Slice>, third_: Series = third) => {
  const slice = rows.slice({ calendars: [rows.calendar()], series: [third_, second, first], ...members })
  const named = new Set(slice.intents.flatMap((intent) => ("meeting" in intent ? [intent.meeting] : [])))
  return splits(slice, named, rows.now)
}

describe("a series that was split twice before it is decided", () => {
  it("hands on what was asked for its dates, each to the part that has it", () => {
    const dates = [22, 23, 24, 25, 29]
    const { heirs } = decided({ intents: dates.map((nth) => rows.eventIntent(of(first, nth))) })
    assert.deepStrictEqual(
      dates.map((nth) => heirs.get(of(first, nth))?.meeting ?? null),
      [null, of(second, 23), of(second, 24), of(third, 25), of(third, 29)]
    )
    assert.strictEqual(heirs.get(of(first, 29))?.start, rows.now + 9 * rows.day)
  })

  it("hands on what was asked for all of it, less what the parts before have", () => {
    const asked = rows.seriesIntent(first.key, { fromDate: date(20), dateCount: 9 })
    const removed = rows.seriesExclusion(first.key, { fromDate: date(27) })
    const { added, splits: found } = decided({ intents: [asked, removed] })
    const from = added.flatMap((intent) => ("meeting" in intent ? [] : [[intent.kind, intent.series, intent.fromDate]]))
    assert.deepInclude(from, ["series", second.key, date(23)])
    assert.deepInclude(from, ["series", third.key, date(25)])
    assert.deepInclude(from, ["series-exclusion", third.key, date(27)])
    const last = added.find((intent) => intent.id === `series:${third.key}`)
    assert.strictEqual(last?.kind === "series" ? last.dateCount : 0, 4)
    assert.deepStrictEqual(found, [
      { from: first.key, to: second.key },
      { from: second.key, to: third.key }
    ])
  })

  it("leaves behind what was asked for a date that no part has", () => {
    const { heirs } = decided({ intents: [rows.eventIntent(of(first, 29))] }, part("third", 25, 27))
    assert.strictEqual(heirs.size, 0)
  })
})

describe("several series of one name and organizer", () => {
  const at = (nth: number, hour: number) => ({
    timing: { ...rows.daily, startDate: date(nth), startTime: hour * rows.hour } as Series["timing"]
  })
  const ended = (label: string, hour: number) => {
    const { timing } = part(label, 20, 22)
    const endless = at(20, hour).timing
    return part(label, 20, 22, {
      timing: { ...timing, startTime: hour * rows.hour } as Series["timing"],
      decidedTiming: endless
    })
  }
  const heirsOf = (series: ReadonlyArray<Series>, asked: ReadonlyArray<Series>) => {
    const intents = asked.map((each) => rows.eventIntent(of(each, 25)))
    const slice = rows.slice({ calendars: [rows.calendar()], series, intents })
    const { heirs } = splits(slice, new Set(intents.map(({ meeting }) => meeting)), rows.now)
    return asked.map((each) => heirs.get(of(each, 25))?.meeting ?? null)
  }
  const morning = ended("morning", 9)
  const evening = ended("evening", 18)

  it("that were split on one day: each goes on with what is most like it", () => {
    const moved = part("moved", 23, null, at(23, 12))
    const same = part("same", 23, null, at(23, 18))
    const expected = [of(moved, 25), of(same, 25)]
    for (const series of [
      [morning, evening, moved, same],
      [evening, morning, same, moved]
    ]) {
      assert.deepStrictEqual(heirsOf(series, [morning, evening]), expected)
    }
  })

  it("of which one is new and goes on with nothing: the one that was split passes it by", () => {
    const other = part("other", 23, null, at(23, 12))
    const rest = part("rest", 23, null, at(23, 9))
    for (const series of [
      [morning, other, rest],
      [rest, other, morning]
    ]) {
      assert.deepStrictEqual(heirsOf(series, [morning]), [of(rest, 25)])
    }
  })

  /** What each of two that fit has kept of the one that was split, by what the first has kept and the second has not. */
  const kept: ReadonlyArray<readonly [string, Partial<Series>, Partial<Series>]> = [
    ["subject", {}, { subject: "Another" }],
    ["link", at(23, 15), { ...at(23, 12), link: { platform: "zoom", url: "https://zoom.us/j/9999999999" } }],
    ["time of day", {}, at(23, 12)],
    ["length", {}, { timing: { ...rows.daily, startDate: date(23), startTime: 9 * rows.hour, durationMillis: 1 } }]
  ]

  for (const [what, ofRest, ofOther] of kept) {
    it(`of which one keeps the ${what}: that one goes on`, () => {
      const link = { platform: "zoom", url: "https://zoom.us/j/1234567890" } as const
      const old = { ...morning, link }
      const rest = part("rest", 23, null, { ...at(23, 9), link, ...ofRest })
      const other = part("other", 23, null, { ...at(23, 9), link, ...ofOther })
      assert.deepStrictEqual(heirsOf([other, rest, old], [old]), [of(rest, 25)])
      assert.deepStrictEqual(heirsOf([rest, other, old], [old]), [of(rest, 25)])
    })
  }
})
