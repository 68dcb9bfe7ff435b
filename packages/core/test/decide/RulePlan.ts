/**
 * Random rules of a user and of a workspace, few enough to match what a plan has, and facts for them to look at.
 * Decides that about every second user has rules, that some of them ask for what is not known, and that some are locked.
 */
import * as fc from "fast-check"
import type { BotConfig } from "../../src/domain/Bot.ts"
import type { EventFacts } from "../../src/domain/Facts.ts"
import type { JoinRule, PolicyRule, When } from "../../src/domain/JoinRule.ts"
import type { WorkspaceId } from "../../src/domain/Ids.ts"
import { type Workspace, noPolicy } from "../../src/domain/Workspace.ts"
import { facts } from "../../testing/rows/Facts.ts"

/** Null: not known yet. */
export const factsPlan: fc.Arbitrary<EventFacts | null> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(facts()) },
  { weight: 1, arbitrary: fc.constant(facts({ response: "declined" })) },
  { weight: 1, arbitrary: fc.constant(facts({ sensitivity: "private", people: ["eve@other.example"] })) },
  { weight: 1, arbitrary: fc.constant(null) }
)

const whens: ReadonlyArray<When> = [
  {},
  { sensitivity: ["private"] },
  { sensitivity: ["normal"], minutes: { min: 30 } },
  { subject_contains: ["e1", "s2"] },
  { subject_contains: ["e0"], not: { sensitivity: ["private"] } },
  { recurring: true, platform: ["teams"] },
  { not: { recurring: true, all_day: false } },
  { minutes: { max: 30 }, external_people: { max: 0 } },
  { my_response: ["declined"] },
  { hours: { days: ["mo", "tu"], to: "12:00" } }
]

const configs: ReadonlyArray<BotConfig | null> = [null, null, { language: "de" }, { bot_name: null }, { bot_name: "R" }]

/** Of each two of one name: a person may call them so. */
const named = (nth: number, kind: "own" | "policy") => ({ id: `rule_${kind}_${nth}`, name: `rule ${nth % 3}` })

const ruleOf = fc.record({
  when: fc.constantFrom(...whens),
  then: fc.constantFrom("join" as const, "skip" as const),
  enabled: fc.constantFrom(true, true, true, false),
  config: fc.constantFrom(...configs),
  locked: fc.constantFrom(false, false, true)
})

export const rulesPlan: fc.Arbitrary<ReadonlyArray<JoinRule>> = fc
  .oneof(fc.constant([]), fc.array(ruleOf, { maxLength: 4 }))
  .map((rules) =>
    rules.map(({ config, enabled, then, when }, nth) => ({
      ...named(nth, "own"),
      enabled,
      when,
      then,
      bot_config: then === "skip" ? null : config
    }))
  )

const policyRules: fc.Arbitrary<ReadonlyArray<PolicyRule>> = fc.array(ruleOf, { maxLength: 3 }).map((rules) =>
  rules.map(({ config, enabled, locked, then, when }, nth) => ({
    ...named(nth, "policy"),
    enabled,
    // One that nobody passes forbids few, so that there is something left to decide.
    when: locked && Object.keys(when).length === 0 ? { subject_contains: ["e1"] } : when,
    then: locked ? ("skip" as const) : then,
    bot_config: locked || then === "skip" ? null : config,
    locked
  }))
)

export const workspacePlan: fc.Arbitrary<Workspace | null> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(null) },
  {
    weight: 1,
    arbitrary: policyRules.map((rules) => ({
      id: "wsp_1" as WorkspaceId,
      policy: { ...noPolicy, rules },
      policyNumber: 1
    }))
  }
)
