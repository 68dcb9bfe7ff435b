/**
 * Which meeting a request means: an id with a date, a date alone, a series' id.
 */
import { assert, describe, it } from "@effect/vitest"
import { indexState } from "../../../src/decide/state/StateIndex.ts"
import { activeBot } from "../../../src/domain/BotStatus.ts"
import {
  dateFrom,
  momentOf,
  nextOccurrence,
  occurrenceAt,
  seriesRowOf,
  zoneOf
} from "../../../src/decide/occurrences/ResolveOccurrence.ts"
import type { Slice } from "../../../src/domain/Slice.ts"
import { expand } from "../../../src/recurrence/Expand.ts"
import {
  at,
  bot,
  calendar,
  day,
  event,
  hour,
  listed,
  minute,
  monday,
  primary,
  second,
  series,
  slice,
  weekly
} from "../Rows.ts"

const sync = series("sync")
const rows = expand(weekly(), monday - 8 * day, monday + 30 * day, 99).map((occurrence) => listed(sync, occurrence))
const index = (members: Partial<Slice> = {}) => indexState(slice({ events: rows, series: [sync], ...members }))

const instant = (text: string) => ({ kind: "instant", at: at(text) }) as const
const date = (text: string) => ({ kind: "date", date: text }) as const

describe("an occurrence named by a date", () => {
  it("is the one that starts at that instant", () => {
    const found = occurrenceAt(index(), sync.key, instant("2025-06-09T10:00:00+02:00"), monday)
    assert.strictEqual(found?.originalDate, "2025-06-09")
    assert.isNull(occurrenceAt(index(), sync.key, instant("2025-06-09T10:00:01+02:00"), monday))
  })

  it("is the one that starts on that date in the event's own zone", () => {
    const late = series("late", { timing: weekly(["MO"], { startTime: 23 * hour, zone: "America/New_York" }) })
    const [first] = expand(weekly(["MO"], { startTime: 23 * hour, zone: "America/New_York" }), monday, monday + day, 1)
    assert.isDefined(first)
    if (first === undefined) return
    const row = { ...listed(late, first), zone: "America/New_York" }
    // 03:00 on Tuesday in UTC.
    const found = occurrenceAt(index({ events: [row], series: [late] }), late.key, date("2025-06-02"), monday)
    assert.strictEqual(found?.id, row.id)
    assert.isNull(occurrenceAt(index({ events: [row], series: [late] }), late.key, date("2025-06-03"), monday))
  })

  it("may lie behind, or beyond the window", () => {
    assert.strictEqual(occurrenceAt(index(), sync.key, date("2025-05-26"), monday)?.originalDate, "2025-05-26")
    const far = occurrenceAt(index(), sync.key, date("2026-03-02"), monday)
    assert.deepStrictEqual([far?.originalDate, far?.isVirtual], ["2026-03-02", true])
  })

  it("is found where it was moved to, not where it was", () => {
    const moved = rows.map((row) =>
      row.originalDate === "2025-06-09"
        ? { ...row, kind: "exception" as const, start: row.start + day, end: row.end + day }
        : row
    )
    const state = index({ events: moved })
    assert.strictEqual(occurrenceAt(state, sync.key, date("2025-06-10"), monday)?.originalDate, "2025-06-09")
    assert.isNull(occurrenceAt(state, sync.key, date("2025-06-09"), monday))
  })

  it("is found cancelled too, so that it can be said; one that takes place goes before", () => {
    const cancelled = rows.map((row) => ({ ...row, isCancelled: row.originalDate === "2025-06-09" }))
    assert.isTrue(occurrenceAt(index({ events: cancelled }), sync.key, date("2025-06-09"), monday)?.isCancelled)
    const [behind] = rows
    assert.isDefined(behind)
    const both = cancelled.map((row) =>
      row.originalDate === "2025-06-16" ? { ...row, start: row.start - 7 * day, end: row.end - 7 * day } : row
    )
    assert.strictEqual(
      occurrenceAt(index({ events: both }), sync.key, date("2025-06-09"), monday)?.originalDate,
      "2025-06-16"
    )
  })

  it("is not found among what is gone", () => {
    const gone = rows.map((row) => ({ ...row, isDeleted: true }))
    assert.isNull(occurrenceAt(index({ events: gone }), sync.key, date("2025-06-09"), monday))
  })

  it("is the primary calendar's copy", () => {
    const other = series("sync", { calendarId: second })
    const copies = rows.map((row) => ({
      ...listed(other, { date: row.originalDate ?? "", start: row.start, end: row.end })
    }))
    const state = index({ events: [...copies, ...rows], series: [other, sync] })
    assert.strictEqual(occurrenceAt(state, sync.key, date("2025-06-09"), monday)?.calendarId, primary)
    assert.strictEqual(nextOccurrence(state, sync.key, monday)?.calendarId, primary)
    assert.strictEqual(seriesRowOf(state, sync.key)?.calendarId, primary)
  })
})

