/** What is read of a launch before its time, and what proves at its time that it still holds. */
import { assert, describe, it } from "@effect/vitest"
import { type Foresight, afterLaunch, foresee, foreseenCall, isFresh } from "../../src/decide/Foresight.ts"
import { launchLimits } from "../../src/domain/Limits.ts"
import type { Slice } from "../../src/domain/Slice.ts"
import { type UserNumbers, areSameNumbers } from "../../src/domain/UserNumbers.ts"
import type { WorkspaceId } from "../../src/domain/Ids.ts"
import { expand } from "../../src/recurrence/Expand.ts"
import { decided } from "./Decided.ts"
import { committed } from "./Model.ts"
import { eventIntent, recurringIntent, event, hour, listed, monday, policy, series, slice } from "./Rows.ts"

const standup = event("standup")
const other = event("other", { start: monday + hour })
const joinAt = standup.start - policy.leadMillis
const now = joinAt - launchLimits.readAheadMillis
const capabilities = { replays: true, lookup: false, withdraw: true }

/** The slice once it is decided. */
const settled = (members: Partial<Slice>): Slice => {
  const before = slice({ decided: 1, ...members })
  return committed(before, decided(before, {}, { policy, now: monday, isWhole: true }).commit)
}

const asked = settled({
  events: [standup, other],
  intents: [eventIntent(standup.meeting), eventIntent(other.meeting)]
})
const ids = asked.bots.map(({ id }) => id)
const first = asked.bots.find(({ meeting }) => meeting === standup.meeting)
assert(first !== undefined)

const foreseen = (of: Slice = asked, at = now): Foresight => {
  const found = foresee(of, [first.id], { policy, now: at }).get(first.id)
  return found ?? assert.fail("nothing is foreseen")
}

describe("what is foreseen", () => {
  it("is each bot that is named, scheduled and wanted, with what it was read by", () => {
    const found = foresee(asked, ids, { policy, now })
    assert.deepStrictEqual([...found.keys()].toSorted(), ids.toSorted())
    const { bot, isLast, numbers, pausedUntil, readAt, subject, wanted } = foreseen()
    assert.deepStrictEqual([bot, isLast, pausedUntil, readAt, subject], [first, true, null, now, "standup"])
    assert.strictEqual(wanted.joinAt, joinAt)
    assert.deepStrictEqual(numbers, { version: 11, mirrorNumber: 1, workspaceId: null, policyNumber: 0 })
    assert.deepStrictEqual([...foresee(asked, [first.id], { policy, now }).keys()], [first.id])
  })

  const members: Readonly<Record<string, Partial<Slice>>> = {
    "who lags": { decided: 0 },
    "who has nothing connected": { connections: asked.connections.map((row) => ({ ...row, status: "disconnected" })) },
    "whose meeting is cancelled": { events: [{ ...standup, isCancelled: true }, other] },
    "whose meeting has moved": { events: [{ ...standup, start: standup.start + 1, end: standup.end + 1 }, other] },
    "who asks for none": { intents: [] },
    "whose calendar is not selected": { calendars: asked.calendars.map((row) => ({ ...row, selected: false })) },
    "whose bot is on its way": { bots: asked.bots.map((row) => ({ ...row, status: "Launching" })) }
  }
  it.each(Object.entries(members))("is nothing of a user %s", (_, each) => {
    assert.isEmpty(foresee({ ...asked, ...each }, ids, { policy, now }))
  })

  it("says whether a chain goes on once the bot is launched", () => {
    const daily = series("daily")
    const dates = expand(daily.timing ?? assert.fail("no timing"), monday, monday + 21 * 24 * hour, 3)
    const events = dates.map((date) => listed(daily, date))
    const chain = settled({ series: [daily], events, intents: [recurringIntent(daily.key)] })
    const [bot] = chain.bots
    assert(bot !== undefined, "the first of the chain")
    const found = foresee(chain, [bot.id], { policy, now: bot.joinAt - 1_000 }).get(bot.id)
    assert.isFalse(found?.isLast)
  })
})

describe("a claim by what was foreseen", () => {
  const at = (instant: number, of: Foresight = foreseen()) =>
    foreseenCall(of, { now: instant, capabilities })?.kind ?? null

  it("is a first call, not before the join time, nor when the meeting is over", () => {
    assert.strictEqual(at(joinAt), "call")
    assert.isNull(at(joinAt - 1))
    assert.isNull(at(standup.end, foreseen(asked, standup.end - 1_000)))
    assert.strictEqual(at(standup.end - 1, foreseen(asked, standup.end - 1_000)), "call")
  })

  it("is by what was read half a minute ago at most", () => {
    const read = foreseen(asked, joinAt - launchLimits.proofMillisMax)
    assert.strictEqual(at(joinAt, read), "call")
    assert.isNull(at(joinAt + 1, read))
    assert.deepStrictEqual([isFresh(read, joinAt), isFresh(read, joinAt + 1)], [true, false])
  })

  it("waits for the end of a pause that was read", () => {
    const paused = foreseen({ ...asked, pausedUntil: joinAt + 1_000 })
    assert.isNull(at(joinAt + 999, paused))
    assert.strictEqual(at(joinAt + 1_000, paused), "call")
  })
})

describe("users' numbers", () => {
  const numbers: UserNumbers = { version: 1, mirrorNumber: 2, workspaceId: "wsp_a" as WorkspaceId, policyNumber: 3 }
  it.each<[string, Partial<UserNumbers>]>([
    ["version", { version: 2 }],
    ["mirror number", { mirrorNumber: 3 }],
    ["workspace", { workspaceId: "wsp_b" as WorkspaceId }],
    ["workspace, none", { workspaceId: null }],
    ["policy number", { policyNumber: 4 }]
  ])("differ by %s", (_, members) => {
    assert.isTrue(areSameNumbers(numbers, { ...numbers }))
    assert.isFalse(areSameNumbers(numbers, { ...numbers, ...members }))
  })

  it("say what is to be done once the bot is launched", () => {
    const of = foreseen()
    const changed = { ...of.numbers, version: of.numbers.version + 1 }
    assert.strictEqual(afterLaunch(of, { status: "Launched" }, of.numbers), "nothing")
    assert.strictEqual(afterLaunch({ ...of, isLast: false }, { status: "Launched" }, of.numbers), "foreseen")
    assert.strictEqual(afterLaunch(of, { status: "Launched" }, changed), "look")
    assert.strictEqual(afterLaunch(of, { status: "Launched" }, null), "look")
    assert.strictEqual(afterLaunch(of, { status: "Failed" }, of.numbers), "look")
  })
})
