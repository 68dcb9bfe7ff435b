/**
 * The laws of rows, C7 and C10: that an occurrence keeps its key wherever it moves, and that whatever a provider sends
 * becomes a row. Like `Laws.ts`, as functions that throw.
 */
import { assert } from "@effect/vitest"
import * as fc from "fast-check"
import type { CalendarId, ConnectionId } from "../../src/domain/Ids.ts"
import type { ProviderEvent, ProviderSeries } from "../../src/domain/Provider.ts"
import type { Series } from "../../src/domain/Series.ts"
import type { Instant } from "../../src/domain/Time.ts"
import { findMeetingLink } from "../../src/links/Link.ts"
import { expand } from "../../src/recurrence/Expand.ts"
import { hostileFields } from "../links/Arbitraries.ts"
import { anySeries } from "../recurrence/RandomSeries.ts"
import { nows } from "./StatePlan.ts"
import type { Law } from "./Laws.ts"
import { facts } from "../../testing/rows/Facts.ts"
import { series as seriesOf } from "./Rows.ts"

/** An occurrence of a real pattern, and somewhere else for it to move to. */
export interface MovedOccurrence {
  readonly timing: NonNullable<Series["timing"]>
  readonly after: Instant
  readonly by: number
}

export const movedOccurrence: fc.Arbitrary<MovedOccurrence> = fc
  .record({
    random: anySeries,
    skip: fc.integer({ min: 0, max: 400 }),
    by: fc.integer({ min: -5_000_000_000, max: 5_000_000_000 })
  })
  .map(({ by, random, skip }) => ({
    timing: random.series,
    after: Date.parse(`${random.series.startDate}T00:00:00Z`) + (skip - 2) * 86_400_000,
    by
  }))

const providerEvent = (members: Partial<ProviderEvent>): ProviderEvent => ({
  providerId: "p",
  kind: "exception",
  seriesProviderId: "s",
  originalStart: null,
  iCalUid: "different for each occurrence",
  start: 0,
  end: 0,
  isAllDay: false,
  zone: "UTC",
  subject: "",
  organizer: null,
  isCancelled: false,
  facts: null,
  createdAt: 0,
  updatedAt: 0,
  linkFields: null,
  raw: {},
  rawTruncated: false,
  ...members
})

const home = { id: "c" as CalendarId, namespace: "n" as ConnectionId }

export const stableUnderMoves: Law<MovedOccurrence> = {
  name: "C7 keys: an occurrence has the key of its date on the pattern, listed, projected, or moved anywhere",
  holds: (code, { after, by, timing }) => {
    const row = seriesOf("s", { timing })
    const [occurrence] = expand(timing, after, Infinity, 1)
    if (occurrence === undefined) return
    // Where a whole day was skipped two dates fall on one instant, and a provider lists one of them: which is not told.
    const isSkipped = timing.zone === "Pacific/Apia" && occurrence.date.startsWith("2011-12-3")
    if (isSkipped) return
    const thin = code.occurrenceRow(row, { providerId: "p", start: occurrence.start, end: occurrence.end, raw: {} }, 0)
    const moved = code.eventRow(
      home,
      providerEvent({ originalStart: occurrence.start, start: occurrence.start + by, end: occurrence.end + by }),
      row,
      0
    )
    const key = code.occurrenceMeetingKey(row.key, occurrence.date)
    assert.deepStrictEqual([thin.meeting, moved.meeting], [key, key])
    assert.deepStrictEqual([thin.id, moved.id], [code.occurrenceId(row.id, occurrence.date), thin.id])
    assert.deepStrictEqual([thin.originalDate, moved.originalDate], [occurrence.date, occurrence.date])
  }
}

const anyText = fc.oneof(fc.constantFrom("", "p", "\u0000", "\uD800", "é".repeat(300)), fc.string({ unit: "binary" }))
const anyInstant = fc.oneof(fc.constantFrom(...nows, 0, -1, NaN, Infinity, -Infinity, 8.64e15, 1e300), fc.double())
const anyFacts: fc.Arbitrary<ProviderEvent["facts"]> = fc.option(
  fc.record({ location: anyText, people: fc.array(anyText, { maxLength: 2 }) }).map(facts),
  { nil: null }
)
const anyRaw: fc.Arbitrary<unknown> = fc.oneof(fc.jsonValue(), fc.constant(undefined))

