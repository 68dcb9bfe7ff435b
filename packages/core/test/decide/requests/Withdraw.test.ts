/**
 * Which bots past hand-over are called back, and that a meeting whose bot is known to be gone gets another.
 */
import { assert, describe, it } from "@effect/vitest"
import { decide } from "../../../src/decide/Decide.ts"
import { changing } from "../../../src/decide/requests/Change.ts"
import { noteWithdrawal, withdrawReason, withdrawReasonOf } from "../../../src/decide/requests/Withdraw.ts"
import { currentState } from "../../../src/decide/reschedule/SeriesChange.ts"
import { Refusal } from "../../../src/domain/Refusal.ts"
import type { MeetingLink } from "../../../src/links/Link.ts"
import { decided } from "../Decided.ts"
import { committed } from "../Model.ts"
import { event, hour, monday, policy, teams, zoom } from "../Rows.ts"
import { story } from "../Story.ts"

const review = event("review")

const launched = (members: Parameters<typeof event>[1] = {}) => {
  const told = story({ events: [{ ...review, ...members }] })
  told.schedule(review)
  told.at(review.start)
  told.launched(review)
  const [bot] = told.bots(review)
  if (bot === undefined) throw new Error("no bot")
  return { told, bot, why: () => withdrawReason(told.slice(), bot, { policy, now: told.now() }) }
}

describe("what calls a bot back", () => {
  it("is a meeting that does not take place; never what a user removed, unlinked or deselected", () => {
    const bot = { end: 100, link: zoom }
    assert.isNull(withdrawReasonOf(bot, { kind: "over" }))
    for (const reason of ["removed_by_user", "link_removed", "calendar_deselected", "no_longer_wanted"] as const) {
      assert.isNull(withdrawReasonOf(bot, { kind: "unwanted", reason }))
    }
    for (const reason of ["meeting_cancelled", "meeting_deleted"] as const) {
      assert.strictEqual(withdrawReasonOf(bot, { kind: "unwanted", reason }), reason)
    }
  })

  it("is a link to another meeting, not another passcode, whoever asked for the bot", () => {
    const { bot, told, why } = launched()
    assert.isNull(why())
    const passcode: MeetingLink = { ...teams, url: teams.url.replace("p=a", "p=b") }
    told.told({ events: [{ ...review, link: passcode }] })
    assert.isNull(why())
    told.told({ events: [{ ...review, link: zoom }] })
    assert.strictEqual(why(), "link_changed")
    // Made by a rule that makes no bot for a meeting which has begun.
    const auto = { ...bot, origin: "auto" as const }
    const left = { ...told.slice(), intents: [], bots: [auto] }
    assert.strictEqual(withdrawReason(left, auto, { policy, now: told.now() }), "link_changed")
  })

  it("is a start after the end it was launched for, and no other move", () => {
    const { told, why } = launched()
    told.told({ events: [{ ...review, start: review.start + 1, end: review.end + hour }] })
    assert.isNull(why())
    told.told({ events: [{ ...review, start: review.end, end: review.end + hour }] })
    assert.strictEqual(why(), "meeting_moved")
  })
})

describe("B7: a bot in its meeting, beside which another of its UID is made", () => {
  const mine = { ...event("mine", { iCalUid: "one@example.com" }), providerId: "b" }
  const other = {
    ...event("other", { iCalUid: "one@example.com", start: mine.start + hour, end: mine.end + hour }),
    providerId: "a",
    link: zoom
  }
  const told = story({ events: [mine] })
  told.schedule(mine)
  told.at(mine.start)
  told.launched(mine)
  const [bot] = told.bots(mine)
  // Told, and not decided yet: one key for both.
  const slice = { ...told.slice(), events: [other, ...told.slice().events] }
  const now = told.now()

  it("stays, whatever the other's link is", () => {
    assert.isDefined(bot)
    if (bot === undefined) return
    assert.strictEqual(other.meeting, mine.meeting)
    assert.isNull(withdrawReason(currentState(slice, now), bot, { policy, now }))
    const gone = { ...slice, bots: [], intents: [] }
    assert.isNull(withdrawReason(currentState(gone, now), bot, { policy, now }))
  })

  it("is noted once, as its meeting is called by then, and leaves nothing to the other", () => {
    assert.isDefined(bot)
    if (bot === undefined) return
    const note = decide(
      slice,
      changing((state, at) => noteWithdrawal(state, at, bot, "link_changed", "withdrawn")),
      { policy, now, isWhole: false }
    )
    const { decision } = note instanceof Refusal ? assert.fail(note.detail) : note
    const written = decision.commit.bots?.filter((write) => write.bot.id === bot.id) ?? []
    assert.deepStrictEqual(
      written.map((write) => [write.bot.statusReason, write.bot.meeting === mine.meeting, write.expected]),
      [["link_changed", false, bot.revision]]
    )
    const after = committed(slice, decision.commit)
    const meetings = after.intents.flatMap((intent) => ("meeting" in intent ? [intent.meeting] : []))
    assert.deepStrictEqual(meetings, [written[0]?.bot.meeting])
  })
})

describe("a bot that was called back", () => {
  it("is noted in the decision that gives its meeting another", () => {
    const { bot, told } = launched()
    told.told({ events: [{ ...review, link: zoom }] })
    const now = told.now()
    const noted = { ...bot, statusReason: "link_changed" as const, revision: bot.revision + 1 }
    const decision = decided(told.slice(), { noted: [noted] }, { policy, now, isWhole: false })
    assert.deepStrictEqual(
      decision.commit.bots?.map(({ bot: { status }, expected }) => [status, expected]),
      [
        ["Launched", bot.revision],
        ["Scheduled", null]
      ]
    )
    const after = committed(told.slice(), decision.commit)
    assert.deepStrictEqual(
      after.bots.map(({ link, status }) => [status, link.platform]),
      [
        ["Launched", "teams"],
        ["Scheduled", "zoom"]
      ]
    )
    assert.isAtLeast(now, monday)
  })

  it("gets no other while the service would not take it back", () => {
    const { bot, told } = launched()
    told.told({ events: [{ ...review, link: zoom }] })
    const noted = { ...bot, statusReason: "call_back_refused" as const, revision: bot.revision + 1 }
    const decision = decided(told.slice(), { noted: [noted] }, { policy, now: told.now(), isWhole: false })
    assert.deepStrictEqual(decision.commands, [])
  })
})
