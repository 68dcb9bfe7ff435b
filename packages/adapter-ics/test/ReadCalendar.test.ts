/** What of a calendar file is read, what costs what, and what it costs to read it. */
import { assert, describe, it } from "@effect/vitest"
import { isDeclined } from "@punctual/core"
import * as fc from "fast-check"
import { meetingsBetween, nextStart, readCalendar } from "../src/index.ts"
import { calendar, event, eventsIn, fixture, listed, seriesIn, starts } from "./Calendars.ts"

const one = (...lines: ReadonlyArray<string>): string => event("UID:one", "DTSTART:20271206T100000Z", ...lines)
const linkOf = (...lines: ReadonlyArray<string>): string | undefined =>
  listed(readCalendar(calendar(one(...lines))), "2027-12-06", 1)[0]?.split(" ")[2]

describe("links", () => {
  const zoom = "https://zoom.us/j/91234567890?pwd=abc"

  it.each([
    [`CONFERENCE;VALUE=URI;FEATURE=PHONE:tel:+1-412-555-0123\r\nCONFERENCE;VALUE=URI:${zoom}`],
    [`X-GOOGLE-CONFERENCE:${zoom}`],
    [`X-MICROSOFT-SKYPETEAMSMEETINGURL:${zoom}`],
    [`X-MICROSOFT-ONLINEMEETINGEXTERNALLINK:${zoom}`],
    [`URL:${zoom}`],
    [`LOCATION:Room 5\\, or ${zoom}`],
    [`DESCRIPTION:Join\\n${zoom}\\nbye`],
    [`X-ALT-DESC;FMTTYPE=text/html:<a href="${zoom}">join</a>`],
    [`DESCRIPTION;ALTREP="data:text/html,%3Ca%20href%3D%22${encodeURIComponent(zoom)}%22%3Ejoin%3C%2Fa%3E":see there`],
    [`DESCRIPTION:Join https://zoom.us/j/912345\r\n 67890?pwd=abc`]
  ])("in %s", (lines) => assert.strictEqual(linkOf(lines), zoom))
})

describe("what is wrong with a file", () => {
  it("costs the line, said with its number and what to do", () => {
    const read = readCalendar(calendar(one("DESCRIPTION:a", "stray words", 'LOCATION;X="open:b', "https://a.example/")))
    assert.deepStrictEqual(
      read.problems.map(({ line }) => line),
      [7, 8, 9]
    )
    assert.strictEqual(eventsIn(read).length, 1)
    for (const { message } of read.problems) assert.notMatch(message, /Invalid|invalid line|ParserError/)
  })

  it("costs the event where it has no start, and no other", () => {
    const read = readCalendar(calendar(event("UID:x", "SUMMARY:x", "DTSTART:soon"), one()))
    assert.deepStrictEqual(
      eventsIn(read).map(({ uid }) => uid),
      ["one"]
    )
    assert.deepStrictEqual(
      read.problems.map(({ line }) => line),
      [3, 6]
    )
  })

  it("tells what is no calendar from one that is empty", () => {
    assert.isFalse(readCalendar("<html>Sign in</html>").isCalendar)
    assert.isTrue(readCalendar(calendar()).isCalendar)
  })

  it("loses what the end of the file cuts through", () => {
    const read = readCalendar(calendar(one()).replace(/END:VEVENT[\s\S]*/, "LOCATION:https://zo"))
    assert.deepStrictEqual(eventsIn(read), [])
    assert.match(read.problems[0]?.message ?? "", /The file ends within this VEVENT/)
  })

  it("loses no calendar behind one that lacks its end, or behind another byte order mark", () => {
    const two = (between: string) =>
      `\uFEFFBEGIN:VCALENDAR\r\n${one()}\r\n${between}\uFEFF${calendar(event("UID:two", "DTSTART:20271206T120000Z"))}`
    for (const between of ["", "END:VCALENDAR\r\n"]) {
      const read = readCalendar(two(between))
      assert.deepStrictEqual(
        eventsIn(read).map(({ uid }) => uid),
        ["one", "two"],
        between
      )
      assert.strictEqual(read.problems.length, between === "" ? 1 : 0)
    }
  })

  it("costs the end of a text that is too long, and the event where that could mean something else", () => {
    const long = (name: string) => calendar(one(`${name}:${"20271206T100000Z,".repeat(200_000)}`))
    const described = readCalendar(long("DESCRIPTION"))
    assert.strictEqual(eventsIn(described).length, 1)
    assert.match(described.problems[0]?.message ?? "", /^DESCRIPTION is longer than 3145728 bytes/)
    const taken = readCalendar(long("EXDATE"))
    assert.deepStrictEqual(eventsIn(taken), [])
    assert.match(taken.problems[0]?.message ?? "", /^EXDATE is longer than 3145728 bytes/)
    const lines = Array.from({ length: 4 }, () => `DESCRIPTION:${"word ".repeat(500_000)}`)
    assert.match(
      readCalendar(calendar(one(...lines))).problems[0]?.message ?? "",
      /^This entry holds more than 8388608/
    )
  })

  it("keeps ids as long as names are", () => {
    const name = "x".repeat(100_000)
    const read = readCalendar(
      calendar(event(`UID:${name}`, "DTSTART:20271206T100000Z"), event(`UID:${name}y`, "DTSTART:20271206T110000Z"))
    )
    const ids = eventsIn(read).map(({ event: told }) => told.providerId)
    assert.strictEqual(new Set(ids).size, 2)
    for (const id of ids) assert.isAtMost(id.length, 255)
    const [nameless] = eventsIn(readCalendar(calendar(event("DTSTART:20271206T100000Z", `SUMMARY:${name}`))))
    assert.isAtMost(nameless?.event.providerId.length ?? 1000, 255)
  })

  it("takes answers for no meetings", () => {
    const text = calendar("METHOD:REPLY", one("ATTENDEE;PARTSTAT=DECLINED:mailto:me@example.com"))
    assert.deepStrictEqual(eventsIn(readCalendar(text)), [])
    const both = readCalendar(calendar(one()) + text, { emails: ["Me@Example.com"] })
    assert.deepStrictEqual(
      eventsIn(both).map(({ event: told }) => isDeclined(told)),
      [true]
    )
  })
})

