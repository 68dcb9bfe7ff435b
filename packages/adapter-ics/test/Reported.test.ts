/** Files that strangers reported of other readers: each shows one kind of fault, and is read as it is meant. */
import { assert, describe, it } from "@effect/vitest"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { readCalendar } from "../src/index.ts"
import { fixture, listed } from "./Calendars.ts"

const zoom = "https://zoom.us/j/91234567890?pwd=abc"

const days = (month: string, dates: ReadonlyArray<number>, times: readonly [string, string], words: string) =>
  dates.map((date) => {
    const day = `${month}-${`${date}`.padStart(2, "0")}`
    return `${day}T${times[0]}Z ${day}T${times[1]}Z ${words}`
  })

const cases: ReadonlyArray<readonly [name: string, from: string, days: number, meetings: ReadonlyArray<string>]> = [
  ["lone-overrides", "2027-11-29", 30, days("2027-12", [3, 10], ["09:30", "10:00"], `Busy ${zoom}`)],
  [
    "override-named-in-utc",
    "2027-11-29",
    30,
    [
      ...days("2027-11", [30], ["18:00", "18:30"], `master ${zoom}`),
      ...days("2027-12", [1], ["20:00", "20:30"], `moved one ${zoom}`),
      ...days("2027-12", [2], ["18:00", "18:30"], `master ${zoom}`)
    ]
  ],
  [
    "daily-since-2025",
    "2027-11-29",
    10,
    [
      ...days("2027-11", [29, 30], ["09:00", "09:15"], `daily since 2025 ${zoom}`),
      ...days("2027-12", [1, 2, 3, 4, 5, 6], ["09:00", "09:15"], `daily since 2025 ${zoom}`),
      ...days("2027-12", [6], ["09:00", "09:15"], `one next week ${zoom}`),
      ...days("2027-12", [7, 8], ["09:00", "09:15"], `daily since 2025 ${zoom}`)
    ]
  ],
  [
    "weekdays-since-february",
    "2027-11-29",
    9,
    [
      ...days("2027-11", [29, 30], ["09:00", "09:30"], `series ${zoom}`),
      ...days("2027-12", [1, 2, 3, 6, 7], ["09:00", "09:30"], `series ${zoom}`)
    ]
  ],
  [
    "until-in-utc",
    "2027-11-29",
    30,
    [
      ...days("2027-11", [30], ["00:00", "00:30"], `Tokyo standup ${zoom}`),
      ...days("2027-12", [1, 2, 3], ["00:00", "00:30"], `Tokyo standup ${zoom}`)
    ]
  ],
  [
    "exdate-in-utc",
    "2027-11-29",
    30,
    [
      ...days("2027-11", [30], ["13:00", "13:30"], `exdate in UTC ${zoom}`),
      ...days("2027-12", [2], ["13:00", "13:30"], `exdate in UTC ${zoom}`)
    ]
  ],
  ["numbered-zone-name", "2027-11-29", 30, days("2027-12", [6], ["09:00", "09:30"], `suffix one ${zoom}`)],
  [
    "offset-as-zone-name",
    "2027-11-29",
    30,
    [
      ...days("2027-12", [6], ["16:30", "17:50"], `GMT+02:00 ${zoom}`),
      ...days("2027-12", [7], ["17:30", "18:50"], `UTC+01:00 ${zoom}`),
      `2027-12-08T23:30Z 2027-12-09T00:50Z GMT-0500 ${zoom}`
    ]
  ],
  ["empty-zone-definition", "2027-11-29", 30, days("2027-12", [7], ["18:00", "20:30"], `empty zone ${zoom}`)],
  [
    "zone-definition-that-ends",
    "2027-11-29",
    30,
    days("2027-12", [8], ["15:30", "17:00"], `after the last change listed ${zoom}`)
  ],
  [
    "floating-with-header-zone",
    "2027-11-29",
    30,
    days("2027-12", [6], ["20:00", "21:00"], `floating in Brussels ${zoom}`)
  ],
  [
    "method-cancel",
    "2027-11-29",
    30,
    days("2027-12", [6], ["10:00", "10:30"], `${["called", "off"].join(" ")} by iTIP cancelled ${zoom}`)
  ],
  ["two-versions", "2027-11-29", 30, days("2027-12", [6], ["15:00", "15:30"], `new version ${zoom}`)],
  [
    "link-in-html-description",
    "2027-11-29",
    30,
    days("2027-12", [8], ["12:00", "13:00"], "HTML only https://us02web.zoom.us/j/81234567890?pwd=abc")
  ],
  [
    "phone-before-video",
    "2027-11-29",
    30,
    days("2027-12", [8], ["15:00", "15:30"], "phone first https://meet.google.com/abc-defg-hij")
  ],
  ["quoted-printable", "2027-11-29", 30, days("2027-12", [6], ["10:00", "10:30"], `Gespräch ${zoom}`)],
  ["line-without-blank", "2027-11-29", 30, days("2027-12", [6], ["10:00", "10:30"], `unfolded ${zoom}`)],
  [
    "rdate-without-rule",
    "2027-11-29",
    30,
    [
      ...days("2027-12", [6, 8], ["10:00", "10:30"], `RDATE only ${zoom}`),
      ...days("2027-12", [10], ["15:00", "15:30"], `RDATE only ${zoom}`)
    ]
  ],
  ["leap-day", "2028-02-01", 60, days("2028-02", [29], ["10:00", "10:30"], `series ${zoom}`)]
]

