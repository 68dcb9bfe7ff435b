/**
 * One meeting and one bot, sentence by sentence of the contract: by hand, moved, cancelled, linked, removed, launched.
 */
import { assert, describe, it } from "@effect/vitest"
import { facts } from "../../testing/rows/Facts.ts"
import { autoSchedule, bot, calendar, day, event, hour, minute, monday, primary, teams, zoom } from "./Rows.ts"
import { kindsOf, story } from "./Story.ts"

const standup = event("standup")

describe("a bot asked for by hand", () => {
  it("joins a minute before the start", () => {
    const told = story({ events: [standup] })
    assert.deepStrictEqual(kindsOf(told.schedule(standup, { bot_name: "Ada's" })), ["create: wanted"])
    const made = told.bot(standup)
    assert.strictEqual(made?.joinAt, standup.start - minute)
    assert.strictEqual(made?.status, "Scheduled")
    assert.strictEqual(made?.origin, "manual")
    assert.strictEqual(made?.botName, "Ada's")
    assert.deepStrictEqual(made?.link, teams)
    assert.deepStrictEqual(made?.customAttributes, {
      source: "calendar_integration",
      event_id: standup.providerId,
      event_summary: "standup"
    })
  })

  it("joins a meeting that has begun: its join time has passed and means at once", () => {
    const running = event("running", { start: monday - 10 * minute })
    const told = story({ events: [running] })
    told.schedule(running)
    assert.strictEqual(told.bot(running)?.joinAt, running.start - minute)
  })

  it("is not made for what was cancelled, has no link, has ended, or is gone", () => {
    const hopeless = [
      event("cancelled", { isCancelled: true }),
      event("unlinked", { link: null }),
      event("ended", { start: monday - hour, end: monday }),
      event("deleted", { isDeleted: true })
    ]
    for (const each of hopeless) {
      const told = story({ events: [each] })
      assert.deepStrictEqual(kindsOf(told.schedule(each)), [], each.subject)
    }
  })

  it("is made for a meeting that lasts a millisecond longer", () => {
    const ending = event("ending", { start: monday - hour, end: monday + 1 })
    const told = story({ events: [ending] })
    assert.deepStrictEqual(kindsOf(told.schedule(ending)), ["create: wanted"])
  })

  it("is made for all-day meetings and those the user declined: who asks is meant", () => {
    for (const members of [{ isAllDay: true }, { facts: facts({ response: "declined" }) }]) {
      const each = event("odd", members)
      assert.deepStrictEqual(kindsOf(story({ events: [each] }).schedule(each)), ["create: wanted"])
    }
  })

  it("takes over the bot of auto-scheduling in place: same bot, new configuration", () => {
    const auto = autoSchedule({ enabled: true, seq: 1, config: { bot_name: "Auto" }, coveredUntil: monday + day })
    const told = story({ events: [standup], auto })
    told.decide()
    const before = told.bot(standup)
    assert.strictEqual(before?.origin, "auto")
    assert.deepStrictEqual(kindsOf(told.schedule(standup, { bot_name: "Mine" })), ["reconfigure: origin_changed"])
    const after = told.bot(standup)
    assert.strictEqual(after?.id, before?.id)
    assert.deepStrictEqual([after?.origin, after?.botName, after?.joinAt], ["manual", "Mine", before?.joinAt])
  })
})

describe("a meeting that changes", () => {
  const scheduled = () => {
    const told = story({ events: [standup] })
    told.schedule(standup)
    return told
  }

  it("moves, and its bot moves with it: one move, never a new bot", () => {
    const told = scheduled()
    const before = told.bot(standup)
    const moved = { ...standup, start: standup.start + 3 * hour, end: standup.end + 3 * hour }
    assert.deepStrictEqual(kindsOf(told.told({ events: [moved] })), ["move: meeting_moved"])
    const after = told.bot(standup)
    assert.strictEqual(after?.id, before?.id)
    assert.strictEqual(after?.joinAt, moved.start - minute)
    assert.strictEqual(after?.schedule.wanted, (before?.schedule.wanted ?? 0) + 1)
  })

  it("lasts longer: the scheduler need not know", () => {
    const told = scheduled()
    assert.deepStrictEqual(kindsOf(told.told({ events: [{ ...standup, end: standup.end + hour }] })), [
      "move: meeting_moved"
    ])
    assert.strictEqual(told.bot(standup)?.schedule.wanted, 1)
  })

  it("moves to where it has ended already: its bot is cancelled, and comes back when it is moved back", () => {
    const told = scheduled()
    const past = { ...standup, start: monday - day, end: monday - day + hour }
    assert.deepStrictEqual(kindsOf(told.told({ events: [past] })), ["cancel: meeting_moved_to_past"])
    assert.deepStrictEqual(kindsOf(told.told({ events: [standup] })), ["create: wanted"])
  })

  it("moves to a start that has passed and an end that has not: it is joined now", () => {
    const told = scheduled()
    const running = { ...standup, start: monday - minute, end: monday + minute }
    assert.deepStrictEqual(kindsOf(told.told({ events: [running] })), ["move: meeting_moved"])
    assert.isBelow(told.bot(standup)?.joinAt ?? Infinity, monday)
  })

  it("is cancelled, and un-cancelled: the bot goes and comes again", () => {
    const told = scheduled()
    assert.deepStrictEqual(kindsOf(told.told({ events: [{ ...standup, isCancelled: true }] })), [
      "cancel: meeting_cancelled"
    ])
    assert.strictEqual(told.bots(standup)[0]?.statusReason, "meeting_cancelled")
    assert.deepStrictEqual(kindsOf(told.told({ events: [standup] })), ["create: wanted"])
  })

  it("is deleted", () => {
    const told = scheduled()
    assert.deepStrictEqual(kindsOf(told.told({ events: [{ ...standup, isDeleted: true }] })), [
      "cancel: meeting_deleted"
    ])
  })

  it("loses its link and gets it back: the bot returns", () => {
    const told = scheduled()
    assert.deepStrictEqual(kindsOf(told.told({ events: [{ ...standup, link: null }] })), ["cancel: link_removed"])
    assert.deepStrictEqual(kindsOf(told.told({ events: [standup] })), ["create: wanted"])
  })

  it("gets another link: the bot joins the new one", () => {
    const told = scheduled()
    assert.deepStrictEqual(kindsOf(told.told({ events: [{ ...standup, link: zoom }] })), ["change-link: link_changed"])
    assert.deepStrictEqual(told.bot(standup)?.link, zoom)
  })

  it("ends while its bot is still scheduled: what is left is the launch protocol's", () => {
    const told = scheduled()
    assert.deepStrictEqual(kindsOf(told.at(standup.end)), [])
    assert.strictEqual(told.bot(standup)?.status, "Scheduled")
  })

  it("begins while its bot is still scheduled: the bot stays", () => {
    const told = scheduled()
    assert.deepStrictEqual(kindsOf(told.at(standup.end - 1)), [])
  })
})

