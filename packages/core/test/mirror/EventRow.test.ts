/**
 * How what a provider tells becomes rows: identity, and what a thin occurrence takes from its series.
 */
import { assert, describe, it } from "@effect/vitest"
import { eventRow, occurrenceRow } from "../../src/mirror/EventRow.ts"
import { seriesRow } from "../../src/mirror/SeriesRow.ts"
import { eventId, occurrenceId } from "../../src/domain/DeterministicIds.ts"
import type { ProviderEvent, ProviderSeries } from "../../src/domain/Provider.ts"
import { address, mail } from "../links/Fields.ts"
import { facts } from "../../testing/rows/Facts.ts"
import { at, calendar, day, hour, monday, primary, teams, weekly, zoom } from "../decide/Rows.ts"

const home = calendar(primary)

const told = (members: Partial<ProviderEvent> = {}): ProviderEvent => ({
  providerId: "AAMk=",
  kind: "single",
  seriesProviderId: null,
  originalStart: null,
  iCalUid: "uid",
  start: monday,
  end: monday + hour,
  isAllDay: false,
  zone: "Europe/Berlin",
  subject: "Standup",
  organizer: null,
  isCancelled: false,
  facts: null,
  createdAt: 1,
  updatedAt: 2,
  linkFields: address(teams.url),
  raw: { id: "AAMk=" },
  rawTruncated: false,
  ...members
})

const master = (members: Partial<ProviderSeries> = {}): ProviderSeries => ({
  providerId: "master",
  iCalUid: "series uid",
  timing: weekly(),
  ruleText: "FREQ=WEEKLY;BYDAY=MO",
  subject: "Weekly",
  organizer: null,
  isCancelled: false,
  facts: null,
  cancelledDates: null,
  exceptions: null,
  createdAt: 1,
  updatedAt: 2,
  linkFields: mail(zoom.url),
  raw: { id: "master" },
  rawTruncated: false,
  ...members
})

const series = seriesRow(home, master(), monday)

describe("a single event's row", () => {
  it("has an id made of the provider's, the meeting's key of its UID, and the link found in it", () => {
    const row = eventRow(home, told(), null, monday)
    assert.strictEqual(row.id, eventId(home.namespace, "AAMk="))
    assert.strictEqual(row.meeting, "uid:uid")
    assert.deepStrictEqual(row.link, teams)
    assert.deepStrictEqual([row.isDeleted, row.isVirtual, row.raw], [false, false, told().raw])
  })
})

describe("an occurrence's row", () => {
  it("told by its times alone, has the rest of its series", () => {
    const row = occurrenceRow(
      series,
      { providerId: "o", start: monday, end: monday + hour / 2, raw: { id: "o" } },
      monday
    )
    assert.strictEqual(row.id, occurrenceId(series.id, "2025-06-02"))
    assert.strictEqual(row.meeting, "on:2025-06-02:uid:series uid")
    assert.deepStrictEqual(
      [row.subject, row.link, row.zone, row.iCalUid],
      ["Weekly", zoom, "Europe/Berlin", "series uid"]
    )
  })

  it("keeps its date when it moves to another", () => {
    const moved = told({
      kind: "exception",
      seriesProviderId: "master",
      originalStart: monday,
      start: monday + 3 * day
    })
    assert.strictEqual(eventRow(home, moved, series, monday).meeting, "on:2025-06-02:uid:series uid")
  })

  it("has the date of its series' zone, not of UTC", () => {
    const auckland = { ...series, timing: weekly(["TU"], { zone: "Pacific/Auckland", startTime: 8 * hour }) }
    // 20:00 on Monday in UTC is Tuesday morning there.
    const row = occurrenceRow(
      auckland,
      { providerId: "o", start: at("2025-06-02T20:00:00Z"), end: monday, raw: {} },
      monday
    )
    assert.strictEqual(row.originalDate, "2025-06-03")
  })

  it("of an all-day series has the date that midnight UTC has", () => {
    const allDay = { ...series, timing: weekly(["MO"], { zone: "America/New_York", startTime: 0, isAllDay: true }) }
    const row = occurrenceRow(
      allDay,
      { providerId: "o", start: at("2025-06-02T00:00:00Z"), end: monday, raw: {} },
      monday
    )
    assert.deepStrictEqual([row.originalDate, row.isAllDay], ["2025-06-02", true])
  })

  it("is cancelled with its series", () => {
    const cancelled = { ...series, isCancelled: true }
    assert.isTrue(
      occurrenceRow(cancelled, { providerId: "o", start: monday, end: monday, raw: {} }, monday).isCancelled
    )
    assert.isTrue(eventRow(home, told({ kind: "exception" }), cancelled, monday).isCancelled)
  })
})

