/**
 * A series that moves, as examples: its bots survive under the keys that their occurrences have now, and so does all that
 * was asked for them. The laws of it are in `RekeyLaws.test.ts`.
 */
import { assert, describe, it } from "@effect/vitest"
import type { RecurringSeries } from "../../../src/recurrence/Rule.ts"
import { autoSchedule, day, hour, meetingOn, minute, monday, series, weekly } from "../Rows.ts"
import { kindsOf, story } from "../Story.ts"
import { change, early, everyWeek, rowsOf, sync, tuesdays } from "../Weekly.ts"

describe("a weekly meeting that moves from Monday 10:00 to Tuesday 11:00", () => {
  it("keeps its bots: each is moved once, none is cancelled and none is made", () => {
    const told = everyWeek()
    const before = told.slice().bots
    const decision = change(told, sync, tuesdays)
    assert.deepStrictEqual(kindsOf(decision), ["move: meeting_moved", "reconfigure: configuration_changed"])
    const after = told.slice().bots
    assert.deepStrictEqual(
      after.map(({ id }) => id),
      before.map(({ id }) => id)
    )
    assert.deepStrictEqual(told.starts().slice(0, 2), ["2025-06-03T09:00", "2025-06-10T09:00"])
    for (const [place, bot] of after.entries()) {
      assert.strictEqual(bot.start, (before[place]?.start ?? 0) + 25 * hour)
      assert.strictEqual(bot.joinAt, bot.start - minute)
      assert.strictEqual(bot.revision, (before[place]?.revision ?? 0) + 1)
    }
  })

  it("keeps the keys and events of those bots true", () => {
    const told = everyWeek()
    change(told, sync, tuesdays)
    const shown = new Map(told.slice().events.map((row) => [row.id, row]))
    for (const bot of told.slice().bots) {
      assert.strictEqual(shown.get(bot.eventId)?.meeting, bot.meeting)
      assert.strictEqual(shown.get(bot.eventId)?.start, bot.start)
    }
  })

  it("covers as many occurrences as before, from the first one ahead", () => {
    const told = everyWeek()
    change(told, sync, tuesdays)
    assert.strictEqual(told.starts().length, 8)
    const [intent] = told.slice().intents
    assert.strictEqual(intent?.kind === "series" ? `${intent.fromDate} ${intent.dateCount}` : "", "2025-06-03 8")
  })

  it("counts off what lies behind", () => {
    const told = everyWeek()
    told.launched(meetingOn(sync, "2025-06-02"))
    told.at(monday + 2 * hour)
    change(told, sync, tuesdays)
    // Tuesday, 3 June stands for Monday, 9 June: it is the first one ahead, as that was.
    assert.deepStrictEqual([told.starts().length, told.starts()[0]], [7, "2025-06-03T09:00"])
    const [intent] = told.slice().intents
    assert.strictEqual(intent?.kind === "series" ? `${intent.fromDate} ${intent.dateCount}` : "", "2025-06-03 7")
  })

  it("keeps removals and changes by hand with their occurrences", () => {
    const told = everyWeek()
    told.remove(meetingOn(sync, "2025-06-09"))
    told.override(meetingOn(sync, "2025-06-16"), { joinOffsetMillis: -10 * minute, botName: "By hand" })
    const byHand = told.bot(meetingOn(sync, "2025-06-16"))
    change(told, sync, tuesdays)
    assert.isUndefined(told.bot(meetingOn(sync, "2025-06-10")))
    const moved = told.bot(meetingOn(sync, "2025-06-17"))
    assert.strictEqual(moved?.id, byHand?.id)
    assert.deepStrictEqual([moved?.botName, moved?.joinAt], ["By hand", (moved?.start ?? 0) - 10 * minute])
    assert.deepStrictEqual(
      told.slice().overrides.map(({ meeting }) => meeting),
      [meetingOn(sync, "2025-06-17")]
    )
  })

  it("keeps ids of intents in step with what they are about, so that asking again replaces", () => {
    const told = everyWeek()
    told.remove(meetingOn(sync, "2025-06-09"))
    told.schedule(meetingOn(sync, "2025-06-16"))
    told.removeSeries(sync, "2025-07-14")
    change(told, sync, tuesdays)
    assert.deepStrictEqual(
      told
        .slice()
        .intents.map(({ id }) => id)
        .toSorted(),
      [
        `event:${meetingOn(sync, "2025-06-17")}`,
        `exclusion:${meetingOn(sync, "2025-06-10")}`,
        `series-exclusion:2025-07-15:${sync.key}`,
        `series:${sync.key}`
      ]
    )
  })

  it("moves the bot that a chain has made, and the chain goes on behind it", () => {
    const told = story({ events: rowsOf(sync, weekly()), series: [sync] }, early)
    told.scheduleNext(sync, {}, "2025-06-02")
    const before = told.bot(meetingOn(sync, "2025-06-02"))
    change(told, sync, tuesdays)
    assert.strictEqual(told.bot(meetingOn(sync, "2025-06-03"))?.id, before?.id)
    told.at(told.bot(meetingOn(sync, "2025-06-03"))?.joinAt ?? 0)
    told.launched(meetingOn(sync, "2025-06-03"))
    assert.deepStrictEqual(told.starts(), ["2025-06-10T09:00"])
  })

  it("moves the bots of auto-scheduling too", () => {
    const auto = autoSchedule({ enabled: true, seq: 1, coveredUntil: monday + 8 * day })
    const told = story({ events: rowsOf(sync, weekly()), series: [sync], auto }, early)
    told.decide()
    const before = told.slice().bots.map(({ id }) => id)
    assert.strictEqual(before.length, 2)
    change(told, sync, tuesdays)
    assert.deepStrictEqual(told.starts(), ["2025-06-03T09:00", "2025-06-10T09:00"])
    assert.deepStrictEqual(
      told.slice().bots.map(({ id }) => id),
      before
    )
  })

  it("leaves a bot that is being launched to its launch, and makes one for what its occurrence became", () => {
    const told = everyWeek()
    told.at(monday - minute)
    told.launching(meetingOn(sync, "2025-06-02"))
    change(told, sync, tuesdays)
    assert.strictEqual(told.bot(meetingOn(sync, "2025-06-02"))?.status, "Launching")
    assert.strictEqual(told.starts().length, 8)
  })

  it("and back again has what it had", () => {
    const told = everyWeek()
    told.remove(meetingOn(sync, "2025-06-09"))
    const { bots, intents } = told.slice()
    change(told, sync, tuesdays)
    change(told, sync, weekly())
    assert.deepStrictEqual(
      told.slice().intents.toSorted((a, b) => a.seq - b.seq),
      intents.toSorted((a, b) => a.seq - b.seq)
    )
    const facts = (all: typeof bots) =>
      all.map(({ eventId, id, joinAt, meeting, start }) => [id, meeting, eventId, start, joinAt])
    assert.deepStrictEqual(facts(told.slice().bots), facts(bots))
  })
})

