/**
 * Which intents end with a calendar that is deselected or disconnected: those of its own meetings, and no others.
 */
import { assert, describe, it } from "@effect/vitest"
import { leaveCalendars } from "../../../src/decide/requests/LeaveCalendars.ts"
import { currentState } from "../../../src/decide/reschedule/SeriesChange.ts"
import type { CalendarEvent } from "../../../src/domain/Event.ts"
import type { CalendarId } from "../../../src/domain/Ids.ts"
import type { Slice } from "../../../src/domain/Slice.ts"
import { event, monday, primary, second, series, zoom } from "../Rows.ts"
import { story } from "../Story.ts"

const own = event("standup", { calendarId: primary })
const shared = event("standup", { calendarId: second, link: zoom })

const endedIn = (slice: Slice, calendarId: CalendarId): number | undefined =>
  leaveCalendars(currentState(slice, monday), ({ id }) => id === calendarId).deleteIntents?.length

/** How many intents end when the calendar is left, of a meeting that was asked for while all its copies stood. */
const ended = (calendarId: CalendarId, copies: ReadonlyArray<CalendarEvent>, since: ReadonlyArray<CalendarEvent>) => {
  const told = story({ events: copies })
  const [first] = copies
  assert.isDefined(first)
  told.schedule(first)
  told.told({ events: since })
  return endedIn(told.slice(), calendarId)
}

const gone = <Row extends { readonly isDeleted: boolean }>(row: Row): Row => ({ ...row, isDeleted: true })

describe("a calendar that is left", () => {
  it("takes along what was asked for of its meetings, also of those deleted in it", () => {
    assert.strictEqual(ended(primary, [own], []), 1)
    assert.strictEqual(ended(primary, [own], [gone(own)]), 1)
    assert.strictEqual(ended(primary, [own, shared], [gone(shared)]), 1)
  })

  it("leaves what stands in another", () => {
    assert.strictEqual(ended(primary, [own, shared], []), 0)
    assert.strictEqual(ended(primary, [own, shared], [gone(own)]), 0)
    assert.strictEqual(ended(second, [own], []), 0)
  })

  // World 300669: a meeting deleted in one calendar, whose bot was to come back with it, was forgotten with the other.
  it("leaves what was deleted in another, where it may come back", () => {
    assert.strictEqual(ended(second, [own], [gone(own)]), 0)
  })

  it("is told of a date that is no row yet by its series", () => {
    const weekly = series("sync")
    const told = story({ series: [weekly] })
    told.scheduleAll(weekly, "2025-06-02", 1)
    const slice = { ...told.slice(), events: [] }
    assert.strictEqual(endedIn(slice, weekly.calendarId), slice.intents.length)
    assert.strictEqual(endedIn(slice, weekly.calendarId === primary ? second : primary), 0)
    assert.isNotEmpty(slice.intents)
  })
})
