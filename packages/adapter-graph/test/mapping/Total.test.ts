/**
 * Law C10: whatever JSON stands in Graph's place, it becomes something the core knows or a typed rejection, and what it
 * becomes can be stored and read back.
 */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as fc from "fast-check"
import { asObject } from "@punctual/core/http"
import { readFailure } from "../../src/client/Failure.ts"
import { toChange, toChanges } from "../../src/mapping/Change.ts"
import { toEvent } from "../../src/mapping/Event.ts"
import { toListing, toProfile } from "../../src/mapping/Listing.ts"
import { toSeries } from "../../src/mapping/Series.ts"
import { parseNotifications } from "../../src/notifications/Notifications.ts"
import { toListed } from "../../src/subscriptions/Resource.ts"
import { refusalOf } from "../../src/auth/Refusal.ts"
import { anyItem, anyJson } from "./RandomItems.ts"

const numRuns = process.env["PROVE"] === "1" ? 100_000 : 2_000

const reasons = new Set([
  "not_an_object",
  "too_deep",
  "no_id",
  "no_series",
  "bad_start",
  "bad_end",
  "ends_before_start",
  "other_kind"
])

const holds = (result: Result.Result<unknown, { readonly reason: string }>): void => {
  if (Result.isFailure(result)) {
    assert.isTrue(reasons.has(result.failure.reason))
    return
  }
  // What a database would say: no U+0000, no half of a surrogate pair, and equal when it comes back.
  const text = JSON.stringify(result.success)
  assert.isFalse(text.includes("\\u0000"))
  assert.isTrue(text.isWellFormed() && !/\\ud[89a-f]/i.test(text))
  assert.deepStrictEqual(JSON.parse(text), JSON.parse(JSON.stringify(JSON.parse(text))))
}

describe("C10: any JSON", () => {
  it("becomes a change or a typed rejection", () => {
    fc.assert(
      fc.property(fc.oneof(anyJson, anyItem), (json) => holds(toChange(json))),
      { numRuns }
    )
  })

  it("becomes an event or a typed rejection, and its times are in order", () => {
    fc.assert(
      fc.property(fc.oneof(anyJson, anyItem), (json) => {
        const event = toEvent(json)
        holds(event)
        if (Result.isFailure(event)) return
        assert.isAtMost(event.success.start, event.success.end)
        assert.isNotEmpty(event.success.providerId)
        assert.isNotEmpty(event.success.zone)
        assert.notStrictEqual(event.success.iCalUid, "")
      }),
      { numRuns }
    )
  })

  it("becomes a series or a typed rejection, with real dates", () => {
    fc.assert(
      fc.property(fc.oneof(anyJson, anyItem), (json) => {
        const series = toSeries(json)
        holds(series)
        if (Result.isFailure(series)) return
        for (const date of series.success.cancelledDates ?? []) assert.match(date, /^\d{4}-\d\d-\d\d$/)
        assert.strictEqual(series.success.timing === null || series.success.timing.durationMillis >= 0, true)
      }),
      { numRuns }
    )
  })

  it("counts what a page holds: nothing is lost without a number", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyJson, anyItem), { maxLength: 20 }), (page) => {
        const { items, rejections } = toChanges(page)
        assert.strictEqual(items.length + rejections.length, page.length)
      }),
      { numRuns: numRuns / 10 }
    )
  })

  it("becomes a listing, a profile, a subscription, a notification or nothing", () => {
    fc.assert(
      fc.property(fc.oneof(anyJson, anyItem), (json) => {
        const listing = toListing(json, ["a@b.example"], null)
        if (listing !== null) assert.match(listing.color, /^#[0-9a-f]{6}$/)
        const profile = toProfile(asObject(json) ?? {})
        if (profile !== null) assert.isNotEmpty(profile.accountId)
        const listed = toListed(json)
        if (listed !== null) assert.isNotEmpty(listed.id)
        for (const notification of parseNotifications({ value: [json] }) ?? [])
          assert.isNotEmpty(notification.subscriptionId)
        assert.isTrue(parseNotifications(json) === null || Array.isArray(parseNotifications(json)))
      }),
      { numRuns }
    )
  })

  it("as an error says something short, on one line", () => {
    fc.assert(
      fc.property(anyJson, fc.integer({ min: 400, max: 599 }), (json, status) => {
        const failure = readFailure(asObject({ error: json }))
        assert.isAtMost(failure.message.length, 300)
        assert.notMatch(failure.message, /[\r\n]/)
        const refusal = refusalOf({ status, json: asObject(json), waitMillis: null }, "secret")
        assert.isString(refusal.reason._tag)
      }),
      { numRuns }
    )
  })
})

