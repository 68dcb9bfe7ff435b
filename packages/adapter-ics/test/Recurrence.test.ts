/** What recurs, and what was changed of it. */
import { assert, describe, it } from "@effect/vitest"
import { readCalendar } from "../src/index.ts"
import { calendar, event, listed, starts } from "./Calendars.ts"

const daily = (...lines: ReadonlyArray<string>): string =>
  event(
    "UID:s",
    "SUMMARY:s",
    "DTSTART;TZID=Europe/Berlin:20271201T100000",
    "DURATION:PT30M",
    "RRULE:FREQ=DAILY;COUNT=4",
    ...lines
  )

const all = ["2027-12-01T09:00Z", "2027-12-02T09:00Z", "2027-12-03T09:00Z", "2027-12-04T09:00Z"]
const without = (...places: ReadonlyArray<number>): ReadonlyArray<string> => all.filter((_, i) => !places.includes(i))

describe("dates taken out", () => {
  it.each([
    ["in the series' zone", "EXDATE;TZID=Europe/Berlin:20271202T100000"],
    ["in another zone", "EXDATE;TZID=America/New_York:20271202T040000"],
    ["in UTC", "EXDATE:20271202T090000Z"],
    ["floating", "EXDATE:20271202T100000"],
    ["as a date", "EXDATE;VALUE=DATE:20271202"],
    ["as a date that does not say so", "EXDATE:20271202"],
    ["by a Windows name", 'EXDATE;TZID="(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna":20271202T100000']
  ])("%s", (_, line) => assert.deepStrictEqual(starts(calendar(daily(line))), without(1)))

  it("several in one line, and in several", () => {
    const lines = ["EXDATE:20271201T090000Z,20271202T090000Z", "EXDATE;TZID=Europe/Berlin:20271204T100000"]
    assert.deepStrictEqual(starts(calendar(daily(...lines))), without(0, 1, 3))
  })

  it("none at a time at which there is no occurrence", () => {
    assert.deepStrictEqual(starts(calendar(daily("EXDATE:20271202T100000Z"))), all)
  })

  it("of all-day series by date, however the date is told", () => {
    const whole = (line: string) =>
      calendar(event("UID:w", "DTSTART;VALUE=DATE:20271201", "RRULE:FREQ=DAILY;COUNT=3", line))
    for (const line of [
      "EXDATE;VALUE=DATE:20271202",
      "EXDATE;TZID=Europe/Berlin:20271202T000000",
      "EXDATE:20271201T230000Z"
    ]) {
      assert.deepStrictEqual(starts(whole(line)), ["2027-12-01T00:00Z", "2027-12-03T00:00Z"], line)
    }
  })
})

describe("changed occurrences", () => {
  const changed = (id: string, ...lines: ReadonlyArray<string>) =>
    event("UID:S", id, "DTSTART:20271202T150000Z", "DURATION:PT30M", ...lines)

  it.each([
    "RECURRENCE-ID;TZID=Europe/Berlin:20271202T100000",
    "RECURRENCE-ID:20271202T090000Z",
    "RECURRENCE-ID;TZID=Asia/Tokyo:20271202T180000",
    "RECURRENCE-ID:20271202T100000",
    "RECURRENCE-ID;VALUE=DATE:20271202"
  ])("by %s", (id) => {
    const expected = ["2027-12-01T09:00Z", "2027-12-02T15:00Z", "2027-12-03T09:00Z", "2027-12-04T09:00Z"]
    assert.deepStrictEqual(starts(calendar(daily(), changed(id))), expected)
    assert.deepStrictEqual(starts(calendar(changed(id), daily())), expected)
  })

  it("count by SEQUENCE, then DTSTAMP, one by one", () => {
    const id = "RECURRENCE-ID:20271202T090000Z"
    const versions = [
      changed(id, "SEQUENCE:2", "DTSTAMP:20260101T000000Z", "SUMMARY:right"),
      changed(id, "SEQUENCE:1", "DTSTAMP:20270101T000000Z", "SUMMARY:older"),
      changed(id, "SEQUENCE:2", "DTSTAMP:20250101T000000Z", "SUMMARY:stamped earlier")
    ]
    const subjects = listed(readCalendar(calendar(daily(), ...versions)), "2027-12-02", 1)
    assert.deepStrictEqual(subjects, ["2027-12-02T15:00Z 2027-12-02T15:30Z right"])
  })

  it("stand by themselves where their series has no such occurrence, with a word", () => {
    const read = readCalendar(calendar(daily(), changed("RECURRENCE-ID:20271202T093000Z")))
    assert.lengthOf(listed(read, "2027-12-01", 10), 5)
    assert.match(read.problems[0]?.message ?? "", /RECURRENCE-ID names a time at which its series has no occurrence/)
  })

  it("are cancelled alone, and with their series", () => {
    const id = "RECURRENCE-ID:20271202T090000Z"
    const one = readCalendar(calendar(daily(), changed(id, "STATUS:CANCELLED")))
    assert.deepStrictEqual(
      listed(one, "2027-12-01", 10).map((line) => line.includes("cancelled")),
      [false, true, false, false]
    )
    const off = calendar("METHOD:CANCEL", event("UID:s", "SEQUENCE:3", "DTSTART:20271201T090000Z"))
    const whole = listed(readCalendar(calendar(daily(), changed(id)) + off), "2027-12-01", 10)
    assert.lengthOf(whole, 4)
    assert.isTrue(
      whole.every((line) => line.includes("cancelled")),
      whole.join("\n")
    )
  })

  it("hold from one occurrence on", () => {
    const onward = event(
      "UID:s",
      "SUMMARY:later",
      "RECURRENCE-ID;RANGE=THISANDFUTURE:20271203T090000Z",
      "DTSTART;TZID=Europe/Berlin:20271203T110000",
      "DURATION:PT1H"
    )
    assert.deepStrictEqual(listed(readCalendar(calendar(daily("EXDATE:20271204T090000Z"), onward)), "2027-12-01", 10), [
      "2027-12-01T09:00Z 2027-12-01T09:30Z s",
      "2027-12-02T09:00Z 2027-12-02T09:30Z s",
      "2027-12-03T10:00Z 2027-12-03T11:00Z later"
    ])
  })

  it("move a series to another weekday from one occurrence on", () => {
    const weekly = event("UID:s", "DTSTART:20271206T090000Z", "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=4")
    const onward = event("UID:s", "RECURRENCE-ID;RANGE=THISANDFUTURE:20271220T090000Z", "DTSTART:20271221T100000Z")
    assert.deepStrictEqual(starts(calendar(weekly, onward), "2027-12-01", 60), [
      "2027-12-06T09:00Z",
      "2027-12-13T09:00Z",
      "2027-12-21T10:00Z",
      "2027-12-28T10:00Z"
    ])
  })
})