describe("bytes", () => {
  const text = calendar(one("SUMMARY:Gespräch – 会議"))
  const subject = (bytes: Uint8Array) => eventsIn(readCalendar(bytes))[0]?.event.subject

  it("are UTF-8, also folded within a character", () => {
    const bytes = Buffer.from(text, "utf8")
    const place = bytes.indexOf(Buffer.from("会")) + 1
    assert.strictEqual(subject(bytes), "Gespräch – 会議")
    const folded = Buffer.concat([bytes.subarray(0, place), Buffer.from("\r\n "), bytes.subarray(place)])
    assert.strictEqual(subject(folded), "Gespräch – 会議")
  })

  it("are UTF-16 by their mark, and Windows-1252 where they are no UTF-8", () => {
    assert.strictEqual(subject(Buffer.from(`\uFEFF${text}`, "utf16le")), "Gespräch – 会議")
    assert.strictEqual(subject(Buffer.from(calendar(one("SUMMARY:Gespräch")), "latin1")), "Gespräch")
  })

  it("are told line by line: one that is no UTF-8 costs no other", () => {
    const bytes = Buffer.concat([
      Buffer.from(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20271206T100000Z\nSUMMARY:Gespr\xE4ch\nLOCATION:",
        "latin1"
      ),
      Buffer.from("会議室\nEND:VEVENT\nEND:VCALENDAR\n")
    ])
    const [read] = eventsIn(readCalendar(bytes))
    assert.strictEqual(read?.event.subject, "Gespräch")
    assert.strictEqual(read?.event.facts?.location, "会議室")
  })

  it("may be indented, all lines or the first one", () => {
    const lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "DTSTART:20271206T100000Z", "SUMMARY:long", " er", "END:VEVENT"]
    const all = [...lines, "END:VCALENDAR", ""].map((line) => (line === "" ? line : `\t${line}`)).join("\n")
    for (const written of [all, `\t${[...lines, "END:VCALENDAR", ""].join("\n")}`]) {
      assert.strictEqual(subject(Buffer.from(written)), "longer", written)
    }
  })

  it("end their lines as they like", () => {
    for (const end of ["\n", "\r", "\r\r\n"]) {
      assert.deepStrictEqual(starts(text.replaceAll("\r\n", end)), ["2027-12-06T10:00Z"], JSON.stringify(end))
    }
  })
})

describe("a reader of strangers' files", () => {
  const files = ["ms_timezones", "exchange_whole_day_moved_recurrence", "biweekly-exdate-until", "with-links"]

  it("never throws, whatever is cut out or put in", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.nat(6000),
        fc.nat(400),
        fc.oneof(
          fc.string(),
          fc.constantFrom("\n", "BEGIN:VEVENT\n", "END:VCALENDAR\n", '"', ";TZID=X:", "RRULE:FREQ=DAILY\n")
        ),
        (name, at, length, put) => {
          const text = fixture(`exports/${name}.ics`).toString("latin1")
          const read = readCalendar(text.slice(0, at) + put + text.slice(at + length))
          assert.isBoolean(read.isCalendar)
          assert.isArray(meetingsBetween(read, 0, 4_000_000_000_000, 50))
        }
      )
    )
  })

  it("takes twice as long for a text that is folded twice as often", () => {
    const cost = (folds: number): number => {
      const text = calendar(one(`DESCRIPTION:${"a line of it\r\n ".repeat(folds)}`))
      const before = process.cpuUsage()
      assert.strictEqual(eventsIn(readCalendar(text)).length, 1)
      const { system, user } = process.cpuUsage(before)
      return system + user
    }
    cost(10_000)
    // Twenty times as much: what grows with the square would take four hundred times as long.
    assert.isBelow(cost(200_000) / cost(10_000), 150)
  })

  it("takes twice as long for twice as much", () => {
    const many = (count: number): string =>
      calendar(
        one("RRULE:FREQ=DAILY"),
        ...Array.from({ length: count }, (_, i) => {
          const start = new Date(Date.UTC(2027, 11, 6, 10) + i * 86_400_000).toISOString().replaceAll(/[-:]|\.000/g, "")
          return i % 2 === 0
            ? event("UID:one", `RECURRENCE-ID:${start}`, `DTSTART;TZID=Europe/Berlin:${start.slice(0, -1)}`)
            : event(`UID:u${i}`, `DTSTART;TZID=Europe/Berlin:${start.slice(0, -1)}`, "RRULE:FREQ=WEEKLY")
        })
      )
    const cost = (count: number): number => {
      const text = many(count)
      const before = process.cpuUsage()
      const read = readCalendar(text)
      assert.strictEqual(seriesIn(read).length, count / 2 + 1)
      assert.isNotNull(nextStart(read, Date.UTC(2027, 0, 1)))
      const { system, user } = process.cpuUsage(before)
      return system + user
    }
    cost(2000)
    // Ten times as much: what grows with the square would take a hundred times as long.
    assert.isBelow(cost(20_000) / cost(2000), 40)
  })
})
