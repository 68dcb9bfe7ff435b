/**
 * Law C12: any JSON for rules is rules, or a rejection whose path leads to what is wrong. What was parsed is parsed again to
 * itself, and can be matched.
 */
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect } from "effect"
import { matches } from "../../src/rules/Matches.ts"
import { parseRules } from "../../src/rules/ParseRules.ts"
import { factsOf } from "../../src/rules/RuleFacts.ts"
import * as Arbitraries from "../../testing/Arbitraries.ts"

const parse = (json: unknown, knownIds: ReadonlyArray<string> = []) => {
  let made = 0
  return parseRules(json, { path: "rules", kind: "user", knownIds: new Set(knownIds), makeId: () => `made_${++made}` })
}

/** What may stand where something else is expected. */
const oddTexts = ["", " ", "mo", "self", "\ud800", "x".repeat(201), "*@a.b", "24:00"]
const oddValues = [null, 0, -1, 1.5, 1e21, true, {}, { min: 2, max: 1 }, { from: "09:00", to: "09:00" }, { not: {} }]
const oddLists = [[], [""], ["self", "self"], ["mo"], [7], Array.from({ length: 51 }, () => "x")]
const odd: ReadonlyArray<unknown> = [...oddTexts, ...oddValues, ...oddLists, JSON.parse('{"__proto__":1}')]

const oddAt = Arbitraries.oneOf(odd.map((_, index) => index))

interface Edit {
  /** Which of the places there are, counted from the outside in. */
  readonly place: number
  readonly how: "replace" | "remove" | "add"
  readonly value: unknown
}

const edit: Arbitrary.Arbitrary<Edit> = Arbitrary.map(
  Arbitrary.all([
    Arbitraries.oneOf(Array.from({ length: 60 }, (_, index) => index)),
    Arbitraries.oneOf(["replace", "remove", "add"]),
    oddAt,
    Arbitraries.json,
    Arbitraries.boolean
  ]),
  ([place, how, index, json, isAny]) => ({ place, how, value: isAny ? json : odd[index] })
)

type Container = Record<string, unknown>

/** Every object and list, from the outside in. */
const containersOf = (json: unknown): ReadonlyArray<Container> => {
  const found: Array<Container> = []
  const waiting: Array<unknown> = [json]
  for (const each of waiting) {
    if (typeof each !== "object" || each === null) continue
    found.push(each as Container)
    waiting.push(...Object.values(each))
  }
  return found
}

/** Rules as JSON, with a place or two in them changed. */
const edited = (json: unknown, edits: ReadonlyArray<Edit>): unknown => {
  const copy = { root: structuredClone(json) }
  for (const { how, place, value: given } of edits) {
    // Of its own: a later edit may change it.
    const value = structuredClone(given)
    const places = containersOf(copy).flatMap((container) => Object.keys(container).map((key) => ({ container, key })))
    const at = places[place % places.length]
    if (at === undefined) continue
    if (how === "replace") at.container[at.key] = value
    else if (how === "add" || Array.isArray(at.container) || at.key === "root") at.container[`${at.key}s`] = value
    else delete at.container[at.key]
  }
  return copy.root
}

/** Whether a path leads to something, or names a member that something lacks. */
const leadsSomewhere = (value: unknown, path: string): boolean => {
  if (path === "") return true
  if (typeof value !== "object" || value === null) return false
  const isThere = Object.keys(value).some(
    (key) =>
      (path === key || path.startsWith(`${key}.`)) &&
      leadsSomewhere((value as Container)[key], path.slice(key.length + 1))
  )
  return isThere || (!path.includes(".") && !Array.isArray(value))
}

const assertParsed = (json: unknown, knownIds: ReadonlyArray<string>): boolean => {
  const parsed = parse(json, knownIds)
  if (parsed.kind === "rejected") {
    assert.isTrue(leadsSomewhere({ rules: json }, parsed.path), parsed.path)
    assert.isTrue(parsed.message.startsWith(`${parsed.path} `))
    return false
  }
  const again = parse(
    parsed.rules,
    parsed.rules.map(({ id }) => id)
  )
  assert.deepStrictEqual(again, parsed)
  return true
}

const ids = Array.from({ length: 5 }, (_, index) => `rule_${index}`)

const inputs = {
  rules: Arbitraries.rules,
  edits: Arbitrary.array(edit, { maxLength: 3 }),
  event: Arbitraries.ruledEvent,
  known: Arbitraries.knownOfUser
}

const arbitrary = { runs: process.env["PROVE"] === "1" ? 50_000 : 1_000 }

describe("C12: any JSON is rules or a rejection with a path", () => {
  it.prop("whatever it is", { json: Arbitraries.json }, ({ json }) => {
    assertParsed(json, [])
    assertParsed([json], [])
    assertParsed([{ name: "a", when: json, then: "join" }], [])
    assertParsed([{ name: "a", when: {}, then: "join", bot_config: json }], [])
  })

  it.prop(
    "also where it is nearly rules, and what is taken can be matched",
    inputs,
    ({ edits, event, known, rules }) => {
      const json = edited(rules, edits)
      assertParsed(json, ids)
      const parsed = parse(json, ids)
      if (parsed.kind === "rejected") return
      for (const rule of parsed.rules) assert.include([true, false, null], matches(rule, factsOf(event, known)))
    },
    { arbitrary }
  )

  it.prop("and rules are themselves", { rules: Arbitraries.rules }, ({ rules }) => {
    assert.deepStrictEqual(parse(rules, ids), { kind: "rules", rules })
  })

  it.effect("and is tried on both", () =>
    Effect.gen(function* () {
      const cases = yield* Arbitrary.sampleEffect(Arbitrary.all(inputs), { count: 300, seed: 1 })
      const taken = cases.filter(({ edits, rules }) => assertParsed(edited(rules, edits), ids))
      assert.isAbove(taken.length, 30)
      assert.isBelow(taken.length, 270)
    })
  )
})
