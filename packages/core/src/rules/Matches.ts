/**
 * Whether a rule matches an event, and what of the event said so.
 *
 * Decides how members come together. All must match; one that surely misses makes the whole miss, whatever is not known
 * yet; otherwise one that is not known leaves it undecided. `not` turns the answer of its own members around.
 */
import type { Conditions, JoinRule } from "../domain/JoinRule.ts"
import { type FactValue, conditionOf, memberNames } from "./Conditions.ts"
import type { RuleFacts } from "./RuleFacts.ts"

/** What decided: a member of the rule, as `not.people` where it stands in `not`, and what the event has for it. */
export interface LookedAt {
  /** `when`: the rule asks for nothing; `not`: its `not` does. */
  readonly field: string
  readonly value: FactValue
}

/**
 * Whether a rule matches an event. Null: undecided, since a fact that it asks for is not known yet. Whether the rule is
 * enabled is not looked at.
 *
 * `rule`: from `parseRules` or the store. `facts`: from `factsOf`. Never fails.
 *
 * @example
 * const long: JoinRule = { id: "r1", name: "Long", enabled: true, when: { minutes: { min: 60 } }, then: "join", bot_config: null }
 * matches(long, factsOf(event, known)) // true for an hour, false for half of one
 */
export const matches = (rule: JoinRule, facts: RuleFacts): boolean | null => allHold(askedBy(rule), facts)

/**
 * The member that decided: of a miss the first that missed, of a match the last that was asked, of an undecided rule the
 * first whose fact is not known. They are asked in an order of their own, not in the one they are written in.
 */
export const lookedAt = (rule: JoinRule, facts: RuleFacts): LookedAt =>
  decidingOf(askedBy(rule), facts) ?? { field: "when", value: null }

interface Asked {
  readonly holds: (facts: RuleFacts) => boolean | null
  readonly lookedAt: (facts: RuleFacts) => LookedAt
}

/** Rules are values: what one asks is worked out once, for as long as somebody has it. */
const known = new WeakMap<JoinRule, ReadonlyArray<Asked>>()

const askedBy = (rule: JoinRule): ReadonlyArray<Asked> => {
  let asked = known.get(rule)
  if (asked === undefined) {
    const { not } = rule.when
    asked = [...membersOf(rule.when, ""), ...(not === undefined ? [] : [negated(membersOf(not, "not."))])]
    known.set(rule, asked)
  }
  return asked
}

const membersOf = (conditions: Conditions, prefix: string): ReadonlyArray<Asked> =>
  memberNames.flatMap((member) => {
    const condition = conditionOf(member, conditions)
    if (condition === null) return []
    const { holds, valueIn } = condition
    return [{ holds, lookedAt: (facts: RuleFacts) => ({ field: prefix + member, value: valueIn(facts) }) }]
  })

/** Misses where all of its members match; what decided is among them. */
const negated = (asked: ReadonlyArray<Asked>): Asked => ({
  holds: (facts) => {
    const held = allHold(asked, facts)
    return held === null ? null : !held
  },
  lookedAt: (facts) => decidingOf(asked, facts) ?? { field: "not", value: null }
})

const allHold = (asked: ReadonlyArray<Asked>, facts: RuleFacts): boolean | null => {
  let answer: boolean | null = true
  for (const each of asked) {
    const held = each.holds(facts)
    if (held === false) return false
    if (held === null) answer = null
  }
  return answer
}

/** Null: nothing is asked. */
const decidingOf = (asked: ReadonlyArray<Asked>, facts: RuleFacts): LookedAt | null => {
  const answers = asked.map((each) => each.holds(facts))
  const [missed, unknown] = [answers.indexOf(false), answers.indexOf(null)]
  const deciding = asked[missed !== -1 ? missed : unknown !== -1 ? unknown : asked.length - 1]
  return deciding?.lookedAt(facts) ?? null
}
