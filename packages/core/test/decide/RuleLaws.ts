/**
 * The laws of judging by rules: C11 and C13, and what becomes of auto-scheduling's bots as their meetings change. As in
 * `Laws.ts`.
 */
import { assert } from "@effect/vitest"
import type { AutoSettings } from "../../src/decide/requests/AutoSchedule.ts"
import type { Verdict } from "../../src/decide/desired/Verdict.ts"
import type { Preview } from "../../src/decide/Preview.ts"
import type { Bot } from "../../src/domain/Bot.ts"
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type { JoinRule } from "../../src/domain/JoinRule.ts"
import type { Slice } from "../../src/domain/Slice.ts"
import { facts } from "../../testing/rows/Facts.ts"
import type { Subject } from "./Arbitraries.ts"
import type { Deciding } from "./Code.ts"
import { decided, isRefused } from "./Decided.ts"
import type { Law } from "./Laws.ts"
import { type Luck, luckOf } from "./Luck.ts"
import { committed } from "./Model.ts"
import { naiveLock, naiveRuling } from "./RuleReading.ts"
import { settled } from "./Settled.ts"

const isLive = ({ status }: Bot): boolean => status === "Scheduled" || status === "Launching"

/** Whether auto-scheduling's rules were asked: nothing asked for by hand stands before them, nor a bot that was kept. */
const isRuled = (code: Deciding, state: Slice, verdict: Verdict, meeting: Bot["meeting"], at: Subject): boolean => {
  if (verdict.kind === "over") return false
  const { reasons } = code.explain(state, meeting, at)
  if (!reasons.some(({ passed, rule }) => rule === "intent" && passed)) return false
  return !state.intents.some(
    (intent) =>
      reasons.some(({ intent: id, rule }) => rule === "intent" && id === intent.id) &&
      !(intent.kind === "event" && intent.origin === "auto" && intent.seq >= state.auto.seq && state.auto.enabled)
  )
}

/** The same rules, whose members come in another order. */
const rewritten = <R extends JoinRule>(rules: ReadonlyArray<R>, chance: Luck): ReadonlyArray<R> =>
  rules.map((rule) => ({ ...rule, when: Object.fromEntries(chance.shuffled(Object.entries(rule.when))) }))

export const firstMatch: Law = {
  name: "C13 first match wins: all-day, declined, the user's rules, the workspace's, the rest; in whatever order a rule's members stand",
  holds: (code, subject) => {
    const { luck, now, policy, slice } = subject
    const state = code.currentState(slice, now)
    const verdicts = code.desired(state, { now, policy })
    for (const [meeting, verdict] of verdicts) {
      if (!isRuled(code, state, verdict, meeting, subject)) continue
      const { code: said, rule: by, verdict: same } = code.explain(state, meeting, { now, policy })
      assert.deepStrictEqual(same, verdict)
      const event = eventOf(state, verdict, meeting)
      if (event === null) continue
      const expected = naiveRuling(code, state, event)
      const rule = expected.rule === null ? null : { id: expected.rule.id, name: expected.rule.name }
      switch (expected.code) {
        case "join":
          assert.deepInclude(verdict, { kind: "wanted" })
          if (verdict.kind === "wanted") assert.deepStrictEqual(verdict.bot.rule, rule)
          break
        case "undecided":
          assert.isTrue(verdict.kind === "wanted" && !verdict.bot.isCreatable)
          break
        default:
          assert.deepStrictEqual(
            { verdict, said, by },
            {
              verdict: { kind: "unwanted", reason: expected.code, ...(rule === null ? {} : { rule }) },
              said: expected.code,
              by: rule
            }
          )
      }
    }
    const chance = luckOf(luck)
    const { auto, workspace } = state
    const own = workspace?.policy.rules ?? []
    const policyToo =
      workspace === null
        ? {}
        : { workspace: { ...workspace, policy: { ...workspace.policy, rules: rewritten(own, chance) } } }
    const again = { ...state, auto: { ...auto, rules: rewritten(auto.rules, chance) }, ...policyToo }
    assert.deepStrictEqual(code.desired(again, { now, policy }), verdicts)
  }
}

/** The copy that was judged, where there is no doubt which: a series in a second calendar may have a virtual one. */
const eventOf = (state: Slice, verdict: Verdict, meeting: Bot["meeting"]): CalendarEvent | null => {
  if (verdict.kind === "wanted") return verdict.bot.event
  const copies = state.events.filter((each) => each.meeting === meeting)
  const [first = null] = copies
  const ofSeries = state.series.filter(({ key }) => key === first?.seriesKey)
  return copies.length === 1 && ofSeries.length <= 1 ? first : null
}

