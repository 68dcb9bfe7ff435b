/**
 * A series that moves while its mirror is only half up to date: another calendar not read yet, a round not finished.
 */
import { assert, describe, it } from "@effect/vitest"
import { calendar, hour, meetingOn, minute, primary, second, series, weekly } from "../Rows.ts"
import { kindsOf, story } from "../Story.ts"
import { change, early, everyWeek, rowsOf, sync, tuesdays } from "../Weekly.ts"

describe("a series that moves", () => {
  it("stands in two calendars that are read one after the other: what leads is followed, once", () => {
    const other = series("sync", { calendarId: second })
    const told = story(
      { events: [...rowsOf(sync, weekly()), ...rowsOf(other, weekly())], series: [sync, other] },
      early
    )
    told.scheduleAll(sync, "2025-06-02", 8)
    const ids = told.slice().bots.map(({ id }) => id)
    change(told, sync, tuesdays)
    change(told, other, tuesdays)
    assert.strictEqual(told.starts().length, 8)
    assert.deepStrictEqual(
      told.slice().bots.map(({ id }) => id),
      ids
    )
    assert.strictEqual(told.starts()[0], "2025-06-03T09:00")
  })

  it("is not decided while its calendar is half read, and then as if nothing had happened in between", () => {
    const told = everyWeek()
    const ids = told.slice().bots.map(({ id }) => id)
    told.set({ calendars: [calendar(primary, { leaseUntil: early + minute }), calendar(second)] })
    // The first page of the round: the series alone.
    const half = told.told({ series: [{ ...sync, timing: tuesdays }] })
    assert.deepStrictEqual(kindsOf(half), [])
    assert.isBelow(told.slice().decided, told.slice().mirrorNumber)
    change(told, sync, tuesdays)
    assert.deepStrictEqual(
      told.slice().bots.map(({ id }) => id),
      ids
    )
    assert.strictEqual(told.starts()[0], "2025-06-03T09:00")
    assert.strictEqual(told.slice().decided, told.slice().mirrorNumber)
  })

  it("is decided once the claim on its calendar has run out, read to the end or not", () => {
    const told = everyWeek()
    told.set({ calendars: [calendar(primary, { leaseUntil: early + minute }), calendar(second)] })
    told.told({ series: [{ ...sync, timing: tuesdays }] })
    told.at(early + minute)
    assert.strictEqual(told.slice().decided, told.slice().mirrorNumber)
    assert.deepStrictEqual(told.slice().series[0]?.decidedTiming, tuesdays)
  })

  it("keeps what was asked for an occurrence that is listed although its series is not decided yet", () => {
    const told = everyWeek()
    told.set({ calendars: [calendar(primary, { leaseUntil: early + minute }), calendar(second)] })
    // A page with the series and one of its new occurrences; the old ones are still listed.
    const fridays = weekly(["FR"], { startTime: 11 * hour })
    const [, young] = rowsOf({ ...sync, timing: fridays }, fridays)
    told.told({ series: [{ ...sync, timing: fridays }], events: young === undefined ? [] : [young] })
    assert.isBelow(told.slice().decided, told.slice().mirrorNumber)
    told.remove(meetingOn(sync, "2025-06-13"))
    change(told, sync, fridays)
    assert.strictEqual(told.slice().decided, told.slice().mirrorNumber)
    assert.deepStrictEqual(told.starts().slice(0, 3), ["2025-06-06T09:00", "2025-06-20T09:00", "2025-06-27T09:00"])
  })

  it("leaves one bot where a bot was made for an occurrence listed early, and another stands for it", () => {
    const told = everyWeek()
    told.set({ calendars: [calendar(primary, { leaseUntil: early + minute }), calendar(second)] })
    const fridays = weekly(["FR"], { startTime: 11 * hour })
    const [, young] = rowsOf({ ...sync, timing: fridays }, fridays)
    told.told({ series: [{ ...sync, timing: fridays }], events: young === undefined ? [] : [young] })
    told.schedule(meetingOn(sync, "2025-06-13"), { bot_name: "Early" })
    change(told, sync, fridays)
    const live = told.slice().bots.filter(({ status }) => status === "Scheduled")
    assert.strictEqual(live.length, 8)
    assert.strictEqual(new Set(live.map(({ meeting }) => meeting)).size, 8)
    assert.strictEqual(told.bot(meetingOn(sync, "2025-06-13"))?.botName, "Early")
  })
})
