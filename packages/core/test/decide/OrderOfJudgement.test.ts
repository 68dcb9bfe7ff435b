/**
 * The order of judgement, by example: all that can decide about one meeting, first to last, and of each two neighbours that the
 * first decides where both would.
 * The meeting is an occurrence of a weekly series, an hour ahead. Where nothing is said of it, auto-scheduling joins it.
 */
import { assert, describe, it } from "@effect/vitest"
import { explain } from "../../src/decide/desired/Explain.ts"
import type { JoinCode, Reason, SkipCode } from "../../src/decide/desired/Verdict.ts"
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type { WorkspaceId } from "../../src/domain/Ids.ts"
import type { AutoSchedule, Intent } from "../../src/domain/Intent.ts"
import type { JoinRule, PolicyRule } from "../../src/domain/JoinRule.ts"
import type { Slice } from "../../src/domain/Slice.ts"
import { noPolicy } from "../../src/domain/Workspace.ts"
import { facts } from "../../testing/rows/Facts.ts"
import { joinRule, policyRule } from "../../testing/rows/Workspace.ts"
import {
  autoSchedule,
  bot,
  calendar,
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

/** What is so of the meeting. Each has members of its own, so that any two can be so at once. */
interface Case {
  readonly name: string
  readonly code: JoinCode | SkipCode
  /** The step that decides, by the name it is told by. */
  readonly step: Reason["rule"]
  /** The rule that is named as the reason. */
  readonly rule?: string
  readonly of?: Partial<CalendarEvent>
  readonly slice?: Partial<Slice>
  readonly auto?: Partial<AutoSchedule>
  readonly intent?: Intent
  readonly own?: JoinRule
  readonly workspace?: PolicyRule
}

const weekly = series("weekly")
const standup = event("weekly", {
  kind: "occurrence",
  seriesId: weekly.id,
  seriesKey: weekly.key,
  originalDate: "2025-06-02",
  meeting: `on:2025-06-02:${weekly.key}` as CalendarEvent["meeting"],
  family: `on:2025-06-02:${weekly.key}` as CalendarEvent["meeting"]
})

const rule = (name: string, then: JoinRule["then"]): JoinRule =>
  joinRule({ id: name, name, when: { recurring: true }, then, bot_config: null })

const cases: ReadonlyArray<Case> = [
  {
    name: "nothing is connected",
    code: "calendar_not_connected",
    step: "connection",
    slice: { connections: [{ ...connection, status: "disconnected" }] }
  },
  {
    name: "its calendar is not selected",
    code: "calendar_not_connected",
    step: "calendar",
    slice: { calendars: [calendar(primary, { selected: false })] }
  },
  { name: "it is cancelled", code: "event_cancelled", step: "cancelled", of: { isCancelled: true } },
  { name: "it has no link", code: "no_meeting_link", step: "link", of: { link: null } },
  { name: "it has ended", code: "event_ended", step: "time", of: { start: monday - hour, end: monday } },
  {
    name: "the workspace has locked it out",
    code: "blocked_by_policy",
    step: "lock",
    rule: "Closed",
    workspace: policyRule({ id: "Closed", name: "Closed", when: { recurring: true } })
  },
  {
    name: "its user has removed its bot",
    code: "removed_by_user",
    step: "exclusion",
    intent: exclusion(standup.meeting, { seq: 9 })
  },
  {
    name: "its bot has been there",
    code: "satisfied",
    step: "earlier-bot",
    slice: { bots: [bot(standup, { status: "Launched", seq: 3 })] }
  },
  {
    name: "it was asked for by hand",
    code: "asked_by_hand",
    step: "earlier-bot",
    intent: eventIntent(standup.meeting, { seq: 3 })
  },
  {
    name: "all of its series was asked for",
    code: "series",
    step: "earlier-bot",
    intent: seriesIntent(weekly.key, { id: "all", fromDate: "2025-06-02", seq: 3 })
  },
  {
    name: "each next one of its series was asked for",
    code: "recurring",
    step: "earlier-bot",
    intent: recurringIntent(weekly.key, { id: "next", seq: 3 })
  },
  { name: "auto-scheduling is off", code: "not_asked", step: "intent", auto: { enabled: false } },
  {
    name: "auto-scheduling has not come as far",
    code: "beyond_coverage",
    step: "intent",
    auto: { coveredUntil: monday + 1 }
  },
  { name: "it lasts whole days", code: "all_day", step: "all-day", of: { isAllDay: true } },
  {
    name: "its user has declined it",
    code: "declined_by_user",
    step: "declined",
    of: { facts: facts({ response: "declined" }) }
  },
  {
    name: "a rule of the user's skips it",
    code: "skipped_by_rule",
    step: "rule",
    rule: "Mine",
    own: rule("Mine", "skip")
  },
  {
    name: "a later rule of the user's joins it",
    code: "joined_by_rule",
    step: "rule",
    rule: "Mine too",
    own: rule("Mine too", "join")
  },
  {
    name: "a rule of the workspace's skips it",
    code: "skipped_by_rule",
    step: "rule",
    rule: "Ours",
    workspace: policyRule({ ...rule("Ours", "skip"), locked: false })
  },
  { name: "the rest is skipped", code: "skipped_by_default", step: "otherwise", auto: { otherwise: "skip" } },
  { name: "nothing else is said", code: "joined_by_default", step: "otherwise" }
]

const withAll = <A extends object>(row: A, members: ReadonlyArray<Partial<A> | undefined>): A =>
  Object.assign({}, row, ...members) as A

/** With these of all cases, the meeting is judged so. */
const judgedWith = (chosen: ReadonlyArray<Case>) => {
  const rules = chosen.flatMap(({ workspace }) => workspace ?? [])
  const state = slice({
    series: [{ ...weekly, decidedTiming: weekly.timing }],
    events: [
      withAll(
        standup,
        chosen.map((each) => each.of)
      )
    ],
    ...withAll<Partial<Slice>>(
      {},
      chosen.map((each) => each.slice)
    ),
    auto: {
      ...withAll(
        autoSchedule({ enabled: true, seq: 2, coveredUntil: monday + day }),
        chosen.map((each) => each.auto)
      ),
      rules: chosen.flatMap(({ own }) => own ?? [])
    },
    intents: chosen.flatMap(({ intent }) => intent ?? []),
    workspace: { id: "wsp_1" as WorkspaceId, policy: { ...noPolicy, rules }, policyNumber: 1 }
  })
  const { code, reasons, rule: by } = explain(state, standup.meeting, { now: monday, policy })
  return { code, step: reasons.at(-1)?.rule, rule: by?.name ?? null }
}

const saying = ({ code, rule: name, step }: Case) => ({
  code,
  step,
  rule: name ?? null
})

/** Each code that there is; the compiler says which is missing. */
const codes = {
  calendar_not_connected: true,
  event_cancelled: true,
  no_meeting_link: true,
  event_ended: true,
  blocked_by_policy: true,
  removed_by_user: true,
  satisfied: true,
  asked_by_hand: true,
  series: true,
  recurring: true,
  not_asked: true,
  beyond_coverage: true,
  all_day: true,
  declined_by_user: true,
  skipped_by_rule: true,
  joined_by_rule: true,
  skipped_by_default: true,
  joined_by_default: true
} as const satisfies Record<JoinCode | SkipCode, true>

describe("a meeting is judged by the first of these that is so", () => {
  it.each(cases.map((each, place) => [place + 1, each.name, each.code, each] as const))(
    "%d. %s: %s",
    (_, __, ___, each) => {
      assert.deepStrictEqual(judgedWith([each]), saying(each))
    }
  )

  it.each(cases.slice(1).map((later, place) => [(cases[place] as Case).name, later.name, place] as const))(
    "“%s” is asked before “%s”",
    (_, __, place) => {
      const [first, later] = cases.slice(place) as [Case, Case]
      assert.deepStrictEqual(judgedWith([first, later]), saying(first))
    }
  )

  it("and each code is one's", () => {
    assert.deepStrictEqual([...new Set(cases.map(({ code }) => code))].toSorted(), Object.keys(codes).toSorted())
  })

  it("and by no other, whatever else is so", () => {
    // The meeting at its worst: one thing is put right after the other.
    for (const [place, each] of cases.entries()) {
      assert.deepStrictEqual(judgedWith(cases.slice(place)), saying(each), each.name)
    }
  })
})
