/**
 * What goes over when a meeting is called otherwise, where there is something already.
 */
import { assert, describe, it } from "@effect/vitest"
import { nothing } from "../../../src/decide/requests/Change.ts"
import type { Bot } from "../../../src/domain/Bot.ts"
import type { CalendarEvent } from "../../../src/domain/Event.ts"
import { singleMeetingKey } from "../../../src/domain/MeetingKey.ts"
import { defaultPolicy } from "../../../src/domain/Policy.ts"
import * as rows from "../../../testing/rows/index.ts"
import { decided } from "../Decided.ts"

describe("a bot on its way whose meeting became a series", () => {
  it("ends the one that waits there before it comes, so that no meeting ever has two", () => {
    const start = rows.now + rows.hour
    const single = rows.event("m", { providerId: "m", start, end: start + rows.hour, isDeleted: true })
    const series = rows.series("s", { providerId: "m" })
    const there = rows.occurrence("s1", series, { date: "2041-04-20", start, end: start + rows.hour })
    const launching = rows.bot(single, {
      status: "Launching",
      launch: rows.launch()
    })
    const waiting = rows.bot(there)
    const slice = rows.slice({
      calendars: [rows.calendar()],
      events: [single, there],
      series: [series],
      bots: [launching, waiting]
    })
    const { commit } = decided(slice, nothing, { policy: defaultPolicy, now: rows.now, isWhole: true })
    assert.deepStrictEqual(
      commit.bots?.map(({ bot: { id, meeting, status } }) => [id, meeting, status]),
      [
        [waiting.id, there.meeting, "Cancelled"],
        [launching.id, there.meeting, "Launching"]
      ]
    )
  })
})

describe("a bot on its way whose meeting moved, and whose name another of its UID gets", () => {
  const start = rows.now + rows.hour
  const later = start + 5 * rows.hour
  const at = (from: number) => ({ iCalUid: "same@example.com", start: from, end: from + rows.hour })
  const before = rows.event("m", { providerId: "m", ...at(start) })
  const own = singleMeetingKey(before.id, null)
  const moved = { ...before, ...at(later) }
  const other = (from: number) => rows.event("a", { providerId: "a", ...at(from) })
  const onItsWay = rows.bot(before, { status: "Launching", launch: rows.launch() })
  const written = (events: ReadonlyArray<CalendarEvent>, bots: ReadonlyArray<Bot>) => {
    const slice = rows.slice({ calendars: [rows.calendar()], events, bots })
    const { commit } = decided(slice, nothing, { policy: defaultPolicy, now: rows.now, isWhole: true })
    assert.deepStrictEqual(
      commit.putMeetings?.map(({ id }) => id),
      [before.id]
    )
    return commit.bots?.map(({ bot: { id, meeting } }) => [id, meeting])
  }

  it("goes with its own", () => {
    assert.deepStrictEqual(written([moved, other(start + rows.hour / 2)], [onItsWay]), [[onItsWay.id, own]])
  })

  it("stays with one at the time that it was launched for", () => {
    assert.deepStrictEqual(written([moved, other(start)], [onItsWay]), [[onItsWay.id, before.meeting]])
  })

  it("stays where nothing gets its name", () => {
    const apart = { meeting: own }
    const bot = { ...onItsWay, ...apart }
    assert.deepStrictEqual(written([{ ...moved, ...apart }, other(later)], [bot]), [[bot.id, own]])
  })

  it("stays where another is on its way under its own's name, so that no meeting ever has two", () => {
    const earlier = { ...onItsWay, id: rows.bot(other(start)).id, meeting: own }
    const all = written([moved, other(start + rows.hour / 2)], [onItsWay, earlier])
    assert.isFalse(all?.some(([id, meeting]) => id === onItsWay.id && meeting === own))
  })
})
