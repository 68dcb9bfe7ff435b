/** B1, B2: what is done next about a bot, by what is known of it and what the bot service can do. */
import { assert, describe, it } from "@effect/vitest"
import type { Verdict } from "../../../src/decide/desired/Verdict.ts"
import { answered, givenUp } from "../../../src/decide/launch/LaunchAnswer.ts"
import { launchStep } from "../../../src/decide/launch/LaunchStep.ts"
import type { Bot, LaunchState } from "../../../src/domain/Bot.ts"
import type { CalendarId } from "../../../src/domain/Ids.ts"
import { bot, hour, now } from "../../../testing/contract/store/Rows.ts"
import { botIdOf } from "../../../testing/contract/store/Users.ts"
import type { UserId } from "../../../src/domain/Ids.ts"

const launch: LaunchState = {
  leaseUntil: now,
  attempts: 1,
  retryAt: null,
  mayHaveSucceeded: true,
  openUntil: now + 5_000,
  takenBack: null,
  owner: null
}

const inDoubt = (members: Partial<Bot> = {}, state: Partial<LaunchState> = {}): Bot => ({
  ...bot(botIdOf("usr_a" as UserId, "a"), "a", "cal" as CalendarId, { start: now, end: now + hour }),
  status: "Launching",
  launch: { ...launch, ...state },
  ...members
})

const off: Verdict = { kind: "unwanted", reason: "meeting_cancelled" }
const over: Verdict = { kind: "over" }
const service = (can: string) => ({
  replays: can.includes("replays"),
  lookup: can.includes("lookup"),
  withdraw: can.includes("withdraw")
})
const stepOf = (row: Bot, verdict: Verdict, can: string) =>
  launchStep(row, verdict, { capabilities: service(can), now, pausedUntil: null }).kind

describe("B1 a bot in doubt whose meeting is off", () => {
  it.each([
    ["replays withdraw", "repeat"],
    ["replays", "wait"],
    ["lookup withdraw", "look-up"],
    ["lookup", "look-up"],
    ["lookup replays withdraw", "look-up"],
    ["withdraw", "wait"],
    ["", "wait"]
  ])("at a service that can %j: %s", (can, kind) => {
    assert.strictEqual(stepOf(inDoubt(), off, can), kind)
  })

  it("is withdrawn by the id that is known, and never just cancelled before its meeting ends", () => {
    assert.strictEqual(stepOf(inDoubt({ externalId: "theirs" }), off, "replays withdraw"), "withdraw")
    assert.strictEqual(stepOf(inDoubt({ end: now }), off, "replays withdraw"), "give-up")
    assert.strictEqual(stepOf(inDoubt({}, { mayHaveSucceeded: false }), off, "replays withdraw"), "cancel")
  })

  it("is handed over where it is wanted again and known to be there", () => {
    assert.strictEqual(stepOf(inDoubt({ externalId: "theirs" }), over, "replays withdraw"), "launched")
  })

  it("says that it may have been there where nobody ever told", () => {
    assert.deepInclude(givenUp(inDoubt({ statusMessage: "502" }), null), { status: "Failed", launch: null })
    const cancelled = givenUp(inDoubt({ statusMessage: "502" }), "removed_by_user")
    assert.deepInclude(cancelled, { status: "Cancelled", statusReason: "removed_by_user" })
    assert.match(cancelled.statusMessage ?? "", /may have been in the meeting.*502/)
  })
})

describe("B2 what the service said", () => {
  const options = {
    now,
    askedAt: now,
    pauseMillis: 1_000,
    leaseMillis: 60_000,
    wasInDoubt: true,
    capabilities: service("lookup withdraw")
  }
  const after = (row: Bot, answer: Parameters<typeof answered>[2], can = "lookup withdraw") =>
    answered(row, row.launch ?? launch, answer, { ...options, capabilities: service(can) })
  const there = { kind: "there", externalId: "theirs" } as const

  it("is that it has the bot: handed over, or kept in mind where it is to go", () => {
    assert.deepInclude(after(inDoubt(), there), { status: "Launched", externalId: "theirs", launch: null })
    const going = after(inDoubt({}, { takenBack: "removed_by_user" }), there)
    assert.deepInclude(going, { status: "Launching", externalId: "theirs" })
    assert.strictEqual(going.launch?.retryAt, now)
  })

  it("is that it has the bot, and will not give it back: it stays, and that is said", () => {
    const stays = after(inDoubt({}, { takenBack: "removed_by_user" }), there, "replays")
    assert.deepInclude(stays, { status: "Launched", statusReason: "call_back_refused", launch: null })
  })

  it("is that it has none: believed once every call must have arrived", () => {
    const early = after(inDoubt(), { kind: "absent" })
    assert.deepInclude(early.launch, { mayHaveSucceeded: true, retryAt: now + 5_000 })
    const later = after(inDoubt({}, { openUntil: now }), { kind: "absent" })
    assert.deepInclude(later.launch, { mayHaveSucceeded: false, retryAt: now })
  })

  it("is that it had none when it was asked: a process that stood still since then asks again", () => {
    const row = inDoubt({}, { openUntil: now })
    const old = answered(row, row.launch ?? launch, { kind: "absent" }, { ...options, askedAt: now - 1 })
    assert.deepInclude(old.launch, { mayHaveSucceeded: true, retryAt: now })
  })

  it("is no answer: in doubt, also where only an earlier call may have succeeded", () => {
    const refused = { kind: "later", afterMillis: null, definite: true, message: "busy" } as const
    assert.isTrue(after(inDoubt(), refused).launch?.mayHaveSucceeded)
    const first = answered(inDoubt(), launch, refused, { ...options, wasInDoubt: false })
    assert.isFalse(first.launch?.mayHaveSucceeded)
    const lost = answered(inDoubt(), launch, { ...refused, definite: false }, { ...options, wasInDoubt: false })
    assert.isTrue(lost.launch?.mayHaveSucceeded)
  })

  it("is that the bot is out, or is not: that is noted, unless it is wanted again and still there", () => {
    const out = { kind: "taken-back", isOut: true, reason: "meeting_cancelled", words: "withdrawn" } as const
    const row = inDoubt({ externalId: "theirs" }, { takenBack: "removed_by_user" })
    assert.deepInclude(after(row, out), { status: "Cancelled", statusReason: "removed_by_user" })
    assert.deepInclude(after(inDoubt({ externalId: "theirs" }), { ...out, isOut: false, words: "too_late" }), {
      status: "Launched",
      statusReason: null
    })
  })
})
