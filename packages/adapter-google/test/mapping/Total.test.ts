/**
 * Law C10: whatever JSON stands in Google's place, it becomes something the core knows or a typed rejection, and what it
 * becomes can be stored and read back.
 */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as fc from "fast-check"
import { asObject } from "@punctual/core/http"
import { eventOf, readGoogleItem, seriesOf, toListing, toProfile } from "../../src/index.ts"
import type { Rejection } from "../../src/mapping/Rejection.ts"
import { realItems } from "../fakes/Payloads.ts"

const numRuns = process.env["PROVE"] === "1" ? 100_000 : 2_000

const oddTexts = ["", "\u0000", "\ud800", "0000-12-29T00:00:00.000Z", "2026-02-30", "2026-04-06T25:00:00Z", "cancelled"]
const oddNames = [
  "__proto__",
  "GMT-07:00",
  "Mars/Olympus",
  "RRULE:FREQ=WEEKLY;UNTIL",
  "RRULE;",
  "x_20260230",
  "y".repeat(3_000)
]

const oddValue: fc.Arbitrary<unknown> = fc.oneof(fc.constantFrom<unknown>(...oddTexts, ...oddNames), fc.jsonValue())

/** A real item with some of its members, at two depths, put in the place of others. */
const spoilt: fc.Arbitrary<unknown> = fc
  .record({
    item: fc.constantFrom(...realItems),
    members: fc.array(fc.tuple(fc.nat(60), fc.nat(9), oddValue), { maxLength: 4 })
  })
  .map(({ item, members }) => {
    const made: Record<string, unknown> = { ...item }
    const names = [...Object.keys(item), "recurrence", "recurringEventId", "start", "end", "attendees", "id", "etag"]
    for (const [place, inner, value] of members) {
      const name = names[place % names.length] ?? "id"
      const held = asObject(made[name])
      const within = held === null ? undefined : Object.keys(held)[inner]
      made[name] = held === null || within === undefined ? (inner > 6 ? [value] : value) : { ...held, [within]: value }
    }
    return made
  })

const anyItem = fc.oneof(spoilt, fc.jsonValue())

const holds = (result: Result.Result<unknown, Rejection>): void => {
  if (Result.isFailure(result)) {
    assert.match(
      result.failure.reason,
      /^(not_an_object|too_deep|no_id|bad_start|bad_end|ends_before_start|other_kind)$/
    )
    return
  }
  const text = JSON.stringify(result.success)
  assert.isFalse(text.includes("\\u0000"))
  assert.isTrue(text.isWellFormed() && !/\\ud[89a-f]/i.test(text))
}

const around = { calendarZone: "Europe/Berlin", master: null }

describe("C10: any JSON", () => {
  it("becomes an event or a typed rejection, and its times are in order", () => {
    fc.assert(
      fc.property(anyItem, (json) => {
        const event = Result.flatMap(readGoogleItem(json), (item) => eventOf(item, around))
        holds(event)
        if (Result.isFailure(event)) return
        assert.isAtMost(event.success.start, event.success.end)
        assert.isAtMost(event.success.createdAt, event.success.updatedAt)
        assert.isNotEmpty(event.success.zone)
        assert.notStrictEqual(event.success.iCalUid, "")
      }),
      { numRuns }
    )
  })

  it("becomes a series or a typed rejection, with real dates", () => {
    fc.assert(
      fc.property(anyItem, fc.array(anyItem, { maxLength: 3 }), (json, others) => {
        const instances = others.flatMap((other) => {
          const item = readGoogleItem(other)
          return Result.isSuccess(item) ? [item.success] : []
        })
        const series = Result.flatMap(readGoogleItem(json), (item) => seriesOf(item, instances, "Europe/Berlin"))
        holds(series)
        if (Result.isFailure(series)) return
        for (const date of series.success.cancelledDates ?? []) assert.match(date, /^\d{4}-\d\d-\d\d$/)
        assert.isTrue(series.success.timing === null || series.success.timing.durationMillis >= 0)
      }),
      { numRuns }
    )
  })

  it("becomes a listing, a profile or nothing", () => {
    fc.assert(
      fc.property(anyItem, (json) => {
        const listing = toListing(json)
        if (listing !== null) assert.match(listing.color, /^#[0-9a-f]{6}$/)
        const profile = toProfile(asObject(json) ?? {})
        if (profile !== null) assert.isNotEmpty(profile.accountId)
      }),
      { numRuns }
    )
  })
})