describe("a bare series id", () => {
  it("names the next occurrence that has not ended", () => {
    const end = rows.find(({ originalDate }) => originalDate === "2025-06-02")?.end ?? 0
    assert.strictEqual(nextOccurrence(index(), sync.key, end - 1)?.originalDate, "2025-06-02")
    assert.strictEqual(nextOccurrence(index(), sync.key, end)?.originalDate, "2025-06-09")
  })

  it("names none of a series that is gone or nowhere selected", () => {
    const gone = { events: [], series: [{ ...sync, isDeleted: true }] }
    assert.isNull(nextOccurrence(index(gone), sync.key, monday))
    assert.isNull(seriesRowOf(index(gone), sync.key))
    assert.isNull(nextOccurrence(index({ calendars: [calendar(primary, { selected: false })] }), sync.key, monday))
  })
})

describe("the date from which a moment counts", () => {
  it("is its own date while the occurrence on it has not begun", () => {
    assert.strictEqual(dateFrom(sync, instant("2025-06-02T10:00:00+02:00")), "2025-06-02")
    assert.strictEqual(dateFrom(sync, instant("2025-06-02T10:00:00.001+02:00")), "2025-06-03")
    assert.strictEqual(dateFrom(sync, date("2025-06-02")), "2025-06-02")
  })

  it("is the very next date on the eve of a day of 23 hours", () => {
    const evening = series("evening", { timing: weekly(["SA", "SU"], { startTime: 23 * hour }) })
    assert.strictEqual(dateFrom(evening, instant("2025-03-29T23:30:00+01:00")), "2025-03-30")
  })

  it("is read in UTC where a series has no zone of its own", () => {
    assert.strictEqual(zoneOf({ ...sync, timing: null }), "UTC")
    assert.strictEqual(zoneOf({ ...sync, timing: weekly(["MO"], { isAllDay: true }) }), "UTC")
    assert.strictEqual(zoneOf(sync), "Europe/Berlin")
    assert.strictEqual(dateFrom({ ...sync, timing: null }, { kind: "instant", at: Infinity }), "0001-01-01")
  })

  it("is written as a date, or as a date-time with an offset", () => {
    const read = (text: string) => momentOf(text, (each) => (each.endsWith("Z") ? at(each) : null))
    assert.deepStrictEqual(read("2025-06-02"), date("2025-06-02"))
    assert.deepStrictEqual(read("2025-06-02T08:00:00Z"), instant("2025-06-02T08:00:00Z"))
    assert.isNull(read("2025-06-31"))
    assert.isNull(read("2025-06-02T08:00:00"))
  })
})

describe("the bot that makes a new one superfluous", () => {
  const standup = event("standup")
  const held = bot(standup)

  it("is scheduled, being launched, or in the meeting until that ends", () => {
    assert.strictEqual(activeBot([held], standup, monday), held)
    const launching = { ...held, status: "Launching" as const }
    assert.strictEqual(activeBot([launching], standup, monday), launching)
    const launched = { ...held, status: "Launched" as const }
    assert.strictEqual(activeBot([launched], standup, standup.end - 1), launched)
    assert.isNull(activeBot([launched], standup, standup.end))
    const longer = { ...standup, end: standup.end + hour }
    assert.strictEqual(activeBot([launched], longer, standup.end + minute), launched)
  })

  it("is none that failed or was cancelled, and none launched for a start before the meeting moved", () => {
    assert.isNull(activeBot(undefined, standup, monday))
    assert.isNull(
      activeBot(
        [
          { ...held, status: "Failed" },
          { ...held, status: "Cancelled" }
        ],
        standup,
        monday
      )
    )
    const later = { ...standup, start: standup.end, end: standup.end + hour }
    assert.isNull(activeBot([{ ...held, status: "Launched" }], later, monday))
  })
})
