/** What each member of a rule matches, by example. What nothing else is said of is the meeting in `Meeting.ts`. */
import { assert, describe, it } from "@effect/vitest"
import type { CalendarId, SeriesKey } from "../../src/domain/Ids.ts"
import type { When } from "../../src/domain/JoinRule.ts"
import { calendarId } from "../../testing/rows/index.ts"
import { type Otherwise, lookedAtWhen, matchesWhen, monday } from "./Meeting.ts"

const minute = 60_000
const hour = 60 * minute

type Example = readonly [when: When, expected: boolean | null, otherwise?: Otherwise]

const one: SeriesKey = "s:1" as SeriesKey
const unknown: Otherwise = { facts: null }

const examples: Readonly<Record<string, ReadonlyArray<Example>>> = {
  "nothing matches everything": [
    [{}, true],
    [{}, true, unknown],
    [{ people: {}, minutes: {}, hours: {} }, true],
    [{ not: {} }, false]
  ],
  "subject_contains: whole words, whatever their case": [
    [{ subject_contains: ["SYNC"] }, true],
    [{ subject_contains: ["interview", "sync with"] }, true],
    [{ subject_contains: ["syn"] }, false],
    [{ subject_contains: ["ync"] }, false],
    [{ subject_contains: ["sync"] }, false, { subject: "" }],
    [{ subject_contains: ["sync"] }, true, { ...unknown, subject: "(Sync)" }],
    [{ subject_contains: ["sync"] }, false, { subject: "sync_up" }],
    [{ subject_contains: ["sync"] }, true, { subject: "resync, sync" }],
    [{ subject_contains: ["1:1"] }, true, { subject: "Ann/Bob 1:1." }],
    [{ subject_contains: ["1:1"] }, false, { subject: "Ann/Bob 1:15" }],
    // Only an edge that is a letter or digit needs the edge of a word.
    [{ subject_contains: ["c++"] }, true, { subject: "C++17" }],
    [{ subject_contains: ["c++"] }, false, { subject: "abc++" }],
    [{ subject_contains: ["two  words"] }, true, { subject: "two\u00a0\nwords" }],
    [{ subject_contains: ["full"] }, true, { subject: "ＦＵＬＬ" }],
    [{ subject_contains: ["café"] }, true, { subject: "CAFE\u0301" }],
    [{ subject_contains: ["cafe"] }, false, { subject: "Café" }],
    [{ subject_contains: ["οδοσ"] }, true, { subject: "ΟΔΟΣ" }],
    [{ subject_contains: ["istanbul"] }, true, { subject: "İSTANBUL" }],
    [{ subject_contains: ["strasse"] }, false, { subject: "Straße" }],
    [{ subject_contains: ["会議"] }, true, { subject: "定例・会議" }],
    [{ subject_contains: ["会議"] }, false, { subject: "会議室" }],
    [{ subject_contains: ["हिन्दी"] }, true, { subject: "हिन्दी १" }],
    [{ subject_contains: ["हिन्द"] }, false, { subject: "हिन्दी" }],
    [{ subject_contains: ["a"] }, false, { subject: "𐐷a" }],
    [{ subject_contains: ["🚀"] }, true, { subject: "x🚀x" }]
  ],
  location_contains: [
    [{ location_contains: ["berlin"] }, true],
    [{ location_contains: ["room"] }, false, { facts: { location: "" } }],
    [{ location_contains: ["berlin"] }, null, unknown]
  ],
  "organizer: the user is internal too": [
    [{ organizer: ["self"] }, true],
    [{ organizer: ["internal"] }, true],
    [{ organizer: ["external"] }, false],
    [{ organizer: ["self"] }, false, { organizer: "bob@acme.example", facts: { isOrganizer: false } }],
    [{ organizer: ["internal"] }, true, { organizer: "bob@acme.example", facts: { isOrganizer: false } }],
    [{ organizer: ["external", "self"] }, true, { organizer: "eve@partner.example", facts: { isOrganizer: false } }],
    // The provider does not say so, the address does; and the other way round.
    [{ organizer: ["self"] }, true, { facts: { isOrganizer: false } }],
    [{ organizer: ["self"] }, true, { organizer: "alias@elsewhere.example" }],
    // None of the user's addresses is known.
    [{ organizer: ["self"] }, false, { known: { userAddresses: new Set() } }],
    [{ organizer: ["internal"] }, true, { known: { userAddresses: new Set() } }],
    [{ organizer: ["self", "internal", "external"] }, false, { organizer: null, facts: { isOrganizer: false } }],
    [{ organizer: ["self"] }, null, unknown]
  ],
  "internal: domains of the workspace, else the user's own": [
    [{ external_people: { max: 1, min: 1 } }, true],
    [{ external_people: { max: 0 } }, true, { known: { internalDomains: ["acme.example", "PARTNER.example"] } }],
    // Where domains are set, the user's own is none of them by itself.
    [{ external_people: { min: 1, max: 1 } }, true, { known: { internalDomains: ["partner.example"] } }],
    [{ external_people: { max: 0 } }, true, { facts: { people: ["kim@eu.acme.example"] } }],
    [{ external_people: { min: 1 } }, true, { facts: { people: ["eve@notacme.example"] } }],
    // Anybody may have an address there: then only the user is internal.
    [
      { external_people: { min: 1, max: 1 } },
      true,
      { facts: { people: ["ann@gmail.com", "bob@gmail.com"] }, known: { userAddresses: new Set(["ann@gmail.com"]) } }
    ],
    [
      { external_people: { max: 0 } },
      true,
      { facts: { people: ["bob@gmail.com"] }, known: { internalDomains: ["gmail.com"] } }
    ],
    // Any of several that are not such domains.
    [
      { external_people: { max: 0 } },
      true,
      {
        facts: { people: ["eve@partner.example", "bob@acme.example"] },
        known: { userAddresses: new Set(["ann@gmail.com", "ann@acme.example", "ann@partner.example"]) }
      }
    ]
  ],
  organizer_email: [
    [{ organizer_email: ["ANN@acme.example"] }, true],
    [{ organizer_email: ["*@acme.example"] }, true, unknown],
    [{ organizer_email: ["*@*.acme.example"] }, false],
    [{ organizer_email: ["*@*.example"] }, true],
    [{ organizer_email: ["*@acme.example"] }, false, { organizer: "ann@eu.acme.example" }],
    [{ organizer_email: ["*@acme.example"] }, false, { organizer: null }],
    [{ organizer_email: ["*@acme.example"] }, null, { ...unknown, organizer: null }]
  ],
  "attendee_email: all people, the organizer too": [
    [{ attendee_email: ["eve@partner.example"] }, true],
    [{ attendee_email: ["ann@acme.example"] }, true],
    [{ attendee_email: ["*@nowhere.example"] }, false],
    [{ attendee_email: ["*@far.example"] }, true, { facts: { peopleBeyond: { "far.example": 2 } } }],
    [{ attendee_email: ["one@far.example"] }, false, { facts: { peopleBeyond: { "far.example": 2 } } }],
    [{ attendee_email: ["*@partner.example"] }, null, unknown]
  ],
  my_response: [
    [{ my_response: ["organizer"] }, true],
    [{ my_response: ["accepted", "tentative"] }, false],
    [{ my_response: ["declined"] }, null, unknown]
  ],
  "people: the user is one, by however many addresses, listed or not": [
    [{ people: { min: 3, max: 3 } }, true],
    [{ people: { min: 4 } }, false],
    [{ people: { max: 2 } }, false],
    [{ people: { min: 1, max: 1 } }, true, { facts: { people: [] } }],
    [{ people: { min: 2, max: 2 } }, true, { facts: { isOrganizer: false, people: ["bob@acme.example"] } }],
    [
      { people: { min: 2, max: 2 } },
      true,
      { known: { userAddresses: new Set(["ann@acme.example", "eve@partner.example"]) } }
    ],
    [{ people: { min: 13, max: 13 } }, true, { facts: { peopleBeyond: { "acme.example": 7, "": 3 } } }],
    [{ external_people: { min: 4, max: 4 } }, true, { facts: { peopleBeyond: { "acme.example": 7, "": 3 } } }],
    [{ people: { min: 0 } }, null, unknown],
    // It asks for nothing.
    [{ people: {}, external_people: {} }, true, unknown]
  ],
  sensitivity: [
    [{ sensitivity: ["normal"] }, true],
    [{ sensitivity: ["private", "confidential"] }, false],
    [{ sensitivity: ["normal"] }, null, unknown]
  ],
  show_as: [
    [{ show_as: ["busy", "oof"] }, true],
    [{ show_as: ["free"] }, false],
    [{ show_as: ["busy"] }, null, unknown]
  ],
  "category: whole, whatever its case": [
    [{ category: ["customers"] }, true],
    [{ category: ["customer"] }, false],
    [{ category: ["customers"] }, null, unknown]
  ],
  platform: [
    [{ platform: ["zoom", "teams"] }, true],
    [{ platform: ["zoom"] }, false, unknown],
    [{ platform: ["teams"] }, false, { link: null }]
  ],
  calendar_id: [
    [{ calendar_id: [calendarId] }, true, unknown],
    [{ calendar_id: ["cal_other" as CalendarId] }, false]
  ],
  "all_day, recurring": [
    [{ all_day: false, recurring: false }, true, unknown],
    [{ all_day: true }, false],
    [{ all_day: true }, true, { isAllDay: true }],
    [{ recurring: true }, true, { seriesKey: one }]
  ],
  minutes: [
    [{ minutes: { min: 60, max: 60 } }, true, unknown],
    [{ minutes: { min: 61 } }, false],
    [{ minutes: { max: 60 } }, false, { end: monday + hour + 1 }],
    [{ minutes: { max: 0 } }, true, { end: monday }]
  ],
  "not: matches unless all of its own members do": [
    [{ not: { subject_contains: ["interview"] } }, true],
    [{ not: { subject_contains: ["sync"] } }, false],
    [{ not: { subject_contains: ["sync"], minutes: { min: 90 } } }, true],
    [{ minutes: { min: 60 }, not: { platform: ["teams"] } }, false]
  ],
  "what is not known counts only where nothing else decides": [
    [{ platform: ["teams"], people: { min: 2 } }, null, unknown],
    [{ platform: ["zoom"], people: { min: 2 } }, false, unknown],
    [{ platform: ["teams"], not: { people: { min: 2 } } }, null, unknown],
    [{ platform: ["teams"], not: { people: { min: 2 }, platform: ["zoom"] } }, true, unknown],
    [{ people: { min: 2 }, not: { platform: ["teams"] } }, false, unknown]
  ]
}

