/**
 * "And always the next one", sentence by sentence of the contract: when the next occurrence gets its bot, what is passed
 * over, and what switching off leaves.
 */
import { assert, describe, it } from "@effect/vitest"
import { expand } from "../../src/recurrence/Expand.ts"
import {
  autoSchedule,
  calendar,
  day,
  eventIntent,
  hour,
  listed,
  meetingOn,
  minute,
  monday,
  primary,
  series,
  weekly
} from "./Rows.ts"
import { story } from "./Story.ts"

const sync = series("sync")
const rows = expand(weekly(), monday - day, monday + 30 * day, 99).map((occurrence) => listed(sync, occurrence))
const first = meetingOn(sync, "2025-06-02")
const second = meetingOn(sync, "2025-06-09")
const third = meetingOn(sync, "2025-06-16")
const early = monday - hour

const starting = (members: Parameters<typeof story>[0] = {}) => {
  const told = story({ events: rows, series: [sync], ...members }, early)
  told.scheduleNext(sync, { bot_name: "Chain" })
  return told
}

const row = (date: string) => rows.find(({ originalDate }) => originalDate === date) ?? rows[0]

describe("a chain", () => {
  it("schedules the next occurrence at once, and no other", () => {
    const told = starting()
    assert.deepStrictEqual(told.starts(), ["2025-06-02T08:00"])
    assert.strictEqual(told.slice().bots[0]?.origin, "recurring")
  })

  it("schedules the one that is going on: it has not ended", () => {
    const told = story({ events: rows, series: [sync] }, monday + minute)
    told.scheduleNext(sync)
    assert.deepStrictEqual(told.starts(), ["2025-06-02T08:00"])
  })

  it("schedules the next when the present bot is launched", () => {
    const told = starting()
    told.launched(first)
    assert.deepStrictEqual(told.starts(), ["2025-06-09T08:00"])
  })

  it("schedules the next when the present bot failed", () => {
    const told = starting()
    told.failed(first)
    assert.deepStrictEqual(told.starts(), ["2025-06-09T08:00"])
  })

  it("does not while the present bot is being launched", () => {
    const told = starting()
    told.launching(first)
    told.decide()
    assert.deepStrictEqual(told.starts(), [])
  })

  it("schedules the next when the present one ends, whatever became of its bot, and asks to be decided then", () => {
    const told = starting()
    const end = rows[0]?.end ?? 0
    assert.strictEqual(told.slice().decideAt, end)
    told.at(end - 1)
    assert.deepStrictEqual(told.starts(), ["2025-06-02T08:00"])
    told.at(end)
    assert.deepStrictEqual(told.starts(), ["2025-06-02T08:00", "2025-06-09T08:00"])
    assert.strictEqual(told.slice().decideAt, rows[1]?.end)
  })

  it("waits for the end of one that was given more time than the others, beyond the window too", () => {
    const moved = [{ date: "2025-06-02", start: monday, end: monday + 2 * hour }]
    const of = series("sync", { exceptions: { cancelled: [], moved } })
    const told = story({ calendars: [calendar(primary, { window: null })], series: [of] }, early)
    told.scheduleNext(of)
    told.at(monday + hour)
    assert.deepStrictEqual(told.starts(), ["2025-06-02T08:00"])
    told.at(monday + 2 * hour)
    assert.deepStrictEqual(told.starts(), ["2025-06-02T08:00", "2025-06-09T08:00"])
  })

  it("schedules the next when the present one is deleted or cancelled", () => {
    for (const members of [{ isDeleted: true }, { isCancelled: true }]) {
      const told = starting()
      const present = row("2025-06-02")
      assert.isDefined(present)
      if (present !== undefined) told.told({ events: [{ ...present, ...members }] })
      assert.deepStrictEqual(told.starts(), ["2025-06-09T08:00"])
    }
  })

  it("passes over occurrences that the user removed, that have no link, and cancelled ones", () => {
    const events = rows.map((each) =>
      each.originalDate === "2025-06-09"
        ? { ...each, link: null }
        : each.originalDate === "2025-06-16"
          ? { ...each, isCancelled: true }
          : each
    )
    const told = starting({ events })
    told.remove(first)
    assert.deepStrictEqual(told.starts(), ["2025-06-23T08:00"])
  })

  it("passes over as many removed occurrences as there are, beyond the window too", () => {
    const told = starting()
    const dates = expand(weekly(), monday, monday + 365 * day, 40).map(({ date }) => date)
    for (const date of dates) told.remove(meetingOn(sync, date))
    assert.deepStrictEqual(told.starts(), ["2026-03-09T09:00"])
  })

  it("stops at an occurrence that was removed and asked for again", () => {
    const told = starting()
    told.remove(first)
    told.schedule(first)
    assert.deepStrictEqual(told.starts(), ["2025-06-02T08:00", "2025-06-09T08:00"])
    told.launched(first)
    assert.deepStrictEqual(told.starts(), ["2025-06-09T08:00"])
  })

  it("does not outlive the removal of its series, unless it is switched on later", () => {
    const told = starting()
    told.removeSeries(sync, "2025-06-02")
    assert.deepStrictEqual(told.starts(), [])
    told.scheduleNext(sync)
    assert.deepStrictEqual(told.starts(), ["2025-06-02T08:00"])
  })

  it("follows the present occurrence when it moves, and keeps the bot it made", () => {
    const told = starting()
    const present = row("2025-06-02")
    assert.isDefined(present)
    if (present === undefined) return
    told.told({ events: [{ ...present, start: present.start + 10 * day, end: present.end + 10 * day }] })
    // The bot stays with the moved occurrence; the chain's next is now the one before it.
    assert.deepStrictEqual(told.starts(), ["2025-06-09T08:00", "2025-06-12T08:00"])
  })

  it("begins with the occurrence it was switched on for, however far that is", () => {
    const told = story({ events: rows, series: [sync] }, early)
    told.scheduleNext(sync, {}, "2026-01-05")
    assert.deepStrictEqual(told.starts(), ["2026-01-05T09:00"])
  })

  it("is no reason to touch a bot asked for by hand, and takes over one of auto-scheduling", () => {
    const auto = autoSchedule({ enabled: true, seq: 1, coveredUntil: monday + 8 * day })
    const told = story({ events: rows, series: [sync], auto }, early)
    told.schedule(second, { bot_name: "By hand" })
    told.scheduleNext(sync, { bot_name: "Chain" })
    told.launched(first)
    assert.strictEqual(told.bot(second)?.botName, "By hand")
    assert.strictEqual(told.bots(first)[0]?.botName, "Chain")
  })

  it("switched off keeps the bot that is scheduled, as an intent of its own, and schedules no further one", () => {
    const told = starting()
    const kept = told.bot(first)
    told.decide((seen) => ({
      deleteIntents: seen.intents.map(({ id }) => id),
      putIntents: seen.bots.map(({ config, meeting, seq }) =>
        eventIntent(meeting, { seq, origin: "recurring", config })
      )
    }))
    assert.deepStrictEqual(told.bot(first), kept)
    told.launched(first)
    told.at(monday + 30 * day)
    assert.deepStrictEqual(told.starts(), [])
  })

  it("has nothing more to do when the series has ended", () => {
    const short = series("sync", {
      timing: weekly(["MO"], {
        rule: {
          kind: "pattern",
          pattern: { kind: "weekly", interval: 1, days: ["MO"], weekStart: "MO" },
          range: { kind: "endDate", endDate: "2025-06-02" }
        }
      })
    })
    const told = story({ events: rows.slice(0, 1), series: [short] }, early)
    told.scheduleNext(short)
    told.launched(first)
    assert.deepStrictEqual(told.starts(), [])
    assert.strictEqual(told.slice().decideAt, rows[0]?.end)
    told.at(monday + day)
    assert.isNull(told.slice().decideAt)
  })

  it("goes on a third time", () => {
    const told = starting()
    told.launched(first)
    told.at(rows[1]?.start ?? 0)
    told.launched(second)
    assert.deepStrictEqual(told.starts(), ["2025-06-16T08:00"])
    assert.isDefined(told.bot(third))
  })
})
