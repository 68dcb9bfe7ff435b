/**
 * What of Graph's event may hold its link: in which order its fields are believed, how each was written, which may have been
 * cut; and that anything at all may stand in any of them (laws C9 and C10).
 */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as fc from "fast-check"
import { findMeetingLink } from "@punctual/core/links"
import { hostileText } from "../../../core/test/links/Arbitraries.ts"
import { toEvent } from "../../src/mapping/Event.ts"
import { linkFieldsOf } from "../../src/mapping/LinkFields.ts"

/** Distinct meetings by number. */
const zoom = (number: number): string => `https://zoom.us/j/8000000000${number}`
const urlIn = (event: unknown): string | null => findMeetingLink(linkFieldsOf(event))?.url ?? null
const text = (content: string) => ({ body: { contentType: "text", content } })

describe("the fields of an event", () => {
  it("are believed in this order", () => {
    const event = {
      onlineMeeting: { joinUrl: zoom(1) },
      onlineMeetingUrl: zoom(2),
      location: { displayName: zoom(3), locationUri: zoom(4), uniqueId: zoom(5) },
      locations: [null, { displayName: zoom(6), locationUri: zoom(7), uniqueId: zoom(8) }],
      ...text(zoom(9)),
      bodyPreview: "https://meet.google.com/abc-defg-hij",
      subject: "https://meet.google.com/klm-nopq-rst"
    }
    const found = linkFieldsOf(event)
    assert.deepStrictEqual(
      found.map((field) => field.text),
      [...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(zoom), event.bodyPreview, event.subject]
    )
    assert.deepStrictEqual(
      found.map(({ form }) => form).join(" "),
      "address address text address text text address text mail text text"
    )
    found.forEach((field, place) => assert.strictEqual(findMeetingLink(found.slice(place))?.url, field.text))
  })

  it("are never flags or words", () => {
    const words = { isOnlineMeeting: true, onlineMeetingProvider: "teamsForBusiness", webLink: zoom(1) }
    assert.deepStrictEqual(linkFieldsOf(words), [])
  })

  it.each([
    ["displayName", (value: string) => ({ location: { displayName: value } })],
    ["uniqueId", (value: string) => ({ locations: [{ uniqueId: value }] })],
    ["bodyPreview", (value: string) => ({ bodyPreview: value })]
  ])("may be cut: %s of exactly 255 characters", (_name, event) => {
    const link = "https://teams.microsoft.com/meet/744337110262323?p=BNk0nWtHqTHj"
    const padded = (length: number) => link.padStart(length, " ")
    assert.isNull(urlIn(event(padded(255))))
    assert.strictEqual(urlIn(event(padded(254))), link)
    assert.strictEqual(urlIn(event(padded(256))), link)
    assert.strictEqual(urlIn(event(`${padded(254)} `)), link, "the link ends before the cut")
    assert.isNull(urlIn(event(`${padded(254)}.`)), "the dot may be the middle of a passcode")
    assert.strictEqual(urlIn(event(`<${link}>`.padStart(255, " "))), link)
  })

  it("are not cut elsewhere: a subject or a body of 255 characters may end in a link", () => {
    const padded = zoom(1).padStart(255, " ")
    assert.strictEqual(urlIn({ subject: padded }), zoom(1))
    assert.strictEqual(urlIn(text(padded)), zoom(1))
  })

  it("a Teams link cut by a field's length opens a refusal: it is dropped for the whole one", () => {
    const thread = "19%3ameeting_MjMyOTA0YTIt%40thread.v2"
    const context = "context=%7b%22Tid%22%3a%22t%22%2c%22Oid%22%3a%22o%22%7d"
    const classic = `https://teams.microsoft.com/l/meetup-join/${thread}/0?${context}`
    const displayName = `${"Room; ".padEnd(255 - 100, "x")} ${classic}`.slice(0, 255)
    assert.isNull(urlIn({ location: { displayName } }))
    assert.strictEqual(urlIn({ location: { displayName }, body: { content: classic } }), classic)
  })

  it("join in the body while the structured field is empty or holds what cannot be joined", () => {
    for (const onlineMeeting of [null, { joinUrl: null }, { joinUrl: "conf:sip:jdoe@example.com;gruu" }]) {
      assert.strictEqual(urlIn({ isOnlineMeeting: true, onlineMeeting, ...text(zoom(1)) }), zoom(1))
    }
  })
})

