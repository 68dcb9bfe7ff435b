/**
 * What the owner of a meeting is told: the code for each way in which one is joined or not, the rule that said so, the
 * sentence, and the steps, of which the last one decided.
 */
import { assert, describe, it } from "@effect/vitest"
import { explain } from "../../src/decide/desired/Explain.ts"
import { sentenceOf } from "../../src/decide/desired/Sentence.ts"
import { type Preview, preview } from "../../src/decide/Preview.ts"
import { enableAutoSchedule } from "../../src/decide/requests/AutoSchedule.ts"
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type { WorkspaceId } from "../../src/domain/Ids.ts"
import type { JoinRule, PolicyRule } from "../../src/domain/JoinRule.ts"
import type { Slice } from "../../src/domain/Slice.ts"
import { noPolicy } from "../../src/domain/Workspace.ts"
import { facts } from "../../testing/rows/Facts.ts"
import { joinRule, policyRule } from "../../testing/rows/Workspace.ts"
import {
  autoSchedule,
  bot,
  connection,
  day,
  event,
  eventIntent,
  exclusion,
  hour,
  monday,
  policy,
  primary,
  recurringIntent,
  series,
  seriesIntent,
  slice
} from "./Rows.ts"

const options = { now: monday, policy }
const on = autoSchedule({ enabled: true, seq: 2, coveredUntil: monday + day })
const rule = (name: string, members: Partial<JoinRule> = {}): JoinRule =>
  joinRule({ id: `rule_${name}`, name, when: {}, then: "skip", bot_config: null, ...members })
const inWorkspace = (rules: ReadonlyArray<PolicyRule>): Slice["workspace"] => ({
  id: "wsp_1" as WorkspaceId,
  policy: { ...noPolicy, rules },
  policyNumber: 1
})

const told = (state: Slice, of: Pick<CalendarEvent, "meeting">) => {
  const explained = explain(state, of.meeting, options)
  return { ...explained, last: explained.reasons.at(-1), sentence: sentenceOf(explained, state.auto) }
}

const standup = event("standup")
const begun = { ...standup, start: monday - hour, end: monday + hour }
const alone = (members: Partial<Slice> = {}, of: Partial<CalendarEvent> = {}): Slice =>
  slice({ events: [{ ...standup, ...of }], auto: on, ...members })
const asked = { intents: [eventIntent(standup.meeting, { seq: 3 })] }
const ruled = (rules: ReadonlyArray<JoinRule>, members: Partial<Slice["auto"]> = {}): Partial<Slice> => ({
  auto: { ...on, rules, ...members }
})
const shut = { workspace: inWorkspace([policyRule({ name: "Closed", when: {} })]) }

/** Code, last step, and whether the meeting got through it. */
const skips: ReadonlyArray<readonly [code: string, step: string, state: Slice]> = [
  ["calendar_not_connected", "connection", alone({ connections: [{ ...connection, status: "disconnected" }] })],
  ["event_cancelled", "cancelled", alone({ ...asked, ...shut }, { isCancelled: true })],
  ["event_cancelled", "calendar", alone({}, { isDeleted: true })],
  ["no_meeting_link", "link", alone(shut, { link: null })],
  ["event_ended", "time", alone(shut, { start: monday - hour, end: monday })],
  ["blocked_by_policy", "lock", alone({ ...asked, ...shut })],
  ["blocked_by_policy", "lock", alone({ ...shut, intents: [exclusion(standup.meeting, { seq: 4 })] })],
  ["removed_by_user", "exclusion", alone({ intents: [exclusion(standup.meeting, { seq: 4 })] })],
  ["not_asked", "intent", alone({ auto: autoSchedule() })],
  [
    "beyond_coverage",
    "intent",
    alone(ruled([rule("no")]), { start: monday + day, end: monday + day + hour, isAllDay: true })
  ],
  ["not_asked", "intent", alone({}, { start: monday, end: monday + hour })],
  ["all_day", "all-day", alone({}, { isAllDay: true, facts: facts({ response: "declined" }) })],
  [
    "declined_by_user",
    "declined",
    alone(ruled([rule("yes", { then: "join" })]), { facts: facts({ response: "declined" }) })
  ],
  ["skipped_by_rule", "rule", alone(ruled([rule("no"), rule("yes", { then: "join" })]))],
  ["skipped_by_rule", "rule", alone({ workspace: inWorkspace([policyRule({ locked: false, when: {} })]) })],
  ["skipped_by_default", "otherwise", alone(ruled([rule("no", { enabled: false })], { otherwise: "skip" }))],
  ["satisfied", "earlier-bot", alone({ ...asked, bots: [bot(standup, { status: "Failed", seq: 3 })] })],
  ["satisfied", "earlier-bot", alone({ bots: [bot(standup, { status: "Launched", origin: "auto", seq: 2 })] })],
  // It goes on, so that auto-scheduling, or nobody any more, would make one now.
  [
    "satisfied",
    "earlier-bot",
    alone(
      { bots: [bot(begun, { status: "Launched", origin: "auto", seq: 2 })] },
      { start: begun.start, end: begun.end }
    )
  ],
  [
    "satisfied",
    "earlier-bot",
    alone(
      { auto: autoSchedule(), bots: [bot(begun, { status: "Failed", origin: "auto", seq: 2 })] },
      { start: begun.start, end: begun.end }
    )
  ],
  ["not_asked", "rule", alone(ruled([rule("secret", { when: { sensitivity: ["private"] } })]), { facts: null })]
]

