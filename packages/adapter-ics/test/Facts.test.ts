/** What rules look at, of calendar files: which property says what, and what stands for odd ones. */
import { assert, describe, it } from "@effect/vitest"
import type { EventFacts } from "@punctual/core"
import { readCalendar } from "../src/index.ts"
import { calendar, event, eventsIn, fixture, seriesIn } from "./Calendars.ts"

const me = "Me@Example.com"

const factsOf = (...lines: ReadonlyArray<string>): EventFacts => {
  const text = calendar(event("UID:one", "DTSTART:20271206T100000Z", ...lines))
  return eventsIn(readCalendar(text, { emails: [me] }))[0]?.event.facts ?? assert.fail("no facts")
}

const attendee = (address: string, ...parameters: ReadonlyArray<string>): string =>
  [`ATTENDEE`, ...parameters].join(";") + `:mailto:${address}`

const plain: EventFacts = {
  isOrganizer: false,
  response: "none",
  people: [],
  peopleBeyond: {},
  sensitivity: "normal",
  showAs: "busy",
  categories: [],
  location: ""
}

describe("an event of a file", () => {
  it("tells organizer, answer, people without rooms, sensitivity, show-as, categories and place", () => {
    assert.deepStrictEqual(
      factsOf(
        "ORGANIZER;CN=Olga:mailto:Olga@Fabrikam.example",
        attendee("zoe@example.com", "PARTSTAT=DECLINED"),
        attendee("me@example.com", "CUTYPE=INDIVIDUAL", "PARTSTAT=TENTATIVE"),
        attendee("room5@example.com", "CUTYPE=ROOM", "PARTSTAT=ACCEPTED"),
        attendee("beamer@example.com", "CUTYPE=resource"),
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "CATEGORIES:Red,Blue\\, green",
        "CATEGORIES:Work",
        "LOCATION:Room 5\\, second floor"
      ),
      {
        isOrganizer: false,
        response: "tentative",
        people: ["me@example.com", "olga@fabrikam.example", "zoe@example.com"],
        peopleBeyond: {},
        sensitivity: "private",
        showAs: "free",
        categories: ["Blue, green", "Red", "Work"],
        location: "Room 5, second floor"
      }
    )
  })

  it.each<[string, ReadonlyArray<string>]>([
    ["nothing", []],
    ["words of nobody's", ["CLASS:SECRET", "TRANSP:GLASS", "X-MICROSOFT-CDO-BUSYSTATUS:ASLEEP"]],
    ["empty values", ["CLASS:", "TRANSP:", "CATEGORIES:", "CATEGORIES:,,", "LOCATION:", "ORGANIZER:", "ATTENDEE:"]],
    ["people without an address", [attendee("nobody"), "ATTENDEE:urn:uuid:1", "ORGANIZER:invalid:nomail"]]
  ])("of %s has plain facts", (_, lines) => assert.deepStrictEqual(factsOf(...lines), plain))

  it.each([
    ["ACCEPTED", "accepted"],
    ["tentative", "tentative"],
    ["DECLINED", "declined"],
    ["NEEDS-ACTION", "none"],
    ["DELEGATED", "none"]
  ] as const)("answered %s: %s", (answer, response) => {
    assert.strictEqual(factsOf(attendee("me@example.com", `PARTSTAT=${answer}`)).response, response)
    assert.strictEqual(factsOf(attendee("other@example.com", `PARTSTAT=${answer}`)).response, "none")
  })

  it("is its organizer's own, unless who called it has declined it", () => {
    const own = factsOf("ORGANIZER:mailto:me@example.com", attendee("me@example.com", "PARTSTAT=ACCEPTED"))
    assert.deepStrictEqual([own.isOrganizer, own.response], [true, "organizer"])
    const left = factsOf("ORGANIZER:mailto:me@example.com", attendee("me@example.com", "PARTSTAT=DECLINED"))
    assert.deepStrictEqual([left.isOrganizer, left.response], [true, "declined"])
  })

  it.each([
    ["CLASS:PUBLIC", "normal"],
    ["CLASS:confidential", "confidential"],
    ["CLASS:X-PERSONAL", "personal"]
  ] as const)("%s is %s", (line, sensitivity) => assert.strictEqual(factsOf(line).sensitivity, sensitivity))

  it.each([
    ["FREE", "free"],
    ["TENTATIVE", "tentative"],
    ["BUSY", "busy"],
    ["OOF", "oof"],
    ["WORKINGELSEWHERE", "working_elsewhere"]
  ] as const)("shown as %s by Outlook is %s, whatever TRANSP says", (status, showAs) => {
    assert.strictEqual(factsOf("TRANSP:TRANSPARENT", `X-MICROSOFT-CDO-BUSYSTATUS:${status}`).showAs, showAs)
  })

  it("has facts of its own in a series too", () => {
    const read = readCalendar(
      calendar(
        event("UID:s", "DTSTART:20271206T100000Z", "RRULE:FREQ=DAILY", attendee("me@example.com", "PARTSTAT=ACCEPTED")),
        event(
          "UID:s",
          "RECURRENCE-ID:20271207T100000Z",
          "DTSTART:20271207T110000Z",
          attendee("me@example.com", "PARTSTAT=DECLINED")
        )
      ),
      { emails: [me] }
    )
    const series = seriesIn(read)
    assert.strictEqual(series[0]?.series.facts?.response, "accepted")
    assert.deepStrictEqual(
      series[0]?.exceptions.map(({ event: told }) => told.facts?.response),
      ["declined"]
    )
  })

  it("exported by Outlook has people", () => {
    const read = readCalendar(fixture("exports/Office-2012-owa.ics"))
    const all = [
      ...eventsIn(read).map(({ event: told }) => told.facts),
      ...seriesIn(read).map(({ series: told }) => told.facts)
    ]
    assert.isNotEmpty(all)
    for (const facts of all) assert.isNotNull(facts)
  })
})
