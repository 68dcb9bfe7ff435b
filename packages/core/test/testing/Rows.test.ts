/**
 * The rows that tests are built on: what a test gives stands, and what follows from it follows.
 */
import { assert, describe, it } from "@effect/vitest"
import type { CalendarId, EventId, SeriesId } from "../../src/domain/Ids.ts"
import { listedCalendar } from "../../src/mirror/CalendarRow.ts"
import { bot, calendar, day, event, hour, listing, minute, now, occurrence, series } from "../../testing/rows/index.ts"

describe("the plain rows", () => {
  it("of events end an hour after the start that is given, and are the meeting of the id and UID that are given", () => {
    const { end, meeting } = event("review", { start: now + day })
    assert.deepStrictEqual([end, meeting], [now + day + hour, "uid:review"])
    assert.strictEqual(event("review", { id: "evt_1" as EventId, iCalUid: null }).meeting, "id:evt_1")
  })

  it("of series have the key of the id and UID that are given", () => {
    assert.strictEqual(series("sync", { id: "srs_1" as SeriesId, iCalUid: null }).key, "id:srs_1")
    assert.notStrictEqual<string>(series("sync").key, event("sync").meeting)
  })

  it("of occurrences are where their series is", () => {
    const of = series("sync", { calendarId: "b" as CalendarId })
    const row = occurrence("sync on Tuesday", of, { date: "2041-04-23", start: now, end: now + 2 * hour })
    assert.deepStrictEqual(
      [row.calendarId, row.seriesId, row.meeting, row.end - row.start],
      ["b", of.id, `on:2041-04-23:${of.key}`, 2 * hour]
    )
  })

  it("of bots join the event that is given, by its link", () => {
    const of = event("review", { link: { platform: "zoom", url: "https://zoom.us/j/81234567890" } })
    const row = bot(of)
    assert.deepStrictEqual([row.eventId, row.link, row.joinAt], [of.id, of.link, of.start - minute])
    assert.deepStrictEqual(row.schedule, { name: "bot-bot_review", group: "zoom", wanted: 1, applied: 0 })
  })

  it("of calendars are what a calendar begins with", () =>
    assert.deepStrictEqual(calendar(), listedCalendar(null, listing(), 0, now)))
})
