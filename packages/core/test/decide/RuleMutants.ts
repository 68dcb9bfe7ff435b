/**
 * Mistakes in judging by rules that its laws must notice. As `Mutants.ts`.
 */
import type { Mutant } from "./Mutants.ts"
import * as LockLaws from "./LockLaws.ts"
import * as RuleLaws from "./RuleLaws.ts"
import * as WritingLaws from "./WritingLaws.ts"

const locks: ReadonlyArray<Mutant> = [
  {
    name: "what the user removed is asked before what the workspace locks",
    file: "decide/desired/Judge.ts",
    search: "time, lock, exclusion, served, intent]",
    replace: "time, exclusion, lock, served, intent]",
    law: WritingLaws.explained
  },
  {
    name: "a lock does not hold where it asks for what is not known",
    file: "decide/desired/Ruling.ts",
    search: "locks.find((rule) => matches(rule, facts) !== false)",
    replace: "locks.find((rule) => matches(rule, facts) === true)",
    law: LockLaws.locked,
    seed: 7
  },
  {
    name: "a lock that is switched off holds",
    file: "decide/desired/Ruling.ts",
    search: "own.filter(({ enabled, locked }) => enabled && locked)",
    replace: "own.filter(({ locked }) => locked)",
    law: LockLaws.locked
  },
  {
    name: "what was asked for by hand passes a lock",
    file: "decide/desired/Judge.ts",
    search: "  verdict: ({ context, event }) => {\n    const rule = event === null ? null : lockOn",
    replace:
      '  verdict: ({ context, event, winning }) => {\n    const rule = event === null || winning.intent?.origin === "manual" ? null : lockOn',
    law: LockLaws.locked
  },
  {
    name: "a bot in its meeting is not taken out by a lock",
    file: "decide/requests/Withdraw.ts",
    search: ' || reason === "blocked_by_policy"',
    replace: "",
    law: LockLaws.locked
  },
  {
    name: "a request does not ask the workspace's locks",
    file: "decide/requests/ScheduleEvent.ts",
    search: "?? policyOf(state)(event)",
    replace: "",
    law: LockLaws.locked
  },
  {
    name: "nobody is told which rule ended a bot",
    file: "decide/reconcile/Reconcile.ts",
    search: "...(rule === undefined ? {} : { rule }) })",
    replace: "})",
    law: LockLaws.locked
  }
]

const rules: ReadonlyArray<Mutant> = [
  {
    name: "the last rule that matches decides",
    file: "decide/desired/Ruling.ts",
    search: "for (const rule of rules) {",
    replace: "for (const rule of rules.toReversed()) {",
    law: RuleLaws.firstMatch
  },
  {
    name: "the workspace's rules go before the user's",
    file: "decide/desired/Ruling.ts",
    search: "[...auto.rules, ...own.filter(({ locked }) => !locked)]",
    replace: "[...own.filter(({ locked }) => !locked), ...auto.rules]",
    law: RuleLaws.firstMatch
  },
  {
    name: "a rule that is switched off counts",
    file: "decide/desired/Ruling.ts",
    search: "].filter(({ enabled }) => enabled),",
    replace: "],",
    law: RuleLaws.firstMatch
  },
  {
    name: "a rule that asks for what is not known is passed over",
    file: "decide/desired/Ruling.ts",
    search: "if (isMatch === false) continue",
    replace: "if (isMatch !== true) continue",
    law: RuleLaws.firstMatch,
    seed: 69
  },
  {
    name: "declined goes before all-day",
    file: "decide/desired/Ruling.ts",
    search: 'if (event.isAllDay) return { kind: "skip", code: "all_day", rule: null }',
    replace: 'if (event.isAllDay && !isOut) return { kind: "skip", code: "all_day", rule: null }',
    law: RuleLaws.firstMatch,
    seed: 44
  },
  {
    name: "what no rule matches is joined, whatever is set",
    file: "decide/desired/Ruling.ts",
    search: '  return auto.otherwise === "join"\n',
    replace: "  return auto.enabled\n",
    law: RuleLaws.firstMatch,
    seed: 6
  },
  {
    name: "an undecided rule makes a bot",
    file: "decide/desired/Judge.ts",
    search: "const asItIs = { ...intent, config, isCreatable: false }",
    replace: "const asItIs = { ...intent, config }",
    law: RuleLaws.firstMatch,
    seed: 69
  },
  {
    name: "an undecided rule takes from a bot what another had given it",
    file: "decide/desired/Judge.ts",
    search: "(live?.config ?? intent.config)",
    replace: "intent.config",
    law: RuleLaws.endsAndReturns,
    seed: 50
  },
  {
    name: "a declined meeting keeps its bot",
    file: "decide/desired/Ruling.ts",
    search: 'if (isOut) return { kind: "skip", code: "declined_by_user", rule: null }\n',
    replace: "",
    law: RuleLaws.endsAndReturns,
    seed: 4
  },
  {
    name: "bots are kept under the default configuration when auto-scheduling is switched off",
    file: "decide/requests/AutoSchedule.ts",
    search: 'keepBots(state, "auto", null)',
    replace: 'keepBots(state, "auto", auto.config)',
    law: RuleLaws.keptAsTheyAre
  },
  {
    name: "what rules ended comes back when auto-scheduling is switched off",
    file: "decide/requests/AutoSchedule.ts",
    search: "putIntents, deleteIntents: judgedOut(state) }",
    replace: "putIntents }",
    law: RuleLaws.keptAsTheyAre,
    seed: 6
  },
  {
    name: "bots that were kept are judged by the rules of later",
    file: "decide/desired/Precedence.ts",
    search: "index.state.auto.enabled && seq >= index.state.auto.seq",
    replace: "index.state.auto.enabled && seq >= 0",
    law: RuleLaws.keptAsTheyAre
  }
]

const previews: ReadonlyArray<Mutant> = [
  {
    name: "a preview of a policy is made by the one that stands",
    file: "decide/PolicyPreview.ts",
    search: "const under = { ...slice, workspace }",
    replace: "const under = { ...slice, workspace: slice.workspace ?? workspace }",
    law: LockLaws.previewedPolicy
  },
  {
    name: "a preview of a policy leaves out bots that it takes out of their meetings",
    file: "decide/PolicyPreview.ts",
    search: "leaves: [...told.leaves, ...takenOut(under, options)]",
    replace: "leaves: told.leaves",
    law: LockLaws.previewedPolicy
  },
  {
    name: "a meeting that two slices hold is told twice",
    file: "decide/PolicyPreview.ts",
    search: "return [...new Map(found).values()].toSorted(byStart)",
    replace: "return found.map(([, each]) => each).toSorted(byStart)",
    law: LockLaws.previewedPolicy
  },
  {
    name: "a preview tells reasons by the rules there were",
    file: "decide/Preview.ts",
    search: "indexState({ ...before, auto })",
    replace: "indexState(before)",
    law: RuleLaws.previewed
  },
  {
    name: "a preview counts bots that go among those that stay",
    file: "decide/Preview.ts",
    search: " && !touched.has(id)\n",
    replace: "\n",
    law: RuleLaws.previewed
  },
  {
    name: "a preview leaves out what nothing joins",
    file: "decide/Preview.ts",
    search: '  "skipped_by_default"\n',
    replace: "",
    law: RuleLaws.previewed
  }
]

export const ruleMutants: ReadonlyArray<Mutant> = [...locks, ...rules, ...previews]