const someSettings = ({ luck, slice }: Subject): AutoSettings => {
  const chance = luckOf(luck + 7)
  const rules = chance.shuffled(slice.auto.rules)
  return (
    chance.oneOf<AutoSettings>([
      {},
      { otherwise: "skip" },
      { otherwise: "join", config: { bot_name: "Other" } },
      { rules },
      { rules: rules.slice(1), config: {} },
      { rules: rules.map((rule) => ({ ...rule, enabled: !rule.enabled })) }
    ]) ?? {}
  )
}

/** What a bot looks like. */
const looks = ({ botName, calendarId, config, customAttributes, eventId, origin, seq }: Bot): string =>
  JSON.stringify({ botName, calendarId, config, customAttributes, eventId, origin, seq })

/** What a preview tells of a state is what became of it. */
export const toldAsDone = (seen: Preview, slice: Slice, after: Slice): void => {
  const was = new Map(slice.bots.map((bot) => [bot.id, bot]))
  const of = (rows: ReadonlyArray<Bot>): ReadonlyArray<string> => rows.map(({ meeting }) => meeting).toSorted()
  const kept = after.bots.filter((bot) => was.get(bot.id)?.status === "Scheduled")
  assert.deepStrictEqual(meetings(seen.joins), of(after.bots.filter(({ id }) => !was.has(id))))
  assert.deepStrictEqual(meetings(seen.leaves), of(kept.filter(({ status }) => status === "Cancelled")))
  const changed = kept.filter((bot) => bot.status === "Scheduled" && looks(bot) !== looks(was.get(bot.id) ?? bot))
  assert.deepStrictEqual(meetings(seen.changes), of(changed))
  const same = kept.filter(({ id, origin, revision }) => origin === "auto" && revision === was.get(id)?.revision)
  assert.strictEqual(seen.stays, same.length)
}

const meetings = (rows: Preview["joins"]): ReadonlyArray<string> => rows.map(({ event }) => event.meeting).toSorted()

export const previewed: Law = {
  name: "C11 a preview says what applying it at that instant does, and by which rule",
  holds: (code, subject) => {
    const { now, policy } = subject
    // What is not decided yet may have lost its event's row, and so has no line in a preview.
    const slice = settled(code, subject.slice, subject)
    const settings = someSettings(subject)
    const options = { now, policy, isWhole: false }
    const seen = code.preview(slice, (state, at) => code.enableAutoSchedule(state, at, settings), options)
    const applied = decided(slice, (state, at) => code.enableAutoSchedule(state, at, settings), options, code)
    if (isRefused(seen)) throw seen
    const after = committed(slice, applied.commit)
    toldAsDone(seen, slice, after)
    assert.deepStrictEqual(seen.auto, after.auto)
    const state = code.currentState(after, now)
    for (const { event, explained } of seen.joins) {
      const then = code.explain(state, event.meeting, { now, policy })
      assert.deepStrictEqual([then.code, then.rule, then.willJoin], [explained.code, explained.rule, true])
    }
    for (const { event } of seen.skipped) {
      assert.isFalse(after.bots.some((bot) => bot.meeting === event.meeting && bot.status === "Scheduled"))
    }
    const skipped = new Set(meetings(seen.skipped))
    for (const meeting of new Set(state.events.map((event) => event.meeting))) {
      const { code: said } = code.explain(state, meeting, { now, policy })
      const isLooked = ["all_day", "declined_by_user", "skipped_by_rule", "skipped_by_default"].includes(said)
      if (isLooked) assert.isTrue(skipped.has(meeting), said)
    }
  }
}

/** What may become of a meeting that auto-scheduling joins, and the reason that its bot ends for; null: it stays. */
const turns: ReadonlyArray<readonly [edit: (event: CalendarEvent) => Partial<CalendarEvent>, reason: string | null]> = [
  [() => ({ isAllDay: true }), "all_day"],
  [(event) => ({ facts: { ...(event.facts ?? facts()), response: "declined" as const } }), "declined_by_user"],
  [(event) => ({ facts: { ...(event.facts ?? facts()), sensitivity: "confidential" as const } }), "skipped_by_rule"],
  [() => ({ facts: null }), null]
]

const confidential: JoinRule = {
  id: "rule_confidential",
  name: "Confidential",
  enabled: true,
  when: { sensitivity: ["confidential"] },
  then: "skip",
  bot_config: null
}

