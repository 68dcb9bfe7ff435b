/**
 * Random JSON for tests: any at all, and real items with some of their members spoilt. Decides nothing about what is
 * right.
 */
import * as fc from "fast-check"
import { realItems } from "../fakes/Payloads.ts"

/** Strings that have broken readers of calendars before. */
const oddTexts = [
  "",
  " ",
  "\u0000",
  "\ud800",
  "0001-01-01T00:00:00.0000000Z",
  "9999-12-31T23:59:59.9999999",
  "2026-02-30T10:00:00.0000000",
  "2026-11-24T25:00:00",
  "2026-11-24T10:00:00.0000000",
  "2026-11-24T10:00:00+14:00",
  "24/11/2026 10:00",
  "UTC",
  "tzone://Microsoft/Custom",
  "tzone://Microsoft/Utc",
  "Pacific Standard Time",
  "Europe/Kyiv (Kiev)",
  "../../etc/passwd",
  "__proto__",
  "OID.a.b.2026-11-24",
  "OID.a.2026-02-31",
  "seriesMaster",
  "occurrence",
  "exception",
  "singleInstance",
  "x".repeat(3_000)
]

const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...oddTexts),
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1e308, Number.MAX_SAFE_INTEGER, [], {}, [[]], [null]),
  fc.constantFrom<unknown>(
    { dateTime: "2026-11-24T10:00:00.0000000", timeZone: "UTC" },
    { dateTime: "2026-03-29T02:30:00.0000000", timeZone: "Central European Standard Time" },
    { dateTime: "0001-01-01T00:00:00.0000000Z", timeZone: "tzone://Microsoft/Utc" },
    { dateTime: 5, timeZone: {} },
    { reason: "deleted" },
    { pattern: { type: "daily", interval: 1 }, range: { type: "noEnd", startDate: "2026-11-24" } },
    { pattern: null, range: [] }
  ),
  fc.jsonValue()
)

export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ depthSize: "medium" }),
  fc.string({ unit: "binary" }),
  oddValue
)

const members = [
  "id",
  "type",
  "seriesMasterId",
  "start",
  "end",
  "subject",
  "recurrence",
  "iCalUId",
  "originalStart",
  "isAllDay",
  "isCancelled",
  "responseStatus",
  "originalStartTimeZone",
  "originalEndTimeZone",
  "createdDateTime",
  "lastModifiedDateTime",
  "cancelledOccurrences",
  "exceptionOccurrences",
  "@removed",
  "occurrenceId",
  "body",
  "canShare",
  "canEdit",
  "hexColor",
  "color",
  "owner",
  "mail",
  "clientState",
  "subscriptionId",
  "lifecycleEvent",
  "expirationDateTime",
  "resource",
  "__proto__",
  "constructor",
  "toString"
]

/** A real item, some members of which are gone or odd. */
export const anyItem: fc.Arbitrary<unknown> = fc
  .record({
    item: fc.constantFrom(...realItems),
    gone: fc.uniqueArray(fc.constantFrom(...members), { maxLength: 4 }),
    odd: fc.array(fc.tuple(fc.constantFrom(...members), oddValue), { maxLength: 5 })
  })
  .map(({ gone, item, odd }) =>
    // Through JSON, as it would come: `__proto__` is a member like any other there.
    Object.fromEntries([...Object.entries(item).filter(([name]) => !gone.includes(name)), ...odd])
  )