describe("what members of a rule match", () => {
  it.each(Object.entries(examples))("%s", (_, each) => {
    for (const [when, expected, otherwise] of each) {
      assert.strictEqual(matchesWhen(when, otherwise), expected, JSON.stringify([when, otherwise]))
    }
  })
})

const decided: ReadonlyArray<readonly [when: When, field: string, value: unknown, otherwise?: Otherwise]> = [
  [{}, "when", null],
  [{ not: {} }, "not", null],
  [{ people: { min: 3 } }, "people", 3],
  // Of a match the last that was asked, whatever the order they are written in.
  [{ subject_contains: ["sync"], minutes: { min: 60 } }, "subject_contains", "Weekly sync with Acme"],
  [{ minutes: { min: 60 }, subject_contains: ["sync"] }, "subject_contains", "Weekly sync with Acme"],
  // Of a miss the first that missed.
  [{ subject_contains: ["sync"], minutes: { min: 61 } }, "minutes", 60],
  [{ subject_contains: ["interview"], minutes: { min: 61 }, people: { max: 1 } }, "minutes", 60],
  [{ attendee_email: ["*@partner.example"] }, "attendee_email", "eve@partner.example"],
  [{ attendee_email: ["*@nowhere.example"] }, "attendee_email", 3],
  [{ organizer: ["external"] }, "organizer", "self"],
  [{ category: ["x"] }, "category", ["Customers"]],
  [{ platform: ["teams"] }, "platform", null, { link: null }],
  [{ hours: { from: "11:00" } }, "hours", "mo 10:00"],
  [{ minutes: {}, not: { platform: ["teams"], my_response: ["organizer"] } }, "not.my_response", "organizer"],
  [{ not: { platform: ["zoom"] } }, "not.platform", "teams"],
  [{ platform: ["teams"], location_contains: ["berlin"] }, "location_contains", null, unknown],
  [{ platform: ["zoom"], location_contains: ["berlin"] }, "platform", "teams", unknown]
]

describe("what is said to have decided", () => {
  it("is a member, and what the event has for it", () => {
    for (const [when, field, value, otherwise] of decided) {
      assert.deepStrictEqual(lookedAtWhen(when, otherwise), { field, value }, JSON.stringify(when))
    }
  })
})