describe("further dates", () => {
  it("come beside the rule's, periods with their own length", () => {
    const read = readCalendar(
      calendar(
        daily("RDATE;VALUE=PERIOD:20271210T090000Z/PT2H,20271211T090000Z/20271211T093000Z", "RDATE:20271202T150000Z")
      )
    )
    assert.deepStrictEqual(listed(read, "2027-12-02", 20), [
      "2027-12-02T09:00Z 2027-12-02T09:30Z s",
      "2027-12-02T15:00Z 2027-12-02T15:30Z s",
      "2027-12-03T09:00Z 2027-12-03T09:30Z s",
      "2027-12-04T09:00Z 2027-12-04T09:30Z s",
      "2027-12-10T09:00Z 2027-12-10T11:00Z s",
      "2027-12-11T09:00Z 2027-12-11T09:30Z s"
    ])
  })

  it("are taken out and changed as the rule's are", () => {
    const text = calendar(
      event("UID:r", "DTSTART:20271201T090000Z", "RDATE:20271203T090000Z,20271205T090000Z", "EXDATE:20271205T090000Z"),
      event("UID:r", "RECURRENCE-ID:20271203T090000Z", "DTSTART:20271203T120000Z")
    )
    assert.deepStrictEqual(starts(text), ["2027-12-01T09:00Z", "2027-12-03T12:00Z"])
  })
})

describe("rules", () => {
  const ruled = (rule: string) => calendar(event("UID:r", "DTSTART:20271201T090000Z", `RRULE:${rule}`))

  it("never match, and end at once with a word", () => {
    const read = readCalendar(ruled("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"))
    assert.deepStrictEqual(listed(read, "2027-12-01", 3000), [])
    assert.match(read.problems[0]?.message ?? "", /RRULE names no date/)
  })

  it("that can't be read cost themselves: the event stands once", () => {
    const read = readCalendar(ruled("FREQ=SOMETIMES"))
    assert.lengthOf(listed(read, "2027-12-01", 30), 1)
    assert.deepStrictEqual(
      read.problems.map(({ line }) => line),
      [6]
    )
  })

  it("that take dates out are not read, and said to be so", () => {
    const read = readCalendar(
      calendar(event("UID:r", "DTSTART:20271201T090000Z", "RRULE:FREQ=DAILY;COUNT=2", "EXRULE:FREQ=DAILY;INTERVAL=2"))
    )
    assert.lengthOf(listed(read, "2027-12-01", 30), 2)
    assert.match(read.problems[0]?.message ?? "", /^EXRULE is not read/)
  })

  it("skip months without the 31st", () => {
    const text = calendar(event("UID:r", "DTSTART:20271231T090000Z", "RRULE:FREQ=MONTHLY;COUNT=3"))
    assert.deepStrictEqual(starts(text, "2027-12-01", 200), [
      "2027-12-31T09:00Z",
      "2028-01-31T09:00Z",
      "2028-03-31T09:00Z"
    ])
  })
})
