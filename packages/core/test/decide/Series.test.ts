/**
 * All of a series, sentence by sentence of the contract: how far, what is skipped, what is followed, and what lies beyond
 * the window.
 */
import { assert, describe, it } from "@effect/vitest"
import { expand } from "../../src/recurrence/Expand.ts"
import {
  autoSchedule,
  calendar,
  day,
  hour,
  listed,
  meetingOn,
  minute,
  monday,
  policy,
  primary,
  series,
  weekly,
  zoom
} from "./Rows.ts"
import { kindsOf, story } from "./Story.ts"

const sync = series("sync")
const timing = weekly()

/** The occurrences inside the window, as the provider lists them. */
const rows = expand(timing, monday - day, monday + 30 * day, 99).map((occurrence) => listed(sync, occurrence))
const [first, second, third] = rows

/** Berlin's ten o'clock is 08:00 in summer and 09:00 in winter. */
const mondays = (...dates: ReadonlyArray<string>) =>
  dates.map((date) => `${date}T${date < "2025-10-26" ? "08" : "09"}:00`)

describe("all of a series", () => {
  it("has a bot on each occurrence up to the limit, also beyond the window, in wall-clock time", () => {
    const told = story({ events: rows, series: [sync] })
    told.scheduleAll(sync, "2025-06-02", 24)
    const starts = told.starts()
    assert.strictEqual(starts.length, 24)
    assert.deepStrictEqual(starts.slice(0, 2), mondays("2025-06-02", "2025-06-09"))
    assert.deepStrictEqual(
      starts.slice(-5),
      mondays("2025-10-13", "2025-10-20", "2025-10-27", "2025-11-03", "2025-11-10")
    )
    assert.isTrue(told.slice().bots.every(({ origin }) => origin === "series"))
  })

  it("shows the occurrences beyond the window for as long as a bot speaks of them", () => {
    const told = story({ events: rows, series: [sync] })
    told.scheduleAll(sync, "2025-06-02", 6)
    const projected = () => told.slice().events.filter(({ isVirtual }) => isVirtual)
    assert.deepStrictEqual(
      projected().map(({ originalDate }) => originalDate),
      ["2025-07-07"]
    )
    told.remove(meetingOn(sync, "2025-07-07"))
    assert.deepStrictEqual(projected(), [])
  })

  it("hands a far bot over when the window reaches its occurrence: same bot, no move", () => {
    const told = story({ events: rows, series: [sync] })
    told.scheduleAll(sync, "2025-06-02", 6)
    const far = told.bot(meetingOn(sync, "2025-07-07"))
    const [next] = expand(timing, monday + 30 * day, monday + 60 * day, 1)
    assert.isDefined(next)
    if (next === undefined) return
    const row = listed(sync, next)
    const decision = told.told({ events: [row] })
    // What changes is the provider's id among the attributes.
    assert.deepStrictEqual(kindsOf(decision), ["reconfigure: configuration_changed"])
    assert.strictEqual(told.bot(row)?.id, far?.id)
    assert.strictEqual(told.slice().events.filter(({ isVirtual }) => isVirtual).length, 0)
  })

  it("skips cancelled occurrences and follows moved ones", () => {
    assert.isDefined(second)
    assert.isDefined(third)
    if (second === undefined || third === undefined) return
    const moved = { ...third, kind: "exception" as const, start: third.start + hour, end: third.end + hour }
    const told = story({ events: [...rows.slice(0, 1), { ...second, isCancelled: true }, moved], series: [sync] })
    told.scheduleAll(sync, "2025-06-02", 3)
    assert.deepStrictEqual(told.starts(), ["2025-06-02T08:00", "2025-06-16T09:00"])
    assert.deepStrictEqual(kindsOf(told.told({ events: [{ ...moved, link: zoom }] })), ["change-link: link_changed"])
  })

  it("lays the provider's cancelled and moved occurrences over the rule beyond the window", () => {
    const far = series("sync", {
      exceptions: {
        cancelled: ["2025-07-07"],
        moved: [{ date: "2025-07-14", start: monday + 45 * day, end: monday + 45 * day + hour }]
      }
    })
    const told = story({ events: rows, series: [far] })
    told.scheduleAll(far, "2025-06-02", 8)
    assert.deepStrictEqual(told.starts().slice(-2), ["2025-07-17T08:00", "2025-07-21T08:00"])
  })

  it("begins where it was asked to and covers no date before", () => {
    const told = story({ events: rows, series: [sync] })
    told.scheduleAll(sync, "2025-06-10", 2)
    assert.deepStrictEqual(told.starts(), mondays("2025-06-16", "2025-06-23"))
  })

  it("covers dates that the series gets later, while the limit lasts", () => {
    const range = (count: number) =>
      series("sync", {
        timing: weekly(["MO"], {
          rule: {
            kind: "pattern",
            pattern: { kind: "weekly", interval: 1, days: ["MO"], weekStart: "MO" },
            range: { kind: "numbered", count }
          }
        })
      })
    // 22 Mondays from 6 January to 2 June.
    const told = story({ events: rows.slice(0, 1), series: [range(22)] })
    told.scheduleAll(sync, "2025-06-02", 3)
    assert.deepStrictEqual(told.starts(), mondays("2025-06-02"))
    const before = told.bot(meetingOn(sync, "2025-06-02"))
    told.told({ events: rows, series: [range(99)] })
    assert.deepStrictEqual(told.starts(), mondays("2025-06-02", "2025-06-09", "2025-06-16"))
    assert.deepStrictEqual(told.bot(meetingOn(sync, "2025-06-02")), before)
  })

  it("takes over bots of auto-scheduling in place and leaves those asked for by hand", () => {
    assert.isDefined(first)
    assert.isDefined(second)
    if (first === undefined || second === undefined) return
    const auto = autoSchedule({ enabled: true, seq: 1, coveredUntil: monday + 8 * day })
    const told = story({ events: rows, series: [sync], auto }, monday - hour)
    told.schedule(first, { bot_name: "By hand" })
    const [byHand, byAuto] = [told.bot(first), told.bot(second)]
    assert.strictEqual(byAuto?.origin, "auto")
    told.scheduleAll(sync, "2025-06-02", 2, { bot_name: "All" })
    assert.deepStrictEqual([told.bot(first)?.id, told.bot(first)?.botName], [byHand?.id, "By hand"])
    assert.deepStrictEqual([told.bot(second)?.id, told.bot(second)?.botName], [byAuto?.id, "All"])
  })

  it("lifts earlier removals for what it covers", () => {
    const told = story({ events: rows, series: [sync] })
    told.remove(meetingOn(sync, "2025-06-09"))
    told.removeSeries(sync, "2025-06-16")
    told.scheduleAll(sync, "2025-06-02", 4)
    assert.deepStrictEqual(told.starts(), mondays("2025-06-02", "2025-06-09", "2025-06-16", "2025-06-23"))
  })

  it("ends from a date on when the user says so; earlier occurrences keep their bots", () => {
    const told = story({ events: rows, series: [sync] })
    told.scheduleAll(sync, "2025-06-02", 52)
    const decision = told.removeSeries(sync, "2025-06-16")
    assert.isTrue(decision.commands.every(({ kind, reason }) => kind === "cancel" && reason === "removed_by_user"))
    assert.deepStrictEqual(told.starts(), mondays("2025-06-02", "2025-06-09"))
  })

  it("loses its bots with the series, and has them again with it", () => {
    const told = story({ events: rows, series: [sync] })
    told.scheduleAll(sync, "2025-06-02", 4)
    const gone = rows.map((row) => ({ ...row, isDeleted: true }))
    told.told({ series: [{ ...sync, isDeleted: true }], events: gone })
    assert.deepStrictEqual(told.starts(), [])
    told.told({ series: [sync], events: rows })
    assert.strictEqual(told.starts().length, 4)
  })

  it("is read in the window from the provider's list alone: a date that is not listed does not take place", () => {
    const told = story({ events: rows.filter(({ originalDate }) => originalDate !== "2025-06-09"), series: [sync] })
    told.scheduleAll(sync, "2025-06-02", 3)
    assert.deepStrictEqual(told.starts(), mondays("2025-06-02", "2025-06-16"))
  })

  it("is expanded from the rule where nothing was mirrored yet", () => {
    const told = story({ series: [sync], calendars: [calendar(primary, { window: null })] })
    told.scheduleAll(sync, "2025-06-02", 2)
    assert.deepStrictEqual(told.starts(), mondays("2025-06-02", "2025-06-09"))
  })

  it("joins each occurrence a minute before its start, whatever clocks did in between", () => {
    const told = story({ events: rows, series: [sync] })
    told.scheduleAll(sync, "2025-06-02", 30)
    assert.isTrue(told.slice().bots.every(({ joinAt, start }) => joinAt === start - policy.leadMillis))
    assert.strictEqual(policy.leadMillis, minute)
  })

  it("covers what the provider lists where its rule could not be understood", () => {
    const odd = series("sync", { timing: null })
    const told = story({ events: rows, series: [odd] })
    told.scheduleAll(odd, "2025-06-09", 2)
    assert.deepStrictEqual(told.starts(), mondays("2025-06-09", "2025-06-16"))
  })
})
