/**
 * What PATCH changed on one meeting, sentence by sentence of the contract: merged over whatever is below, moved with the
 * meeting, kept over a cancellation, ended by a removal.
 */
import { assert, describe, it } from "@effect/vitest"
import { mergeMembers } from "../../src/rules/MergeConfig.ts"
import { explain } from "../../src/decide/desired/Explain.ts"
import { event, hour, minute, monday, policy } from "./Rows.ts"
import { story } from "./Story.ts"

const standup = event("standup")

const patched = () => {
  const told = story({ events: [standup] })
  told.schedule(standup, { bot_name: "Ada's", record: true, custom_attributes: { team: "blue", room: 7 } })
  told.override(standup, {
    joinOffsetMillis: -10 * minute,
    config: { record: null, language: "de" },
    customAttributes: { room: 8 }
  })
  return told
}

describe("an override", () => {
  it("is merged over the configuration, member by member; null removes", () => {
    const bot = patched().bot(standup)
    assert.deepStrictEqual(bot?.config, {
      bot_name: "Ada's",
      language: "de",
      custom_attributes: { team: "blue", room: 7 }
    })
    assert.deepStrictEqual(bot?.customAttributes, {
      source: "calendar_integration",
      event_id: standup.providerId,
      event_summary: "standup",
      team: "blue",
      room: 8
    })
  })

  it("keeps the join time as an offset from the start: when the meeting moves, the bot moves with it", () => {
    const told = patched()
    assert.strictEqual(told.bot(standup)?.joinAt, standup.start - 10 * minute)
    told.told({ events: [{ ...standup, start: standup.start + hour, end: standup.end + hour }] })
    assert.strictEqual(told.bot(standup)?.joinAt, standup.start + hour - 10 * minute)
  })

  it("moves the schedule alone when only the join time was changed", () => {
    const told = story({ events: [standup] })
    told.schedule(standup)
    const decision = told.override(standup, { joinOffsetMillis: 5 * minute })
    assert.deepStrictEqual(
      decision.commands.map(({ reason }) => reason),
      ["join_time_changed"]
    )
  })

  it("joins as any bot does while its time would lie past the end, says so, and keeps the time for later", () => {
    const told = story({ events: [standup] })
    told.schedule(standup)
    told.override(standup, { joinOffsetMillis: 40 * minute })
    const said = () =>
      explain(told.slice(), standup.meeting, { policy, now: told.now() }).reasons.find(
        ({ rule }) => rule === "join-time"
      )
    assert.strictEqual(told.bot(standup)?.joinAt, standup.start + 40 * minute)
    assert.deepInclude(said(), { field: "join_offset", value: 40 * minute, passed: true })
    for (const length of [40 * minute, 30 * minute]) {
      told.told({ events: [{ ...standup, end: standup.start + length }] })
      assert.strictEqual(told.bot(standup)?.joinAt, standup.start - minute)
      assert.deepInclude(said(), { field: "join_offset_past_end", value: 40 * minute })
    }
    told.told({ events: [standup] })
    assert.strictEqual(told.bot(standup)?.joinAt, standup.start + 40 * minute)
  })

  it("survives a cancellation and return", () => {
    const told = patched()
    const before = told.bot(standup)
    told.told({ events: [{ ...standup, isCancelled: true }] })
    told.told({ events: [standup] })
    const after = told.bot(standup)
    assert.notStrictEqual(after?.id, before?.id)
    assert.deepStrictEqual([after?.joinAt, after?.config], [before?.joinAt, before?.config])
  })

  it("stands over the intent that takes the meeting over", () => {
    const told = patched()
    told.schedule(standup, { record: true, quality: "high" })
    assert.deepStrictEqual(told.bot(standup)?.config, { quality: "high", language: "de" })
  })

  it("ends with the user's removal", () => {
    const told = patched()
    told.remove(standup)
    told.schedule(standup)
    assert.strictEqual(told.bot(standup)?.joinAt, standup.start - minute)
    assert.deepStrictEqual(told.bot(standup)?.config, {})
  })

  it("names the bot before its configuration does, and a blank name is none", () => {
    const told = story({ events: [standup] })
    told.schedule(standup, { bot_name: "  " })
    assert.strictEqual(told.bot(standup)?.botName, "Punctual Bot")
    told.override(standup, { config: { bot_name: "Configured" } })
    assert.strictEqual(told.bot(standup)?.botName, "Configured")
    told.override(standup, { botName: "By hand", config: { bot_name: "Configured" } })
    assert.strictEqual(told.bot(standup)?.botName, "By hand")
  })

  it("treats every member as data", () => {
    const hostile: Record<string, unknown> = JSON.parse('{"__proto__": {"bot_name": "evil"}, "constructor": null}')
    const merged = mergeMembers({ constructor: 1, kept: null }, hostile)
    assert.deepStrictEqual(Object.entries(merged), [
      ["kept", null],
      ["__proto__", { bot_name: "evil" }]
    ])
    assert.isUndefined(merged["bot_name"])
  })

  it("does not care when a join time is decided: the present never enters it", () => {
    const told = patched()
    const before = told.bot(standup)
    told.at(monday + 30 * minute)
    assert.deepStrictEqual(told.bot(standup), before)
  })
})
