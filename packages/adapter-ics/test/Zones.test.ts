/** Which clock a time of a calendar file goes by. */
import { assert, describe, it } from "@effect/vitest"
import { readCalendar } from "../src/index.ts"
import { calendar, event, eventsIn, seriesIn, starts } from "./Calendars.ts"

const zone = (name: string, ...observances: ReadonlyArray<string>): string =>
  ["BEGIN:VTIMEZONE", `TZID:${name}`, ...observances, "END:VTIMEZONE"].join("\r\n")

const observance = (kind: string, from: string, to: string, start: string, ...rest: ReadonlyArray<string>): string =>
  [`BEGIN:${kind}`, `TZOFFSETFROM:${from}`, `TZOFFSETTO:${to}`, `DTSTART:${start}`, ...rest, `END:${kind}`].join("\r\n")

const at = (name: string, time = "20271206T100000"): string =>
  event("UID:one", `DTSTART;TZID="${name}":${time}`, "DURATION:PT1H")

const steady = (name: string, offset: string): string =>
  zone(name, observance("STANDARD", offset, offset, "19700101T000000"))

const european = (name: string, standard: string, daylight: string): string =>
  zone(
    name,
    observance("DAYLIGHT", standard, daylight, "19700329T020000", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"),
    observance("STANDARD", daylight, standard, "19701025T030000", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10")
  )

const messages = (text: string) => readCalendar(text).problems.map(({ message }) => message)

describe("zone names", () => {
  it.each([
    ["Europe/Berlin", "09:00"],
    ["/Europe/Berlin", "09:00"],
    ["/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "09:00"],
    ["/citadel.org/20210210_1/America/New_York", "15:00"],
    ["W. Europe Standard Time", "09:00"],
    ["W. Europe Standard Time 1", "09:00"],
    ["Eastern Standard Time 12", "15:00"],
    ["Europe/Berlin 2", "09:00"],
    ["(UTC-05:00) Eastern Time (US & Canada)", "15:00"],
    ["(GMT+01.00) Amsterdam / Berlin / Bern / Rome / Stockholm / Vienna", "09:00"],
    ["America/New York", "15:00"],
    ["GMT+0530", "04:30"],
    ["UTC-3", "13:00"],
    ["CEST", "08:00"],
    ["GMT", "10:00"]
  ])("%s", (name, time) => {
    assert.deepStrictEqual(starts(calendar(at(name))), [`2027-12-06T${time}Z`])
    assert.deepStrictEqual(messages(calendar(at(name))), [])
  })

  it.each(["Europe/Berlin", "W. Europe Standard Time", "W. Europe Standard Time 1"])(
    "%s wins over what the file says of it",
    (name) => {
      assert.deepStrictEqual(starts(calendar(steady(name, "+0900"), at(name))), ["2027-12-06T09:00Z"])
    }
  )

  it.each(["GMT", "EST", "GMT+02:00", "Our office"])("%s takes the file's definition", (name) => {
    assert.deepStrictEqual(starts(calendar(steady(name, "+0900"), at(name))), ["2027-12-06T01:00Z"])
    assert.deepStrictEqual(messages(calendar(steady(name, "+0900"), at(name))), [])
  })

  it("takes a definition that has no place on Earth, for a series too", () => {
    const text = calendar(
      european("Our office", "+0017", "+0117"),
      event(
        "UID:one",
        "DTSTART;TZID=Our office:20271029T100000",
        "DURATION:PT1H",
        "RRULE:FREQ=DAILY;UNTIL=20271101T094300Z"
      )
    )
    assert.deepStrictEqual(starts(text, "2027-10-29"), [
      "2027-10-29T08:43Z",
      "2027-10-30T08:43Z",
      "2027-10-31T09:43Z",
      "2027-11-01T09:43Z"
    ])
    assert.isNull(seriesIn(readCalendar(text))[0]?.series.timing)
  })

  it("hands the core a known zone that keeps the time of a definition", () => {
    const text = calendar(european("Our office", "+0100", "+0200"), at("Our office"))
    assert.strictEqual(eventsIn(readCalendar(text))[0]?.event.zone, "Europe/Berlin")
  })

  it.each([
    ["is empty", zone("GMT+03:00")],
    ["begins later", zone("GMT+03:00", observance("STANDARD", "+0900", "+0900", "20300101T000000"))],
    [
      "ends earlier",
      zone(
        "GMT+03:00",
        observance("DAYLIGHT", "+0800", "+0900", "20270328T020000"),
        observance("STANDARD", "+0900", "+0800", "20261025T030000")
      )
    ]
  ])("does not take one that %s", (_, definition) => {
    assert.deepStrictEqual(starts(calendar(definition, at("GMT+03:00"))), ["2027-12-06T07:00Z"])
  })

  it("says what it took where a name says nothing", () => {
    assert.match(messages(calendar(at("Our office")))[0] ?? "", /"Our office" is not known; its times were read as UTC/)
    assert.match(messages(calendar(at("(UTC+01:00) Our office")))[0] ?? "", /its offset was taken/)
    assert.deepStrictEqual(starts(calendar(at("(UTC+01:00) Our office"))), ["2027-12-06T09:00Z"])
  })
})

describe("times without a zone", () => {
  const floating = event("UID:one", "DTSTART:20271206T100000", "DURATION:PT1H")

  it("take the calendar's, else the one given, else UTC with a word", () => {
    const told = calendar("X-WR-TIMEZONE:Europe/Brussels", floating)
    assert.deepStrictEqual(starts(told, "2027-11-29", 30, { zone: "Asia/Tokyo" }), ["2027-12-06T09:00Z"])
    assert.deepStrictEqual(starts(calendar(floating), "2027-11-29", 30, { zone: "Asia/Tokyo" }), ["2027-12-06T01:00Z"])
    assert.deepStrictEqual(starts(calendar(floating)), ["2027-12-06T10:00Z"])
    assert.match(messages(calendar(floating))[0] ?? "", /without a zone were read as UTC/)
    assert.deepStrictEqual(messages(told), [])
  })
})