/** Bodies around the length that is kept, of whole characters, halves and both. */
const longBody = fc
  .tuple(
    fc.constantFrom("", "x", "\uDE00"),
    fc.constantFrom("😀", "x", "\uD83D"),
    fc.integer({ min: 32_760, max: 32_775 })
  )
  .map(([before, part, length]) => before + part.repeat(Math.ceil(length / part.length)))

export interface Told {
  readonly event: ProviderEvent
  readonly series: ProviderSeries
  readonly timing: Series["timing"]
  readonly body: string
}

const toldEvent: fc.Arbitrary<ProviderEvent> = fc.record({
  providerId: anyText,
  kind: fc.constantFrom("single", "occurrence", "exception"),
  seriesProviderId: fc.option(anyText, { nil: null }),
  originalStart: fc.option(anyInstant, { nil: null }),
  iCalUid: fc.option(anyText, { nil: null }),
  start: anyInstant,
  end: anyInstant,
  isAllDay: fc.boolean(),
  zone: fc.oneof(fc.constantFrom("UTC", "Europe/Berlin", "tzone://Microsoft/Custom", ""), anyText),
  subject: anyText,
  organizer: fc.option(anyText, { nil: null }),
  isCancelled: fc.boolean(),
  facts: anyFacts,
  createdAt: anyInstant,
  updatedAt: anyInstant,
  linkFields: fc.option(hostileFields, { nil: null }),
  raw: anyRaw,
  rawTruncated: fc.boolean()
})

export const told: fc.Arbitrary<Told> = fc.record({
  event: toldEvent,
  timing: fc.option(
    anySeries.map(({ series }) => series),
    { nil: null }
  ),
  series: fc.record({
    providerId: anyText,
    iCalUid: fc.option(anyText, { nil: null }),
    timing: fc.option(
      anySeries.map(({ series }) => series),
      { nil: null }
    ),
    ruleText: fc.option(anyText, { nil: null }),
    subject: anyText,
    organizer: fc.option(anyText, { nil: null }),
    isCancelled: fc.boolean(),
    facts: anyFacts,
    cancelledDates: fc.option(fc.array(anyText, { maxLength: 3 }), { nil: null }),
    exceptions: fc.option(fc.array(toldEvent, { maxLength: 3 }), { nil: null }),
    createdAt: anyInstant,
    updatedAt: anyInstant,
    linkFields: hostileFields,
    raw: anyRaw,
    rawTruncated: fc.boolean()
  }),
  body: longBody
})

export const total: Law<Told> = {
  name: "C10 total: whatever a provider sends becomes a row, cut to what is kept, whole characters only",
  holds: (code, { body, event, series, timing }) => {
    const master = { ...code.seriesRow(home, series, 0), timing }
    const rows = [
      code.eventRow(home, event, null, 0),
      code.eventRow(home, event, master, 0),
      code.occurrenceRow(master, event, 0)
    ]
    for (const row of rows) {
      assert.match(row.id, /^evt_[0-9a-z]{16}(_\d{8})?$/)
      assert.isTrue(row.meeting.length > 3)
      assert.match(row.originalDate ?? "0001-01-01", /^\d{4}-\d\d-\d\d$/)
      assert.strictEqual(row.originalDate === null, row.seriesKey === null)
      assert.isTrue(code.tombstone(row, 0).isDeleted)
    }
    if (event.kind === "exception") {
      // What it says of links is its own, also that there is none; what it does not say is its series'.
      const link = event.linkFields === null ? master.link : findMeetingLink(event.linkFields)
      assert.deepStrictEqual(code.eventRow(home, event, master, 0).link, link)
    }
    const kept = code.keptBody(body)
    assert.isAtMost(kept.length, code.rawBodyCharactersMax)
    assert.isTrue(body.startsWith(kept))
    assert.isTrue(kept === body || kept.length >= code.rawBodyCharactersMax - 1)
    if (body.isWellFormed()) assert.isTrue(kept.isWellFormed())
  }
}
