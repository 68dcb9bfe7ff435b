/** Series as Google tells them: rules as people's clients once wrote them. */
import { assert, describe, it } from "@effect/vitest"
import { datesFrom, expand, toLocal } from "@punctual/core/recurrence"
import { payload, payloadItems, payloadObject } from "../fakes/Payloads.ts"
import { berlin, master, readSeries } from "./Read.ts"

const timing = (recurrence: ReadonlyArray<string>, members: Record<string, unknown> = {}) =>
  readSeries(master({ recurrence, ...members })).timing

const datesOf = (recurrence: ReadonlyArray<string>, from = "2026-04-01", limit = 4) => {
  const series = timing(recurrence)
  return series === null ? null : datesFrom(series, from, limit)
}

describe("series", () => {
  it("tells time, zone, rule and people of a weekly one", () => {
    const series = readSeries(payload("event.master.weekly"))
    assert.deepStrictEqual(series.timing, {
      rule: {
        kind: "pattern",
        pattern: { kind: "weekly", interval: 1, days: ["MO", "TU", "WE", "TH", "FR"], weekStart: "MO" },
        range: { kind: "noEnd" }
      },
      startDate: "2026-04-06",
      startTime: 9.5 * 3_600_000,
      durationMillis: 900_000,
      zone: berlin
    })
    assert.deepStrictEqual([series.cancelledDates, series.exceptions], [null, null])
    assert.strictEqual(series.ruleText, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")
  })

  it("38: MUST know occurrences that were cancelled before the first round", () => {
    const series = readSeries(payload("event.master.weekly"), payloadItems("events.instances.with-deleted"))
    assert.include(series.cancelledDates ?? [], "2026-04-09")
    assert.deepStrictEqual(
      series.exceptions?.map(({ start }) => start),
      [Date.parse("2026-04-08T12:00:00Z")]
    )
  })

  it("50: MUST skip the 31st in months without one, and 29 February in common years", () => {
    const at = (date: string) => ({
      start: { dateTime: `${date}T09:00:00Z`, timeZone: "UTC" },
      end: { dateTime: `${date}T10:00:00Z`, timeZone: "UTC" }
    })
    const monthly = timing(["RRULE:FREQ=MONTHLY"], at("2026-01-31"))
    assert.deepStrictEqual(monthly && datesFrom(monthly, "2026-01-01", 4), [
      "2026-01-31",
      "2026-03-31",
      "2026-05-31",
      "2026-07-31"
    ])
    const yearly = timing(["RRULE:FREQ=YEARLY"], at("2024-02-29"))
    assert.deepStrictEqual(yearly && datesFrom(yearly, "2024-01-01", 2), ["2024-02-29", "2028-02-29"])
  })

  it("51: MUST keep wall time across a change of the clocks", () => {
    const series = timing(["RRULE:FREQ=WEEKLY"])
    const found = series === null ? [] : expand(series, Date.parse("2026-10-15"), Date.parse("2026-11-10"), 9)
    assert.isAbove(new Set(found.map(({ start }) => start % 86_400_000)).size, 1)
    assert.deepStrictEqual([...new Set(found.map(({ start }) => toLocal(berlin, start)?.time))], [9.5 * 3_600_000])
  })

  it("52: MUST keep a series whose rule it can't read, by its listed occurrences", () => {
    const { lines } = payload("recurrence.in-the-wild") as { lines: ReadonlyArray<ReadonlyArray<string>> }
    const read = lines.map((recurrence) => readSeries(master({ recurrence })))
    assert.lengthOf(read, lines.length)
    const kept = read.map(({ timing: told }) => told !== null)
    assert.deepStrictEqual(kept, [
      true,
      true,
      true,
      false,
      true,
      true,
      false,
      true,
      true,
      true,
      true,
      false,
      false,
      true
    ])
    assert.strictEqual(readSeries(master({ recurrence: ["RDATE:20260407T070000Z"] })).ruleText, null)
  })

  it("53: MUST read EXDATE before RRULE, several EXDATE lines, DATE and UTC forms, and one that hits nothing", () => {
    const recurrence = [
      "EXDATE;TZID=Europe/Berlin:20260413T093000,20260420T093000",
      "RRULE:FREQ=WEEKLY",
      "EXDATE:20260427T073000Z",
      "EXDATE;VALUE=DATE:20260504",
      "EXDATE;TZID=America/Los_Angeles:20260511T003000",
      "EXDATE:nonsense"
    ]
    const series = readSeries(master({ recurrence }), [])
    assert.deepStrictEqual(series.cancelledDates, [
      "2026-04-13",
      "2026-04-20",
      "2026-04-27",
      "2026-05-04",
      "2026-05-11"
    ])
    assert.isNotNull(series.timing)
  })

  it("54: MUST read UNTIL as a date on timed series, as a time on all-day ones, and before the first instance", () => {
    assert.deepStrictEqual(datesOf(["RRULE:FREQ=WEEKLY;UNTIL=20260413"]), ["2026-04-06", "2026-04-13"])
    const allDay = { start: { date: "2026-04-06" }, end: { date: "2026-04-07" } }
    const days = timing(["RRULE:FREQ=DAILY;UNTIL=20260408T000000Z"], allDay)
    assert.deepStrictEqual(days && datesFrom(days, "2026-04-01", 9), ["2026-04-06", "2026-04-07", "2026-04-08"])
    assert.deepStrictEqual(datesOf(["RRULE:FREQ=WEEKLY;UNTIL=20260101T000000Z"]), [])
  })

  it("a series split off ends before the next begins", () => {
    const old = readSeries(payload("event.split.old-master")).timing
    assert.deepStrictEqual(old && datesFrom(old, "2023-03-01", 9), ["2023-03-07"])
    assert.strictEqual(readSeries(payload("event.split.new-master")).timing?.startDate, "2023-03-14")
  })

  it("56: MUST not project RDATEs after UNTIL that Google does not list", () => {
    assert.isNull(timing(["RRULE:FREQ=WEEKLY;UNTIL=20260413T000000Z", "RDATE:20260601T073000Z"]))
  })

  it("weeks begin on Monday where the rule does not say", () => {
    const rule = timing(["RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO"])?.rule
    assert.strictEqual(rule?.kind === "pattern" && rule.pattern.kind === "weekly" ? rule.pattern.weekStart : "", "MO")
  })

  it("a yearly rule by day of the month means the month of its start", () => {
    assert.deepStrictEqual(datesOf(["RRULE:FREQ=YEARLY;BYMONTHDAY=6"], "2026-01-01", 2), ["2026-04-06", "2027-04-06"])
  })

  it("an all-day series floats in UTC, so that its days keep their dates", () => {
    const birthday = readSeries(payloadObject("event.type.birthday")).timing
    assert.deepInclude(birthday, { zone: "UTC", isAllDay: true, dateZone: berlin, startTime: 0 })
  })
})