describe("examples", () => {
  const event = {
    id: "A",
    subject: "S",
    start: { dateTime: "2026-11-24T10:00:00.0000000", timeZone: "UTC" },
    end: { dateTime: "2026-11-24T11:00:00.0000000", timeZone: "UTC" }
  }

  it("a list nested ten thousand deep is turned down, not followed", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(10_000)}${"]".repeat(10_000)}`)
    assert.deepStrictEqual(
      toChange({ ...event, categories: deep }),
      Result.fail({ reason: "too_deep", providerId: null })
    )
  })

  it("what a database cannot store is taken out, and the rest stays", () => {
    const dirty = { ...event, subject: "a\u0000b\ud800", categories: ["\u0000", { "k\u0000": 1 }] }
    const cleaned = Result.getOrThrow(toEvent(dirty))
    assert.strictEqual(cleaned.subject, "ab\ufffd")
    assert.deepInclude(cleaned.raw, { categories: ["", { k: 1 }] })
  })

  it("a colour by the name of something every object has", () => {
    for (const color of ["__proto__", "constructor", "toString"]) {
      assert.strictEqual(toListing({ id: "A", color }, [], null)?.color, "#0078d4")
    }
  })

  it("nulls where texts belong", () => {
    const bare = { ...event, subject: null, iCalUId: null, seriesMasterId: null, responseStatus: null, type: null }
    assert.deepInclude(Result.getOrThrow(toEvent(bare)), { subject: "", iCalUid: null, kind: "single" })
  })

  it("a custom zone in an answer that should be UTC is turned down, not guessed", () => {
    const start = { ...event.start, timeZone: "tzone://Microsoft/Custom" }
    assert.deepStrictEqual(toEvent({ ...event, start }), Result.fail({ reason: "bad_start", providerId: "A" }))
  })

  it("the bare trace of an occurrence without its series is turned down", () => {
    const { id, start, end } = event
    assert.deepStrictEqual(
      toChange({ id, start, end, type: "occurrence", seriesMasterId: null }),
      Result.fail({ reason: "no_series", providerId: "A" })
    )
  })

  it.each(["exception", "occurrence"])("C: an %s that carries no seriesMasterId stands alone", (type) => {
    const change = Result.getOrThrow(toChange({ ...event, type, seriesMasterId: null }))
    assert.deepInclude(change.kind === "event" ? change.event : {}, {
      kind: type,
      seriesProviderId: null,
      providerId: "A"
    })
  })

  it("an all-day series floats in UTC, so that its days keep their dates", () => {
    const master = {
      ...event,
      type: "seriesMaster",
      isAllDay: true,
      originalStartTimeZone: "Pacific Standard Time",
      start: { dateTime: "2026-11-24T00:00:00.0000000", timeZone: "UTC" },
      end: { dateTime: "2026-11-25T00:00:00.0000000", timeZone: "UTC" },
      recurrence: {
        pattern: { type: "daily", interval: 1 },
        range: { type: "noEnd", startDate: "2026-11-24", recurrenceTimeZone: "Pacific Standard Time" }
      }
    }
    assert.deepInclude(Result.getOrThrow(toSeries(master)).timing, { zone: "UTC", startTime: 0, isAllDay: true })
  })
})
