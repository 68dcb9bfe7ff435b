/**
 * Auto-scheduling, sentence by sentence of the contract: what it makes bots for, how far ahead, what it passes over, and
 * what becomes of its bots.
 */
import { assert, describe, it } from "@effect/vitest"
import { extendCoverage } from "../../src/decide/intents/AutoCoverage.ts"
import { disableAutoSchedule, enableAutoSchedule } from "../../src/decide/requests/AutoSchedule.ts"
import type { Request } from "../../src/decide/requests/Change.ts"
import type { AutoSchedule } from "../../src/domain/Intent.ts"
import { facts } from "../../testing/rows/Facts.ts"
import { decided } from "./Decided.ts"
import { committed } from "./Model.ts"
import { at, autoSchedule, bot, day, event, eventIntent, hour, minute, monday, policy } from "./Rows.ts"
import { kindsOf, story } from "./Story.ts"

/** Switched on at `monday`. */
const on: AutoSchedule = extendCoverage(autoSchedule({ enabled: true, seq: 1 }), policy, monday, null)

const made = (decision: { readonly commands: ReadonlyArray<{ readonly kind: string }> }): number =>
  decision.commands.filter(({ kind }) => kind === "create").length

describe("auto-scheduling", () => {
  it("makes bots for meetings whose start lies ahead, up to the end of its coverage", () => {
    const starts: ReadonlyArray<readonly [name: string, start: number, expected: number]> = [
      ["begins now", monday, 0],
      ["begins next", monday + 1, 1],
      ["begins last", monday + day - 1, 1],
      ["begins after", monday + day, 0]
    ]
    for (const [name, start, expected] of starts) {
      assert.strictEqual(made(story({ events: [event(name, { start })], auto: on }).decide()), expected, name)
    }
  })

  it("passes over what has no link, is cancelled, all-day or declined, or has ended", () => {
    const passed = [
      event("unlinked", { link: null }),
      event("cancelled", { isCancelled: true }),
      event("all-day", { isAllDay: true }),
      event("declined", { facts: facts({ response: "declined" }) }),
      event("ended", { start: monday - hour, end: monday }),
      event("deleted", { isDeleted: true })
    ]
    assert.strictEqual(made(story({ events: passed, auto: on }).decide()), 0)
  })

  it("makes one for a meeting that turns up inside the coverage, however soon it begins", () => {
    const told = story({ auto: on })
    told.at(monday + hour)
    assert.strictEqual(made(told.told({ events: [event("sudden", { start: monday + hour + minute })] })), 1)
  })

  it("reaches 24 hours when asked for by hand, and at midnight further by lead and slack", () => {
    assert.strictEqual(on.coveredUntil, monday + day)
    const midnight = at("2025-06-03T00:00:00Z")
    const later = extendCoverage(on, policy, midnight + 5 * minute, midnight)
    assert.strictEqual(later.coveredUntil, midnight + day + policy.leadMillis + policy.autoSlackMillis)
  })

  it("never covers less than before", () => {
    const far = { ...on, coveredUntil: monday + 9 * day }
    assert.strictEqual(extendCoverage(far, policy, monday, monday).coveredUntil, monday + 9 * day)
  })

  it("leaves no gap at midnight: a run that is late takes what began after the coverage before it ended", () => {
    const first = event("before the end", { start: monday + day - minute, end: monday + 2 * day })
    const second = event("after the end", { start: monday + day, end: monday + 2 * day })
    const third = event("over", { start: monday + day, end: monday + day + minute })
    // Nothing ran while the first began: what auto-scheduling had covered then, it had made bots for.
    const told = story({ events: [first, second, third], auto: on, bots: [bot(first, { origin: "auto" })] })
    told.at(monday + day + hour)
    const night = told.decide((seen) => ({
      auto: extendCoverage(seen.auto, policy, told.now(), monday + day),
      graceFrom: seen.auto.coveredUntil
    }))
    assert.deepStrictEqual(
      night.commands.map((command) => command.kind === "create" && command.meeting),
      [second.meeting]
    )
  })

  it("keeps the bot it made when the meeting moves beyond its coverage", () => {
    const standup = event("standup")
    const told = story({ events: [standup], auto: on })
    told.decide()
    told.told({ events: [{ ...standup, start: monday + 9 * day, end: monday + 9 * day + hour }] })
    assert.strictEqual(told.bot(standup)?.status, "Scheduled")
  })

  it("B6: ends the bot it made when the meeting is declined or made all-day, and makes another when it is so no more", () => {
    for (const [members, reason] of [
      [{ facts: facts({ response: "declined" }) }, "declined_by_user"],
      [{ isAllDay: true }, "all_day"]
    ] as const) {
      const standup = event("standup")
      const told = story({ events: [standup], auto: on })
      told.decide()
      told.told({ events: [{ ...standup, ...members }] })
      const [ended] = told.bots(standup)
      assert.deepStrictEqual([ended?.status, ended?.statusReason], ["Cancelled", reason])
      assert.strictEqual(made(told.told({ events: [standup] })), 1)
    }
  })

  it("keeps the bot it made when the server was down at its start", () => {
    const standup = event("standup")
    const told = story({ events: [standup], auto: on })
    told.decide()
    assert.deepStrictEqual(kindsOf(told.at(standup.end - 1)), [])
  })

  it("makes no second bot where one failed", () => {
    const standup = event("standup")
    const told = story({ events: [standup], auto: on })
    told.decide()
    assert.strictEqual(made(told.failed(standup)), 0)
  })

  it("gives its scheduled bots the new configuration, and leaves those that carry an override", () => {
    const standup = event("standup")
    const retro = event("retro")
    const told = story({ events: [standup, retro], auto: on })
    told.decide()
    const pinned = told.bot(retro)
    // What PATCH does with a bot of auto-scheduling.
    told.schedule(retro, pinned?.config ?? {}, "auto")
    told.override(retro, { botName: "By hand" })
    told.decide((seen) => ({ auto: { ...seen.auto, config: { bot_name: "New" } } }))
    assert.deepStrictEqual([told.bot(standup)?.botName, told.bot(retro)?.botName], ["New", "By hand"])
    assert.deepStrictEqual(told.bot(retro)?.config, {})
  })

  it("switched off, cancels what nothing else wants: the use case leaves an intent behind for each bot it is to keep", () => {
    const standup = event("standup")
    const retro = event("retro")
    const told = story({ events: [standup, retro], auto: on })
    told.decide()
    const kept = told.bot(standup)
    const off = told.decide((seen) => ({
      auto: { ...seen.auto, enabled: false },
      putIntents: [eventIntent(standup.meeting, { seq: kept?.seq ?? 0, origin: "auto", config: seen.auto.config })]
    }))
    assert.deepStrictEqual(kindsOf(off), ["cancel: auto_schedule_disabled"])
    assert.deepStrictEqual(told.bot(standup), kept)
  })

  it("switched off and on again, leaves a bot that it kept with the configuration that it had", () => {
    const standup = event("standup")
    const rule = { id: "rule_1", name: "All", enabled: true, when: {}, then: "join" as const }
    const told = story({ events: [standup], auto: { ...on, rules: [{ ...rule, bot_config: { bot_name: "Mine" } }] } })
    told.decide()
    const options = { policy, now: told.now(), isWhole: true, isAll: true }
    const asked: ReadonlyArray<Request<unknown>> = [
      (state) => disableAutoSchedule(state, false),
      (state, when) =>
        enableAutoSchedule(state, when, {
          config: { bot_name: "New" },
          rules: [{ ...rule, then: "skip", bot_config: null }]
        }),
      (state) => disableAutoSchedule(state, false)
    ]
    for (const request of asked) {
      told.set(committed(told.slice(), decided(told.slice(), request, options).commit))
      assert.strictEqual(told.bot(standup)?.botName, "Mine")
    }
  })
})