describe("the link of an exception", () => {
  const linkOf = (linkFields: ProviderEvent["linkFields"], kind: ProviderEvent["kind"] = "exception") =>
    eventRow(home, told({ kind, originalStart: monday, linkFields }), series, monday).link

  it("is its own", () => assert.deepStrictEqual(linkOf(address(teams.url)), teams))
  it("is none where it was removed", () => {
    assert.isNull(linkOf(mail("no link")))
    assert.isNull(linkOf([]))
  })
  it("is its series' where nothing is told of one", () => assert.deepStrictEqual(linkOf(null), zoom))
  it("is its series' in a plain occurrence without one", () =>
    assert.deepStrictEqual(linkOf(mail("no link"), "occurrence"), zoom))

  it("stands alone where its series is not known", () => {
    const row = eventRow(home, told({ kind: "exception", linkFields: null }), null, monday)
    assert.deepStrictEqual([row.link, row.seriesId, row.meeting], [null, null, "uid:uid"])
  })
})

describe("a series' row", () => {
  it("says nothing of exceptions where the provider was not asked", () => {
    assert.isNull(series.exceptions)
    assert.isNull(series.decidedTiming)
  })

  it("takes cancelled dates and cancelled or moved occurrences as they are told", () => {
    const row = seriesRow(
      home,
      master({
        cancelledDates: ["2025-06-09"],
        exceptions: [
          told({ kind: "exception", originalStart: monday + 14 * day, isCancelled: true }),
          told({
            kind: "exception",
            originalStart: monday + 21 * day,
            start: monday + 22 * day,
            end: monday + 22 * day + hour
          })
        ]
      }),
      monday
    )
    assert.deepStrictEqual(row.exceptions, {
      cancelled: ["2025-06-09", "2025-06-16"],
      moved: [{ date: "2025-06-23", start: monday + 22 * day, end: monday + 22 * day + hour }]
    })
  })
})

describe("what rules look at", () => {
  const [own, ofSeries] = [facts({ response: "declined" }), facts({ response: "accepted", categories: ["Red"] })]
  const known = seriesRow(home, master({ facts: ofSeries }), monday)
  const kinds = ["exception", "occurrence"] as const

  it("is the event's own", () => {
    assert.deepStrictEqual(eventRow(home, told({ facts: own }), null, monday).facts, own)
    for (const kind of kinds) {
      assert.deepStrictEqual(eventRow(home, told({ kind, facts: own }), known, monday).facts, own)
    }
  })

  it("is the series' where an occurrence does not tell", () => {
    assert.deepStrictEqual(known.facts, ofSeries)
    const thin = { providerId: "o", start: monday, end: monday, raw: {} }
    assert.deepStrictEqual(occurrenceRow(known, thin, monday).facts, ofSeries)
    for (const kind of kinds) {
      assert.deepStrictEqual(eventRow(home, told({ kind, facts: null }), known, monday).facts, ofSeries)
    }
  })

  it("is not known where nobody tells", () => {
    assert.isNull(eventRow(home, told({ facts: null }), null, monday).facts)
    assert.isNull(eventRow(home, told({ kind: "exception", facts: null }), series, monday).facts)
  })
})

describe("the provider's item", () => {
  it("is kept as the adapter cut it", () => {
    const raw = { id: "AAMk=", text: "the beginning" }
    for (const rawTruncated of [true, false]) {
      const event = eventRow(home, told({ raw, rawTruncated }), null, monday)
      const row = seriesRow(home, master({ raw, rawTruncated }), monday)
      assert.deepStrictEqual([event.raw, event.rawTruncated], [raw, rawTruncated])
      assert.deepStrictEqual([row.raw, row.rawTruncated], [raw, rawTruncated])
    }
  })
})
