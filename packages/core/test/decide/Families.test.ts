/**
 * Which events with one iCalendar UID are which meeting (B7), on any of a few calendars, events and starts.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { families, namesUnread } from "../../src/decide/reschedule/Families.ts"
import { indexState } from "../../src/decide/state/StateIndex.ts"
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type { CalendarId, EventId, MeetingKey } from "../../src/domain/Ids.ts"
import * as rows from "../../testing/rows/index.ts"

const calendars = ["a", "b", "c"].map((id, position) => rows.calendar({ id: id as CalendarId, position }))

const copy = fc.record({
  place: fc.nat(2),
  provider: fc.nat(9),
  start: fc.nat(3),
  held: fc.oneof(fc.constant("family" as const), fc.constant("own" as const), fc.nat(5)),
  isDeleted: fc.boolean()
})

/** Some stand in several calendars under one provider id, in none of them twice. */
const eventsOf = (copies: ReadonlyArray<typeof copy extends fc.Arbitrary<infer A> ? A : never>) =>
  [...new Map(copies.map((one) => [`${one.place} ${one.provider}`, one])).values()].map(
    ({ held, isDeleted, place, provider, start }, nth): CalendarEvent => {
      const row = rows.event(`${nth}`, {
        calendarId: calendars[place]?.id ?? ("a" as CalendarId),
        iCalUid: "u",
        providerId: `${provider}`,
        start,
        isDeleted: isDeleted && nth % 3 === 0
      })
      if (held === "family") return row
      return { ...row, meeting: `id:evt_${held === "own" ? nth : held % copies.length}` as MeetingKey }
    }
  )

const now = (events: ReadonlyArray<CalendarEvent>): ReadonlyArray<CalendarEvent> => {
  const slice = rows.slice({ calendars, events })
  const { meetings } = families(slice, indexState(slice))
  return events.map((row) => ({ ...row, meeting: meetings.get(row.id) ?? row.meeting }))
}

const always = (holds: (events: ReadonlyArray<CalendarEvent>) => void): void => {
  const events = fc.array(copy, { minLength: 1, maxLength: 6 }).map(eventsOf)
  fc.assert(fc.property(events, holds), { numRuns: 2_000 })
}

describe("B7, C7: events with one UID", () => {
  it("are as many meetings in each calendar as they have starts", () => {
    let several = 0
    always((events) => {
      const live = now(events).filter(({ isDeleted }) => !isDeleted)
      several += live.length > 1 ? 1 : 0
      for (const one of live) {
        for (const other of live.filter(({ calendarId }) => calendarId === one.calendarId)) {
          assert.strictEqual(one.meeting === other.meeting, one.start === other.start, `${one.id} and ${other.id}`)
        }
      }
    })
    assert.isAbove(several, 1_000)
  })

  it("are one meeting where there is one of each calendar, or where all start at the same time", () => {
    let looked = 0
    always((events) => {
      const live = now(events).filter(({ isDeleted }) => !isDeleted)
      const isOneEach = new Set(live.map(({ calendarId }) => calendarId)).size === live.length
      const isTold = events.every(({ family, meeting }) => family === meeting)
      const isAtOnce = new Set(live.map(({ start }) => start)).size === 1
      if (live.length < 2 || !((isOneEach && isTold) || isAtOnce)) return
      looked += 1
      assert.strictEqual(new Set(live.map(({ meeting }) => meeting)).size, 1)
    })
    assert.isAbove(looked, 10)
  })

  it("stay what they were found to be, whatever order they are known in", () => {
    always((events) => {
      const found = now(events)
      assert.deepStrictEqual(now(found), found)
      const turned = now(events.toReversed()).toReversed()
      assert.deepStrictEqual(turned, found)
    })
  })

  it("stay one meeting where they are one event of a mailbox that was connected twice, also when one calendar lags", () => {
    const told = (id: string, place: string, providerId: string, start: number) =>
      rows.event(id, { id: id as EventId, calendarId: place as CalendarId, iCalUid: "U", providerId, start })
    const found = now([told("evt_1", "a", "p2", 5), told("evt_2", "b", "p2", 7), told("evt_3", "b", "p1", 9)])
    assert.deepStrictEqual(
      found.map(({ meeting }) => meeting),
      ["uid:u", "uid:u", "id:evt_3"]
    )
  })

  it("keep the UID's key by the least provider id; the others have their own, and keep it when that one is gone", () => {
    const told = (id: string, providerId: string, start: number) =>
      rows.event(id, { id: id as EventId, calendarId: "a" as CalendarId, iCalUid: "U", providerId, start })
    const [first, second] = now([told("evt_2", "p2", 5), told("evt_1", "p1", 7)])
    assert.deepStrictEqual([first?.meeting, second?.meeting], ["id:evt_2", "uid:u"])
    const later = now(
      [first, second].flatMap((row) => (row === undefined ? [] : [{ ...row, isDeleted: row === second }]))
    )
    assert.strictEqual(later[0]?.meeting, "id:evt_2")
  })

  it("tell which names are about to be given that nothing was read of", () => {
    const told = (id: string, providerId: string, start: number) =>
      rows.event(id, { id: id as EventId, calendarId: "a" as CalendarId, iCalUid: "U", providerId, start })
    const events = [told("evt_2", "p2", 5), told("evt_1", "p1", 7)]
    assert.deepStrictEqual<ReadonlyArray<string>>(namesUnread(rows.slice({ calendars, events })), ["id:evt_2"])
    assert.deepStrictEqual(namesUnread(rows.slice({ calendars, events: now(events) })), [])
    assert.deepStrictEqual(namesUnread(rows.slice({ calendars, events: events.slice(1) })), [])
  })
})
