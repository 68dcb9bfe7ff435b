/**
 * One meeting on several calendars of one user, sentence by sentence of the contract: one bot, on which copy, and to
 * which it passes.
 */
import { assert, describe, it } from "@effect/vitest"
import { expand } from "../../src/recurrence/Expand.ts"
import type { CalendarId } from "../../src/domain/Ids.ts"
import { calendar, day, event, hour, listed, monday, primary, second, series, weekly, zoom } from "./Rows.ts"
import { kindsOf, story } from "./Story.ts"

const own = event("standup", { calendarId: primary })
const shared = event("standup", { calendarId: second, link: zoom })

const scheduled = () => {
  const told = story({ events: [shared, own] })
  told.schedule(own)
  return told
}

describe("one meeting on two calendars", () => {
  it("is told by its UID, never by start or link", () => {
    assert.strictEqual(own.meeting, shared.meeting)
    const other = event("another", { start: own.start })
    const told = story({ events: [own, other] })
    told.schedule(own)
    told.schedule(other)
    assert.strictEqual(told.slice().bots.length, 2)
  })

  it("without a UID is two meetings", () => {
    const [a, b] = [event("a", { iCalUid: null }), event("a", { iCalUid: "", calendarId: second })]
    assert.notStrictEqual(a.meeting, b.meeting)
  })

  it("has one bot, on the primary calendar's copy, whichever copy was named", () => {
    const told = scheduled()
    assert.strictEqual(told.slice().bots.length, 1)
    assert.strictEqual(told.bot(shared)?.eventId, own.id)
    assert.deepStrictEqual(told.bot(shared)?.link, own.link)
  })

  it("has it on the first calendar's copy where none is primary", () => {
    const told = story({
      events: [own, shared],
      calendars: [calendar(primary, { isPrimary: false, position: 7 }), calendar(second, { position: 3 })]
    })
    told.schedule(own)
    assert.strictEqual(told.bot(own)?.eventId, shared.id)
  })

  it("passes the bot on when the copy that holds it goes, is cancelled, loses its link or its calendar", () => {
    const changes = [{ isDeleted: true }, { isCancelled: true }, { link: null }]
    for (const members of changes) {
      const told = scheduled()
      const before = told.bot(own)
      const decision = told.told({ events: [{ ...own, ...members }] })
      assert.deepStrictEqual(kindsOf(decision), ["change-link: link_changed", "reconfigure: holder_changed"])
      assert.strictEqual(told.bot(own)?.id, before?.id)
      assert.deepStrictEqual([told.bot(own)?.eventId, told.bot(own)?.calendarId], [shared.id, second])
    }
    const told = scheduled()
    told.set({ calendars: [calendar(primary, { selected: false }), calendar(second)] })
    assert.strictEqual(told.bot(own)?.eventId, shared.id)
  })

  it("gives it back with the copy", () => {
    const told = scheduled()
    told.told({ events: [{ ...own, isDeleted: true }] })
    assert.deepStrictEqual(kindsOf(told.told({ events: [own] })), [
      "change-link: link_changed",
      "reconfigure: holder_changed"
    ])
    assert.strictEqual(told.bot(own)?.eventId, own.id)
  })

  it("follows the holder's times: of a copy that lags behind nothing is taken", () => {
    const told = scheduled()
    assert.deepStrictEqual(
      kindsOf(told.told({ events: [{ ...shared, start: shared.start + hour, end: shared.end + hour }] })),
      []
    )
  })

  it("goes when the last copy goes", () => {
    const told = scheduled()
    told.told({ events: [{ ...own, isDeleted: true }] })
    assert.deepStrictEqual(kindsOf(told.told({ events: [{ ...shared, isDeleted: true }] })), [
      "cancel: meeting_deleted"
    ])
  })

  it("is removed for all by a removal on one copy", () => {
    const told = scheduled()
    told.remove(shared)
    assert.deepStrictEqual(kindsOf(told.told({ events: [{ ...own, isDeleted: true }] })), [])
    assert.isUndefined(told.bot(own))
  })

  it("has one bot for each occurrence of a series on both", () => {
    const third = "third" as CalendarId
    const copies = [series("sync", { calendarId: third }), series("sync"), series("sync", { calendarId: second })]
    const rows = copies.flatMap((copy) =>
      expand(weekly(), monday - day, monday + 30 * day, 99).map((occurrence) => listed(copy, occurrence))
    )
    const [first] = copies
    assert.isDefined(first)
    if (first === undefined) return
    const told = story({
      events: rows,
      series: copies,
      calendars: [calendar(second), calendar(third, { position: 2 }), calendar(primary)]
    })
    told.scheduleAll(first, "2025-06-02", 8)
    assert.strictEqual(told.starts().length, 8)
    assert.strictEqual(new Set(told.starts()).size, 8)
    assert.isTrue(told.slice().bots.every(({ calendarId }) => calendarId === primary))
    // The primary calendar's copy goes: all eight pass on, beyond the window too.
    const ids = new Set(told.slice().bots.map(({ id }) => id))
    told.told({
      series: copies.filter(({ calendarId }) => calendarId === primary).map((row) => ({ ...row, isDeleted: true })),
      events: rows.filter(({ calendarId }) => calendarId === primary).map((row) => ({ ...row, isDeleted: true }))
    })
    assert.deepStrictEqual(new Set(told.slice().bots.map(({ id }) => id)), ids)
    assert.isTrue(told.slice().bots.every(({ calendarId, status }) => calendarId === second && status === "Scheduled"))
  })
})