describe("reported files", () => {
  it("are all here", () => {
    const files = readdirSync(join(import.meta.dirname, "fixtures/reported")).filter((name) => name.endsWith(".ics"))
    assert.deepStrictEqual(files.toSorted(), cases.map(([name]) => `${name}.ics`).toSorted())
  })

  it.each(cases)("%s: read as it is meant", (name, from, span, meetings) => {
    const read = readCalendar(fixture(`reported/${name}.ics`))
    assert.deepStrictEqual(listed(read, from, span), meetings)
    const lines = read.problems.map(({ line }) => line)
    assert.deepStrictEqual(lines, name === "line-without-blank" ? [10] : [])
  })
})

describe("exported files", () => {
  it.each([
    ["Office-2012-owa.ics", "2020-10-28", 8, ["2020-10-28T02:30Z", "2020-10-28T17:30Z", "2020-11-02T18:30Z"]],
    [
      "daily-count-exdate-recurrence-id.ics",
      "2015-07-06",
      4,
      ["2015-07-06T19:00Z", "2015-07-09T19:00Z", "2015-07-09T22:00Z"]
    ],
    ["exchange-custom-tz.ics", "2019-04-30", 1, ["2019-04-30T02:00Z"]],
    ["dst-transition-rules.ics", "2022-10-09", 1, ["2022-10-09T10:00Z"]],
    [
      "exchange_whole_day_moved_recurrence.ics",
      "2026-02-19",
      10,
      ["2026-02-19T00:00Z", "2026-02-24T00:00Z", "2026-02-27T00:00Z"]
    ],
    ["exchange_whole_day_moved_recurrence.ics", "2026-08-13", 30, ["2026-08-13T00:00Z", "2026-08-18T00:00Z"]],
    ["ms_timezones.ics", "2020-09-15", 1, ["2020-09-15T07:00Z", "2020-09-15T15:30Z", "2020-09-15T19:00Z"]],
    ["windows-quoted-tz-rrule.ics", "2015-07-06", 2, ["2015-07-06T16:00Z", "2015-07-07T16:00Z"]],
    ["biweekly-exdate-until.ics", "2017-06-19", 30, ["2017-06-19T14:00Z", "2017-06-22T14:00Z", "2017-07-03T14:00Z"]],
    ["with-links.ics", "2024-03-04", 3, ["2024-03-04T09:00Z", "2024-03-05T10:00Z", "2024-03-06T00:00Z"]]
  ] as const)("%s from %s on", (name, from, span, expected) => {
    const found = listed(readCalendar(fixture(`exports/${name}`)), from, span).map((line) => line.split(" ")[0])
    assert.deepStrictEqual(found, [...expected])
  })
})