describe("whether a body is HTML", () => {
  const markup = `<!-- ${zoom(2)} --><p>${zoom(1)}</p>`
  const inBody = (content: string, contentType: unknown) => urlIn({ body: { contentType, content } })

  it("is what it says, in any case", () => {
    for (const said of ["html", "HTML", " Html "]) assert.strictEqual(inBody(markup, said), zoom(1))
    for (const said of ["text", "TEXT"]) assert.strictEqual(inBody(markup, said), zoom(2))
  })

  it("is guessed where it says nothing useful", () => {
    for (const said of [undefined, null, 7, "", "text/html"]) {
      assert.strictEqual(inBody(markup, said), zoom(1))
      assert.strictEqual(inBody(`1 < 2 ${zoom(2)}`, said), zoom(2))
    }
  })
})

describe("an event of any shape", () => {
  const odd = [undefined, null, true, 0, Number.NaN, "", "x", Symbol("x"), 10n, [], {}, () => 0, Object.create(null)]
  const reading = ["onlineMeeting", "onlineMeetingUrl", "location", "locations", "body", "bodyPreview", "subject"]

  it("gives nothing where nothing is to be read, and never throws", () => {
    for (const value of odd) assert.isNull(urlIn(value))
    for (const value of odd) {
      for (const name of reading) assert.isNull(urlIn({ [name]: value }))
      for (const name of ["joinUrl", "displayName", "locationUri", "uniqueId", "content", "contentType"]) {
        const each = { [name]: value }
        assert.isNull(urlIn({ onlineMeeting: each, location: each, locations: [each, value], body: each }))
      }
    }
  })

  it("is read past properties that refuse to be read", () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error("no")
        }
      }
    )
    assert.deepStrictEqual(linkFieldsOf(hostile), [])
    assert.strictEqual(urlIn({ onlineMeeting: hostile, location: hostile, body: hostile, subject: zoom(1) }), zoom(1))
  })

  it("is not changed", () => {
    const event = Object.freeze({ locations: Object.freeze([Object.freeze({ displayName: zoom(1) })]) })
    assert.strictEqual(urlIn(event), zoom(1))
  })

  const anything = fc.oneof(hostileText, fc.anything({ withNullPrototype: true, withBigInt: true }))
  const place = fc.record({ displayName: anything, locationUri: anything, uniqueId: anything }, { requiredKeys: [] })
  const hostileEvent = fc.record(
    {
      onlineMeeting: fc.oneof(fc.record({ joinUrl: anything }), anything),
      onlineMeetingUrl: anything,
      location: fc.oneof(place, anything),
      locations: fc.oneof(fc.array(fc.oneof(place, anything), { maxLength: 3 }), anything),
      body: fc.oneof(
        fc.record({ contentType: fc.oneof(fc.constantFrom("html", "text"), anything), content: anything }),
        anything
      ),
      bodyPreview: anything,
      subject: anything
    },
    { requiredKeys: [] }
  )

  it("becomes fields that the core can read: no link, or one over https", () => {
    let found = 0
    fc.assert(
      fc.property(fc.oneof(hostileEvent, anything), (event) => {
        for (const field of linkFieldsOf(event)) assert.isString(field.text)
        const url = urlIn(event)
        if (url === null) return
        found += 1
        assert.match(url, /^https:\/\/[!-~]+$/)
      }),
      { numRuns: process.env["PROVE"] === "1" ? 10_000 : 1_000 }
    )
    assert.isAbove(found, 5, "hostile events hold links now and then, or this is about nothing")
  })
})

describe("an item that says nothing of links", () => {
  const times = {
    start: { dateTime: "2026-11-24T10:00:00.0000000", timeZone: "UTC" },
    end: { dateTime: "2026-11-24T11:00:00.0000000", timeZone: "UTC" }
  }
  const fieldsOf = (members: object) => Result.getOrThrow(toEvent({ id: "A", ...times, ...members })).linkFields
  const exception = { type: "exception", seriesMasterId: "S", subject: "Renamed" }

  it("is told apart from one that has none", () => {
    assert.isNull(fieldsOf(exception))
    for (const member of ["onlineMeeting", "onlineMeetingUrl", "location", "locations", "body"]) {
      assert.isNotNull(fieldsOf({ ...exception, [member]: null }), member)
    }
  })

  it("is none where it belongs to no series: there is nowhere else to look", () => {
    assert.deepStrictEqual(fieldsOf({ subject: zoom(1) }), [{ text: zoom(1), form: "text", isCut: false }])
  })
})