describe("a series that changes otherwise", () => {
  it("is moved within its day: dates stay, so keys stay", () => {
    const told = everyWeek()
    const { bots, intents } = told.slice()
    told.at(monday + 2 * hour)
    // At noon: today's occurrence was over at ten, and at three in the afternoon it is ahead again.
    change(told, sync, weekly(["MO"], { startTime: 15 * hour }))
    assert.deepStrictEqual(told.slice().intents, intents)
    assert.deepStrictEqual(
      told.slice().bots.map(({ id, meeting }) => [id, meeting]),
      bots.map(({ id, meeting }) => [id, meeting])
    )
    assert.strictEqual(told.starts()[0], "2025-06-02T13:00")
  })

  it("moves to a zone where its dates have other names: same instants, nothing but names", () => {
    const late = weekly(["MO"], { startTime: 23 * hour })
    const of = series("sync", { timing: late })
    const told = story({ events: rowsOf(of, late), series: [of] }, early)
    told.scheduleAll(of, "2025-06-02", 3)
    const before = told.slice().bots
    // 23:00 in Berlin is 06:00 on Tuesday in Tokyo, summer or not for these three weeks.
    const tokyo = weekly(["TU"], { startTime: 6 * hour, zone: "Asia/Tokyo" })
    change(told, of, tokyo)
    assert.deepStrictEqual(
      told.slice().bots.map(({ id, start }) => [id, start]),
      before.map(({ id, start }) => [id, start])
    )
    assert.deepStrictEqual(
      told.slice().bots.map(({ meeting }) => meeting),
      ["2025-06-03", "2025-06-10", "2025-06-17"].map((date) => meetingOn(of, date))
    )
  })

  it("becomes daily: the k-th bot goes to the k-th day", () => {
    const told = everyWeek()
    const before = told.slice().bots.toSorted((a, b) => a.start - b.start)
    change(told, sync, weekly(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]))
    const after = told.slice().bots.toSorted((a, b) => a.start - b.start)
    assert.deepStrictEqual(
      after.map(({ id }) => id),
      before.map(({ id }) => id)
    )
    assert.strictEqual((after.at(-1)?.start ?? 0) - (after[0]?.start ?? 0), 7 * day)
  })

  it("has fewer dates than before: what has no counterpart ends, and nothing else", () => {
    const told = everyWeek()
    const before = told.slice().bots.toSorted((a, b) => a.start - b.start)
    const rule = {
      kind: "pattern",
      pattern: { kind: "weekly", interval: 1, days: ["TU"], weekStart: "MO" },
      range: { kind: "endDate", endDate: "2025-06-17" }
    } as const
    const decision = change(told, sync, { ...tuesdays, rule })
    assert.deepStrictEqual(told.starts(), ["2025-06-03T09:00", "2025-06-10T09:00", "2025-06-17T09:00"])
    const cancelled = decision.commands.filter(({ kind }) => kind === "cancel")
    assert.strictEqual(cancelled.length, 5)
    assert.isTrue(cancelled.every(({ reason }) => reason === "meeting_deleted"))
    const live = told.slice().bots.filter(({ status }) => status === "Scheduled")
    assert.sameMembers(
      live.map(({ id }) => id),
      before.slice(0, 3).map(({ id }) => id)
    )
  })

  it("is cut short and prolonged again: what was asked for is still asked for", () => {
    const told = everyWeek()
    told.remove(meetingOn(sync, "2025-07-14"))
    const rule = { ...weekly().rule, range: { kind: "endDate", endDate: "2025-06-17" } } as const
    change(told, sync, { ...weekly(), rule } as RecurringSeries)
    assert.strictEqual(told.starts().length, 3)
    change(told, sync, weekly())
    assert.strictEqual(told.starts().length, 7)
    assert.isUndefined(told.bot(meetingOn(sync, "2025-07-14")))
  })

  it("was never wished for: nothing is remembered, and a later intent is not moved by what happened before it", () => {
    const told = story({ events: rowsOf(sync, weekly()), series: [sync] }, early)
    told.decide()
    assert.isNull(told.slice().series[0]?.decidedTiming)
    told.schedule(meetingOn(sync, "2025-06-09"))
    assert.deepStrictEqual(told.slice().series[0]?.decidedTiming, weekly())
    told.remove(meetingOn(sync, "2025-06-09"))
    told.decide((seen) => ({ deleteIntents: seen.intents.map(({ id }) => id) }))
    change(told, sync, tuesdays)
    assert.deepStrictEqual(told.slice().series[0]?.decidedTiming, tuesdays)
    told.schedule(meetingOn(sync, "2025-06-10"))
    assert.deepStrictEqual(told.starts(), ["2025-06-10T09:00"])
  })

  it("begins on another day behind: occurrences counted from there are those that were", () => {
    const of = series("sync", { timing: weekly(["MO", "WE"]) })
    const told = story({ events: rowsOf(of, weekly(["MO", "WE"])), series: [of] }, early)
    // Two from Wednesday, 28 May on: that one, and Monday, 2 June.
    told.scheduleAll(of, "2025-05-28", 2)
    assert.deepStrictEqual(told.starts(), ["2025-06-02T08:00"])
    // Put off to begin on 2 June, it has no 28 May any more; nothing that is ahead has moved.
    change(told, of, weekly(["MO", "WE"], { startDate: "2025-06-02" }))
    assert.deepStrictEqual(told.starts(), ["2025-06-02T08:00"])
    const [intent] = told.slice().intents
    assert.strictEqual(intent?.kind === "series" ? `${intent.fromDate} ${intent.dateCount}` : "", "2025-06-02 1")
  })
})