export const endsAndReturns: Law = {
  name: "a bot of auto-scheduling ends when its meeting is declined, all-day or skipped by a rule, stays while a rule is undecided, and comes back",
  holds: (code, subject) => {
    const { luck, now, policy, slice } = subject
    const chance = luckOf(luck + 3)
    const first = { ...slice, auto: { ...slice.auto, rules: [confidential, ...slice.auto.rules] } }
    const start = settled(code, first, subject)
    const state = code.currentState(start, now)
    const held = [...code.desired(state, { now, policy })].flatMap(([meeting, verdict]) => {
      const bot = state.bots.find((each) => each.meeting === meeting && each.status === "Scheduled")
      const isOwn =
        verdict.kind === "wanted" && !verdict.bot.event.isVirtual && isRuled(code, state, verdict, meeting, subject)
      const isKnown = isOwn && naiveRuling(code, state, verdict.bot.event).code === "join"
      return bot !== undefined && isKnown && verdict.bot.isCreatable ? [{ bot, event: verdict.bot.event }] : []
    })
    const one = chance.oneOf(held)
    const turn = chance.oneOf(turns)
    if (one === undefined || turn === undefined) return
    const [edit, reason] = turn
    // What is not known, or turned so, may be locked: that is another law's.
    if (naiveLock(start, { ...one.event, ...edit(one.event) }) !== null) return
    const copies = (edited: (event: CalendarEvent) => CalendarEvent): Slice => ({
      ...start,
      events: start.events.map((event) => (event.meeting === one.event.meeting ? edited(event) : event))
    })
    const turned = settled(
      code,
      copies((event) => ({ ...event, ...edit(event) })),
      subject
    )
    const bot = turned.bots.find(({ id }) => id === one.bot.id)
    if (reason === null) {
      assert.deepStrictEqual(bot, one.bot)
      return
    }
    assert.deepStrictEqual([bot?.status, bot?.statusReason], ["Cancelled", reason])
    if (reason === "skipped_by_rule") assert.include(bot?.statusMessage, "“Confidential”")
    assert.isFalse(turned.bots.some((each) => each.meeting === one.event.meeting && each.status === "Scheduled"))
    const back = settled(code, { ...turned, events: start.events }, subject)
    const again = back.bots.find((each) => each.meeting === one.event.meeting && each.status === "Scheduled")
    assert.strictEqual(again === undefined ? null : looks(again), looks(one.bot))
  }
}

/**
 * Ids of intents hold the meeting, so that a second one for it replaces the first. Where a plan gives it two all the same,
 * the one that stood behind the other while auto-scheduling was on may be the later one once it is off.
 */
const hasOneIntent = ({ intents }: Slice, meeting: Bot["meeting"]): boolean =>
  intents.filter((intent) => intent.kind === "event" && intent.meeting === meeting).length <= 1

export const keptAsTheyAre: Law = {
  name: "switched off, auto-scheduling's bots stay as they are, and are judged by no rule, also once it is on again",
  holds: (code, subject) => {
    const { now, policy, slice } = subject
    const start = settled(code, slice, subject)
    if (!start.auto.enabled) return
    const options = { now, policy, isWhole: true, isAll: true }
    const state = code.currentState(start, now)
    const bots = start.bots.filter(
      ({ meeting, origin, status }) =>
        origin === "auto" &&
        status === "Scheduled" &&
        hasOneIntent(start, meeting) &&
        code.explain(state, meeting, { now, policy }).willJoin
    )
    const off = committed(
      start,
      decided(start, (state) => code.disableAutoSchedule(state, false), options, code).commit
    )
    const skipAll: JoinRule = { ...confidential, id: "rule_all", when: {} }
    const on = committed(
      off,
      decided(off, (state, at) => code.enableAutoSchedule(state, at, { rules: [skipAll] }), options, code).commit
    )
    for (const bot of bots) {
      for (const each of [off, on]) {
        const kept = each.bots.find(({ id }) => id === bot.id)
        assert.deepStrictEqual([kept?.status, kept && looks(kept)], ["Scheduled", looks(bot)])
      }
      assert.strictEqual(code.explain(code.currentState(on, now), bot.meeting, { now, policy }).code, "asked_by_hand")
    }
    const undone = on.bots.filter(
      (bot) => isLive(bot) && bot.origin === "auto" && !start.bots.some(({ id }) => id === bot.id)
    )
    assert.deepStrictEqual(undone, [])
  }
}

export const ruleLaws: ReadonlyArray<Law> = [firstMatch, previewed, endsAndReturns, keptAsTheyAre]
