/** What rules look at, of Graph's items: which property says what, and what stands for odd ones. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { type CalendarId, type EventFacts, eventRow, factPeopleMax, rawAttendeesMax } from "@punctual/core"
import { toChange } from "../../src/mapping/Change.ts"
import { toEvent } from "../../src/mapping/Event.ts"
import { toSeries } from "../../src/mapping/Series.ts"
import { payload } from "../fakes/Payloads.ts"

const item = {
  id: "A",
  start: { dateTime: "2026-11-24T10:00:00.0000000", timeZone: "UTC" },
  end: { dateTime: "2026-11-24T11:00:00.0000000", timeZone: "UTC" }
}

const factsOf = (members: Readonly<Record<string, unknown>>): EventFacts =>
  Result.getOrThrow(toEvent({ ...item, ...members })).facts ?? assert.fail("no facts")

const person = (address: unknown, type: unknown = "required") => ({ type, emailAddress: { name: "P", address } })

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

describe("a real item", () => {
  it("tells organizer, answer, people without rooms, sensitivity, show-as, categories and place", () => {
    const facts = factsOf({
      isOrganizer: false,
      responseStatus: { response: "tentativelyAccepted", time: "2026-11-01T00:00:00Z" },
      organizer: person("Olga@Fabrikam.example"),
      attendees: [
        person("zoe@contoso.example"),
        person("room5@contoso.example", "resource"),
        person("Al@contoso.example", "optional"),
        person("AL@contoso.example")
      ],
      sensitivity: "private",
      showAs: "workingElsewhere",
      categories: ["Red category", "Blue category"],
      location: { displayName: "Room 5" }
    })
    assert.deepStrictEqual(facts, {
      isOrganizer: false,
      response: "tentative",
      people: ["al@contoso.example", "olga@fabrikam.example", "zoe@contoso.example"],
      peopleBeyond: {},
      sensitivity: "private",
      showAs: "working_elsewhere",
      categories: ["Blue category", "Red category"],
      location: "Room 5"
    })
  })

  it("of the documentation's own examples has people and an answer", () => {
    const facts = Result.getOrThrow(toEvent(payload("event.get"))).facts ?? assert.fail("no facts")
    assert.isNotEmpty(facts.people)
    for (const address of facts.people) assert.match(address, /^[^\sA-Z]+@[^\sA-Z]+$/)
  })

  it.each([
    [{ response: "organizer" }, true, "organizer"],
    [{ response: "organizer" }, undefined, "organizer"],
    [{ response: "none" }, true, "organizer"],
    [{ response: "Accepted" }, false, "accepted"],
    [{ response: "declined" }, false, "declined"],
    [{ response: "declined" }, true, "declined"],
    [{ response: "notResponded" }, false, "none"],
    [{ response: "none" }, false, "none"]
  ] as const)("%j, the user's own %s: %s", (responseStatus, isOrganizer, response) => {
    assert.strictEqual(factsOf({ responseStatus, isOrganizer }).response, response)
  })

  it("counts people that the kept item has no room for", () => {
    const attendees = Array.from({ length: factPeopleMax + 100 }, (_, n) => person(`guest${n}@contoso.example`))
    const event = Result.getOrThrow(toEvent({ ...item, attendees }))
    assert.isTrue(event.rawTruncated && attendees.length > rawAttendeesMax)
    assert.lengthOf(event.facts?.people ?? [], factPeopleMax)
    assert.deepStrictEqual(event.facts?.peopleBeyond, { "contoso.example": 100 })
  })
})

describe("a hostile item", () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["nothing", {}],
    [
      "nulls",
      { isOrganizer: null, responseStatus: null, organizer: null, attendees: null, categories: null, location: null }
    ],
    ["words of nobody's", { sensitivity: "secret", showAs: "unknown", responseStatus: { response: "maybe" } }],
    [
      "names that every object has",
      { sensitivity: "constructor", showAs: "__proto__", responseStatus: { response: "toString" } }
    ],
    [
      "numbers",
      { sensitivity: 1, showAs: 2, isOrganizer: 1, responseStatus: 3, attendees: 4, categories: 5, location: 6 }
    ],
    [
      "people who are none",
      { attendees: [null, 1, "a@b.c", [], {}, { emailAddress: 1 }, person(null), person(""), person(" ")] }
    ],
    ["odd categories and places", { categories: [null, 1, {}, [], ""], location: { displayName: 7 } }]
  ])("of %s has plain facts", (_, members) => {
    assert.deepStrictEqual(factsOf(members), plain)
  })
})

describe("a series", () => {
  const master = { ...item, type: "seriesMaster" }

  it("has facts, and its exceptions have their own where the item tells any", () => {
    const told = { seriesMasterId: "A", type: "exception", ...item }
    const series = Result.getOrThrow(
      toSeries({
        ...master,
        responseStatus: { response: "accepted" },
        exceptionOccurrences: [
          { ...told, id: "own", responseStatus: { response: "declined" } },
          { ...told, id: "bare" }
        ]
      })
    )
    assert.strictEqual(series.facts?.response, "accepted")
    assert.deepStrictEqual(
      series.exceptions?.map(({ facts }) => facts?.response ?? null),
      ["declined", null]
    )
  })

  it("has occurrences that tell nothing", () => {
    const change = Result.getOrThrow(toChange({ ...item, type: "occurrence", seriesMasterId: "M" }))
    assert.strictEqual(change.kind, "occurrence")
  })
})

describe("a change that no rule can see", () => {
  const guest = (address: string, response: string) => ({
    ...person(address),
    status: { response, time: "2026-11-01T00:00:00Z" }
  })
  const rowOf = (members: Readonly<Record<string, unknown>>) => {
    const event = Result.getOrThrow(toEvent({ ...item, createdDateTime: "2026-11-01T00:00:00Z", ...members }))
    const calendar = { id: "cal_a" as CalendarId, namespace: "cal_a" as CalendarId }
    const { raw, ...row } = eventRow(calendar, event, null, 0)
    return { raw, row }
  }
  const before = rowOf({
    attendees: [guest("ada@contoso.example", "none"), guest("bob@contoso.example", "none")],
    categories: ["Red", "Blue"],
    changeKey: "1",
    lastModifiedDateTime: "2026-11-01T00:00:00Z"
  })

  it.each([
    ["another's answer", [guest("ada@contoso.example", "declined"), guest("bob@contoso.example", "none")]],
    ["the order of people", [guest("bob@contoso.example", "none"), guest("ada@contoso.example", "none")]],
    ["how an address is written", [guest("Ada@Contoso.example", "none"), guest("bob@contoso.example", "none")]]
  ])("(%s) changes nothing of a row but the provider's item", (_, attendees) => {
    const after = rowOf({
      attendees,
      categories: ["Blue", "Red"],
      changeKey: "2",
      lastModifiedDateTime: "2026-11-02T00:00:00Z"
    })
    assert.deepStrictEqual(after.row, before.row)
    assert.notDeepEqual(after.raw, before.raw)
  })
})