describe("a removal", () => {
  it("stays: neither auto-scheduling nor a later sync brings the bot back", () => {
    const auto = autoSchedule({ enabled: true, seq: 1, coveredUntil: monday + day })
    const told = story({ events: [standup], auto })
    told.decide()
    assert.deepStrictEqual(kindsOf(told.remove(standup)), ["cancel: removed_by_user"])
    assert.deepStrictEqual(kindsOf(told.told({ events: [{ ...standup, start: standup.start + minute }] })), [])
    assert.deepStrictEqual(
      kindsOf(told.decide((seen) => ({ auto: { ...seen.auto, coveredUntil: monday + 2 * day } }))),
      []
    )
  })

  it("counts when there is no bot at the moment", () => {
    const auto = autoSchedule({ enabled: true, seq: 1 })
    const told = story({ events: [standup], auto })
    assert.deepStrictEqual(kindsOf(told.remove(standup)), [])
    assert.deepStrictEqual(kindsOf(told.decide((seen) => ({ auto: { ...seen.auto, coveredUntil: monday + day } }))), [])
  })

  it("ends with a later explicit request", () => {
    const told = story({ events: [standup] })
    told.schedule(standup)
    told.remove(standup)
    assert.deepStrictEqual(kindsOf(told.schedule(standup)), ["create: wanted"])
  })
})

describe("a bot past `Scheduled`", () => {
  it("answers for its own start: no second one is made for it", () => {
    const told = story({ events: [standup] })
    told.schedule(standup)
    told.launched(standup)
    assert.deepStrictEqual(kindsOf(told.schedule(standup)), [])
    const later = { ...standup, start: standup.end - 1, end: standup.end + hour }
    assert.deepStrictEqual(kindsOf(told.told({ events: [later] })), [])
  })

  it("answers for no start after the end it was launched for", () => {
    const told = story({ events: [standup] })
    told.schedule(standup)
    told.launched(standup)
    const later = { ...standup, start: standup.end, end: standup.end + hour }
    assert.deepStrictEqual(kindsOf(told.told({ events: [later] })), ["create: wanted"])
  })

  it("leaves nothing to do to the bot of a meeting that moved away and back", () => {
    const told = story({ events: [standup] })
    told.schedule(standup)
    told.launched(standup)
    told.told({ events: [{ ...standup, start: standup.end + hour, end: standup.end + 2 * hour }] })
    assert.deepStrictEqual(kindsOf(told.told({ events: [standup] })), ["cancel: no_longer_wanted"])
    assert.deepStrictEqual(
      told.bots(standup).map(({ status }) => status),
      ["Launched", "Cancelled"]
    )
  })

  it("is looked at again once its launch is settled", () => {
    const told = story({ events: [standup] })
    told.schedule(standup)
    told.launching(standup)
    const later = { ...standup, start: standup.end, end: standup.end + hour }
    assert.deepStrictEqual(kindsOf(told.told({ events: [later] })), [])
    assert.deepStrictEqual(kindsOf(told.launched(standup)), ["create: wanted"])
  })

  it("that failed satisfies its intent, until the user asks again", () => {
    const told = story({ events: [standup] })
    told.schedule(standup)
    assert.deepStrictEqual(kindsOf(told.failed(standup)), [])
    assert.deepStrictEqual(kindsOf(told.schedule(standup)), ["create: wanted"])
    assert.deepStrictEqual(kindsOf(told.failed(standup)), [])
  })
})

describe("a connection", () => {
  it("that must be authorised again keeps its bots", () => {
    const told = story({ events: [standup] })
    told.schedule(standup)
    const [connection] = told.slice().connections
    assert.isDefined(connection)
    assert.deepStrictEqual(
      kindsOf(told.set({ connections: [{ ...connection, status: "reauthorization_required" }] })),
      []
    )
    assert.deepStrictEqual(kindsOf(told.set({ connections: [{ ...connection, status: "disconnected" }] })), [
      "cancel: calendar_disconnected"
    ])
  })

  it("keeps nothing of a calendar that is deselected", () => {
    const told = story({ events: [standup], bots: [bot(standup)] })
    told.schedule(standup)
    assert.deepStrictEqual(kindsOf(told.set({ calendars: [calendar(primary, { selected: false })] })), [
      "cancel: calendar_deselected"
    ])
  })
})