const weekly = series("weekly")
const occurrence = event("weekly", {
  kind: "occurrence",
  seriesId: weekly.id,
  seriesKey: weekly.key,
  originalDate: "2025-06-02",
  meeting: `on:2025-06-02:${weekly.key}` as CalendarEvent["meeting"],
  family: `on:2025-06-02:${weekly.key}` as CalendarEvent["meeting"]
})
const ofSeries = (intents: Slice["intents"]): Slice =>
  slice({ series: [{ ...weekly, decidedTiming: weekly.timing }], events: [occurrence], intents })

const joins: ReadonlyArray<readonly [code: string, step: string, state: Slice, of: CalendarEvent]> = [
  ["asked_by_hand", "earlier-bot", alone({ ...asked, ...ruled([rule("no")]) }, { isAllDay: true }), standup],
  [
    "asked_by_hand",
    "earlier-bot",
    alone({ intents: [eventIntent(standup.meeting, { seq: 1, origin: "auto" })], ...ruled([rule("no")]) }),
    standup
  ],
  ["series", "earlier-bot", ofSeries([seriesIntent(weekly.key, { fromDate: "2025-06-02" })]), occurrence],
  ["recurring", "earlier-bot", ofSeries([recurringIntent(weekly.key)]), occurrence],
  [
    "joined_by_rule",
    "rule",
    alone(ruled([rule("no", { when: { all_day: true } }), rule("yes", { then: "join" })])),
    standup
  ],
  ["joined_by_default", "otherwise", alone(ruled([rule("no", { when: { all_day: true } })])), standup],
  [
    "joined_by_default",
    "otherwise",
    alone({ bots: [bot(standup, { status: "Launching", origin: "auto", seq: 2 })] }),
    standup
  ],
  // One that stays: what is not known yet neither ends it nor makes one.
  [
    "joined_by_default",
    "rule",
    alone(
      {
        ...ruled([rule("secret", { when: { sensitivity: ["private"] } })]),
        bots: [bot(standup, { origin: "auto", seq: 2 })]
      },
      { facts: null }
    ),
    standup
  ]
]

describe("an explanation", () => {
  it.each(skips)("says %s, by the step %s, where no bot joins", (code, step, state) => {
    const { code: said, last, rule: by, sentence, willJoin } = told(state, standup)
    assert.deepStrictEqual([said, last?.rule, last?.passed, willJoin], [code, step, false, false])
    assert.match(sentence, /^No (?:other )?bot/)
    if (step === "rule" || step === "lock") {
      assert.deepStrictEqual(last?.asked, by)
      assert.include(sentence, `“${by?.name}”`)
    }
  })

  it.each(joins)("says %s, by the step %s, where one joins", (code, step, state, of) => {
    const { code: said, last, reasons, sentence, willJoin } = told(state, of)
    assert.deepStrictEqual([said, last?.rule, willJoin], [code, step, true])
    assert.isTrue(reasons.every(({ passed }) => passed))
    assert.match(sentence, /^A bot joins: /)
  })

  it("says whose rule it was", () => {
    const own = told(alone(ruled([rule("No interviews")])), standup)
    assert.strictEqual(own.sentence, "No bot: your rule “No interviews” skips it.")
    assert.include(told(alone(shut), standup).sentence, "your workspace’s rule “Closed”")
    const { sentence } = told(alone({}, { start: monday, end: monday + hour }), standup)
    assert.include(sentence, "had begun when auto-scheduling came to it")
    assert.strictEqual(told(alone({ auto: autoSchedule() }), standup).sentence, "No bot: nobody asked for one.")
  })

  it("of an undecided meeting says what it waits for", () => {
    const state = alone(ruled([rule("Secrets", { when: { sensitivity: ["private"] } })]), { facts: null })
    assert.strictEqual(
      told(state, standup).sentence,
      "No bot yet: your rule “Secrets” asks for what is not known of the meeting yet."
    )
  })
})

describe("a preview", () => {
  it("names what a lock holds back among what is skipped, within the coverage alone", () => {
    const near = event("near")
    const far = event("far", { start: monday + day + hour })
    const seen = preview(slice({ events: [near, far], ...shut }), (state, at) => enableAutoSchedule(state, at, {}), {
      ...options,
      isWhole: false
    }) as Preview
    assert.deepStrictEqual(
      seen.skipped.map(({ event: each, explained }) => [each.id, explained.code]),
      [[near.id, "blocked_by_policy"]]
    )
    assert.deepStrictEqual([seen.joins, seen.stays], [[], 0])
    assert.strictEqual(near.calendarId, primary)
  })
})
