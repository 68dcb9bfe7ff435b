/**
 * A series that moves while its mirror is only half up to date: another calendar not read yet, a round not finished.
 */
import { assert, describe, it } from "@effect/vitest"
import { calendar, minute, primary, second, series, weekly } from "./Rows.ts"
import { kindsOf, story } from "./Story.ts"
import { change, early, everyWeek, rowsOf, sync, tuesdays } from "./Weekly.ts"

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
})
