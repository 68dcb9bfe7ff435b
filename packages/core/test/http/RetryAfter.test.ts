/** Every way in which a service asks to wait. */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { retryAfterMaxMillis, retryAfterMillis } from "../../http/RetryAfter.ts"

const now = Date.parse("2026-11-24T12:00:00Z")

describe("Retry-After", () => {
  it.each([
    ["5", 5_000],
    ["0", 0],
    ["2.128", 2_128],
    ["2,5", 2_500],
    ["0.0001", 1],
    [" 7 ", 7_000],
    ["1000000", retryAfterMaxMillis],
    ["99999999999999999999", retryAfterMaxMillis],
    ["Tue, 24 Nov 2026 12:00:30 GMT", 30_000],
    ["Tuesday, 24-Nov-26 12:00:30 GMT", 30_000],
    ["Tue, 24 Nov 2026 11:00:00 GMT", 0],
    ["Fri, 31 Dec 9999 23:59:59 GMT", retryAfterMaxMillis],
    ["", null],
    ["soon", null],
    ["-5", null],
    ["1e3", null],
    ["NaN", null],
    ["0x10", null],
    ["Tue, 99 Nov 2026", null],
    ["12/31/9999 11:59:59 PM", null]
  ])("%j is %j ms", (header, expected) => {
    assert.strictEqual(retryAfterMillis(header, undefined, now), expected)
  })

  it("measures an appointment by the clock that made it", () => {
    const fastClock = "Tue, 24 Nov 2026 13:00:00 GMT"
    assert.strictEqual(retryAfterMillis("Tue, 24 Nov 2026 13:00:10 GMT", fastClock, now), 10_000)
    assert.strictEqual(retryAfterMillis("Tue, 24 Nov 2026 12:00:10 GMT", "nonsense", now), 10_000)
  })

  it("is null or a finite wait of at most a day, whatever the header", () => {
    fc.assert(
      fc.property(fc.option(fc.string({ unit: "binary" }), { nil: undefined }), fc.string(), (header, date) => {
        const wait = retryAfterMillis(header, date, now)
        assert.isTrue(wait === null || (wait >= 0 && wait <= retryAfterMaxMillis))
      })
    )
  })

  it("never asks to come back before the seconds named", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 86_000, noNaN: true }), (seconds) => {
        assert.isAtLeast(retryAfterMillis(seconds.toFixed(3), undefined, now) ?? -1, Number(seconds.toFixed(3)) * 1_000)
      })
    )
  })
})
