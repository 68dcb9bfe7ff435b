/**
 * Laws of matching, for any rule and event: a second reading says the same; the order of members means nothing (C13); what is
 * decided without an event's facts is decided so with any.
 */
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect } from "effect"
import type { JoinRule } from "../../src/domain/JoinRule.ts"
import { lookedAt, matches } from "../../src/rules/Matches.ts"
import { factsOf } from "../../src/rules/RuleFacts.ts"
import * as Arbitraries from "../../testing/Arbitraries.ts"
import { naiveMatches } from "./NaiveReading.ts"

const inputs = { each: Arbitraries.ruleCase }

const proving = process.env["PROVE"] === "1"

/** The second reading is what mistakes in single members show against: it is tried most. */
const runs = proving ? 50_000 : 500
const readings = proving ? 100_000 : 3_000

const reversed = <A extends object>(members: A): A => Object.fromEntries(Object.entries(members).toReversed()) as A

describe("matching, for any rule and event", () => {
  it.prop(
    "says what a second reading says",
    inputs,
    ({ each: { event, known, rule } }) => {
      assert.strictEqual(matches(rule, factsOf(event, known)), naiveMatches(rule, event, known))
    },
    { arbitrary: { runs: readings } }
  )

  it.prop(
    "C13: the order of members inside a rule means nothing",
    inputs,
    ({ each: { event, known, rule } }) => {
      const { not, ...own } = rule.when
      const when = not === undefined ? reversed(own) : { not: reversed(not), ...reversed(own) }
      const other: JoinRule = { ...reversed(rule), when }
      const facts = factsOf(event, known)
      assert.strictEqual(matches(other, facts), matches(rule, facts))
      assert.deepStrictEqual(lookedAt(other, facts), lookedAt(rule, facts))
    },
    { arbitrary: { runs } }
  )

  it.prop(
    "decides without facts only what every fact would leave so",
    { ...inputs, facts: Arbitraries.eventFacts },
    ({ each: { event, known, rule }, facts }) => {
      const without = matches(rule, factsOf({ ...event, facts: null }, known))
      const withFacts = matches(rule, factsOf({ ...event, facts }, known))
      assert.isNotNull(withFacts)
      if (without !== null) assert.strictEqual(withFacts, without)
    },
    { arbitrary: { runs } }
  )

  it.prop(
    "says with the member that decided what it said without naming it",
    inputs,
    ({ each: { event, known, rule } }) => {
      const facts = factsOf(event, known)
      const { field } = lookedAt(rule, facts)
      if (field === "when") return assert.deepStrictEqual(rule.when, {})
      const [first = "", second] = field.split(".")
      assert.isTrue(Object.hasOwn(rule.when, first), field)
      if (second !== undefined) assert.isTrue(Object.hasOwn(rule.when.not ?? {}, second), field)
      // Alone, what decided decides the same.
      const { not, ...own } = rule.when
      const alone = Object.fromEntries(
        Object.entries(first === "not" ? { not } : own).filter(([name]) => name === first)
      )
      assert.strictEqual(matches({ ...rule, when: alone }, facts), matches(rule, facts))
    },
    { arbitrary: { runs } }
  )

  it.effect("is tried on rules that match, miss and are undecided", () =>
    Effect.gen(function* () {
      const cases = yield* Arbitrary.sampleEffect(Arbitraries.ruleCase, { count: 600, seed: 1 })
      const answers = cases.map(({ event, known, rule }) => matches(rule, factsOf(event, known)))
      for (const answer of [true, false, null]) {
        assert.isAbove(answers.filter((other) => other === answer).length, 30, `${answer}`)
      }
    })
  )
})
