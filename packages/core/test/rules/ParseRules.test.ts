/** Which JSON is a list of rules, and where the rest goes wrong: the path and the sentence that a person reads. */
import { assert, describe, it } from "@effect/vitest"
import { quotaLimits, ruleLimits } from "../../src/domain/Limits.ts"
import type { When } from "../../src/domain/JoinRule.ts"
import { type ParseRulesOptions, parseRules } from "../../src/rules/ParseRules.ts"

const parse = (json: unknown, options: Partial<ParseRulesOptions<"user">> = {}) => {
  let made = 0
  return parseRules(json, {
    path: "rules",
    kind: "user",
    knownIds: new Set(["rule_a", "rule_b"]),
    makeId: () => `made_${++made}`,
    ...options
  })
}

const parsePolicy = (json: unknown) =>
  parseRules(json, { path: "policy.rules", kind: "policy", knownIds: new Set(), makeId: () => "made" })

const plain = { name: "Customer calls", when: {}, then: "join" }
const skipping = { ...plain, then: "skip" }
const whenever = (when: unknown) => [plain, { ...plain, when }]
const pathOf = (json: unknown): string => {
  const parsed = parse(json)
  return parsed.kind === "rejected" ? parsed.path : "no rejection"
}

describe("rules that are sent", () => {
  it("are completed: an id, and what was left out", () => {
    const when: When = { external_people: { min: 1 }, organizer: ["self"], not: { subject_contains: ["1:1"] } }
    const config = { bot_name: "Acme Notes", recording: null }
    assert.deepStrictEqual(
      parse([
        { id: "rule_b", ...skipping },
        { name: "Customer calls", enabled: false, when, then: "join", bot_config: config },
        { ...plain, bot_config: null }
      ]),
      {
        kind: "rules",
        rules: [
          { id: "rule_b", name: "Customer calls", enabled: true, when: {}, then: "skip", bot_config: null },
          { id: "made_1", name: "Customer calls", enabled: false, when, then: "join", bot_config: config },
          { id: "made_2", name: "Customer calls", enabled: true, when: {}, then: "join", bot_config: null }
        ]
      }
    )
    assert.deepStrictEqual(parse([]), { kind: "rules", rules: [] })
  })

  it("of a workspace may be locked, where they skip", () => {
    assert.deepStrictEqual(parsePolicy([{ ...skipping, locked: true }]), {
      kind: "rules",
      rules: [
        { id: "made", name: "Customer calls", enabled: true, when: {}, then: "skip", bot_config: null, locked: true }
      ]
    })
    assert.include(parsePolicy([plain]), { kind: "rules" })
    assert.deepStrictEqual(parsePolicy([skipping, { ...plain, locked: true }]), {
      kind: "rejected",
      path: "policy.rules.1.then",
      message: "policy.rules.1.then is join on a locked rule; expected skip: a lock only forbids."
    })
    assert.strictEqual(pathOf([{ ...skipping, locked: true }]), "rules.0.locked")
  })

  it("get no ids made where one of them is wrong", () => {
    const makeId = () => assert.fail("an id was made")
    assert.include(parse([plain, { ...plain, name: "" }], { makeId }), { kind: "rejected" })
    assert.include(parse([plain, { ...plain, id: "rule_c" }], { makeId }), { kind: "rejected" })
  })

  it("are taken up to each limit, and rejected beyond it", () => {
    const listOf = (count: number) => Array.from({ length: count }, () => plain)
    assert.include(parse(listOf(100)), { kind: "rules" })
    assert.strictEqual(pathOf(listOf(101)), "rules")
    const values = (count: number) => whenever({ category: Array.from({ length: count }, (_, index) => `${index}`) })
    assert.include(parse(values(50)), { kind: "rules" })
    assert.strictEqual(pathOf(values(51)), "rules.1.when.category")
    // Characters, of which some are two units long.
    for (const letter of ["x", "🚀"]) {
      assert.include(parse(whenever({ category: [letter.repeat(200)] })), { kind: "rules" })
      assert.strictEqual(pathOf(whenever({ category: ["a", letter.repeat(201)] })), "rules.1.when.category.1")
      assert.include(parse([{ ...plain, name: letter.repeat(80) }]), { kind: "rules" })
      assert.strictEqual(pathOf([{ ...plain, name: letter.repeat(81) }]), "rules.0.name")
    }
    const config = (bytes: number) => [{ ...plain, bot_config: { a: "x".repeat(bytes - '{"a":""}'.length) } }]
    assert.include(parse(config(quotaLimits.botConfigBytesMax)), { kind: "rules" })
    assert.strictEqual(pathOf(config(quotaLimits.botConfigBytesMax + 1)), "rules.0.bot_config")
  })

  it.each<readonly [string, unknown]>([
    ["rules", null],
    ["rules", { 0: plain }],
    ["rules", undefined],
    ["rules.1", [plain, null]],
    ["rules.0", [[]]],
    ["rules.0.name", [{}]],
    ["rules.0.when", [{ name: "a", then: "join" }]],
    ["rules.0.then", [{ name: "a", when: {} }]],
    ["rules.0.name", [{ ...plain, name: "  " }]],
    ["rules.0.name", [{ ...plain, name: 7 }]],
    ["rules.0.name", [{ ...plain, name: "a\u0000" }]],
    ["rules.0.name", [{ ...plain, name: "\ud83d" }]],
    ["rules.0.enabled", [{ ...plain, enabled: "yes" }]],
    ["rules.0.then", [{ ...plain, then: "maybe" }]],
    ["rules.0.when", [{ ...plain, when: [] }]],
    ["rules.0.whenever", [{ ...plain, whenever: {} }]],
    ["rules.0.__proto__", JSON.parse('[{"name":"a","when":{},"then":"join","__proto__":{}}]')],
    ["rules.0.when.constructor", [{ ...plain, when: { constructor: ["a"] } }]],
    // Ids: of this list, each once.
    ["rules.0.id", [{ ...plain, id: "rule_c" }]],
    ["rules.0.id", [{ ...plain, id: null }]],
    ["rules.1.id", [plain, { ...plain, id: "" }]],
    ["rules.2.id", [{ ...plain, id: "rule_a" }, plain, { ...plain, id: "rule_a" }]],
    // Configuration: an object, on a rule that joins.
    ["rules.0.bot_config", [{ ...skipping, bot_config: {} }]],
    ["rules.0.bot_config", [{ ...plain, bot_config: [] }]],
    ["rules.0.bot_config", [{ ...plain, bot_config: "Acme" }]],
    // Lists: not empty, of texts that are not, down to the value.
    ["rules.1.when.subject_contains", whenever({ subject_contains: "sync" })],
    ["rules.1.when.subject_contains", whenever({ subject_contains: [] })],
    ["rules.1.when.subject_contains.1", whenever({ subject_contains: ["sync", ""] })],
    ["rules.1.when.subject_contains.0", whenever({ subject_contains: [null] })],
    ["rules.1.when.organizer.1", whenever({ organizer: ["self", "boss"] })],
    ["rules.1.when.my_response.0", whenever({ my_response: ["Accepted"] })],
    ["rules.1.when.sensitivity.0", whenever({ sensitivity: ["secret"] })],
    ["rules.1.when.show_as.0", whenever({ show_as: ["workingElsewhere"] })],
    ["rules.1.when.platform.1", whenever({ platform: ["zoom", "Teams"] })],
    ["rules.1.when.calendar_id.0", whenever({ calendar_id: [7] })],
    ["rules.1.when.all_day", whenever({ all_day: "true" })],
    // Addresses: one, a domain's, or those below a domain.
    ["rules.1.when.organizer_email.0", whenever({ organizer_email: ["acme.example"] })],
    ["rules.1.when.organizer_email.0", whenever({ organizer_email: ["*"] })],
    ["rules.1.when.attendee_email.1", whenever({ attendee_email: ["*@acme.example", "*@*"] })],
    ["rules.1.when.attendee_email.0", whenever({ attendee_email: ["ann@*.example"] })],
    ["rules.1.when.attendee_email.0", whenever({ attendee_email: ["a*@acme.example"] })],
    ["rules.1.when.attendee_email.0", whenever({ attendee_email: ["*@acme.*"] })],
    ["rules.1.when.attendee_email.0", whenever({ attendee_email: ["ann@acme..example"] })],
    ["rules.1.when.attendee_email.0", whenever({ attendee_email: ["a b@acme.example"] })],
    // Counts: whole, not negative, in order.
    ["rules.1.when.people.min", whenever({ people: { min: -1 } })],
    ["rules.1.when.people.max", whenever({ people: { max: 1.5 } })],
    ["rules.1.when.people.min", whenever({ people: { min: "2" } })],
    ["rules.1.when.people.least", whenever({ people: { least: 2 } })],
    ["rules.1.when.people", whenever({ people: 2 })],
    ["rules.1.when.external_people", whenever({ external_people: { min: 3, max: 2 } })],
    ["rules.1.when.minutes.max", whenever({ minutes: { max: 1e300 } })],
    // Hours: times of a day, two of them, in a zone that there is.
    ["rules.1.when.hours.from", whenever({ hours: { from: "24:00" } })],
    ["rules.1.when.hours.to", whenever({ hours: { to: "9:00" } })],
    ["rules.1.when.hours", whenever({ hours: { from: "09:00", to: "09:00" } })],
    ["rules.1.when.hours", whenever({ hours: { to: "00:00" } })],
    ["rules.1.when.hours.days", whenever({ hours: { days: [] } })],
    ["rules.1.when.hours.days.1", whenever({ hours: { days: ["mo", "MO"] } })],
    ["rules.1.when.hours.time_zone", whenever({ hours: { time_zone: "Europe/Atlantis" } })],
    ["rules.1.when.hours.time_zone", whenever({ hours: { time_zone: "+02:00" } })],
    // `not` is read as a `when` without one.
    ["rules.1.when.not", whenever({ not: null })],
    ["rules.1.when.not.not", whenever({ not: { not: {} } })],
    ["rules.1.when.not.people.min", whenever({ not: { people: { min: -1 } } })]
  ])("are rejected at %s: %j", (path, json) => {
    const parsed = parse(json)
    if (parsed.kind !== "rejected") return assert.fail("taken for rules")
    assert.strictEqual(parsed.path, path)
    assert.match(parsed.message, /^[^;]+ (?:is|has|holds|begins|stands) [^;]+; expected .+\.$/)
    assert.isTrue(parsed.message.startsWith(`${path} `))
  })

  it("are rejected as a whole where the list is longer than a store's row has room for", () => {
    const long = (name: string, characters: number) => ({
      ...plain,
      name,
      bot_config: { text: "x".repeat(characters) }
    })
    const four = (characters: number) => ["a", "b", "c", "d"].map((name) => long(name, characters))
    const rest = (ruleLimits.listBytesMax - JSON.stringify(four(0)).length) / 4
    assert.strictEqual(pathOf(four(Math.floor(rest))), "no rejection")
    assert.deepInclude(parse(four(Math.floor(rest) + 1)), { kind: "rejected", path: "rules" })
    assert.deepInclude(parsePolicy(four(Math.floor(rest) + 1)), { kind: "rejected", path: "policy.rules" })
  })

  it("are rejected in a sentence that says what is expected", () => {
    const messageOf = (json: unknown) => {
      const parsed = parse(json)
      return parsed.kind === "rejected" ? parsed.message : ""
    }
    assert.strictEqual(
      messageOf(whenever({ people: { min: "2" } })),
      "rules.1.when.people.min is a text; expected a whole number, 0 or more."
    )
    assert.strictEqual(
      messageOf(whenever({ organizer: ["boss"] })),
      "rules.1.when.organizer.0 is another text; expected one of self, internal, external."
    )
    assert.strictEqual(
      messageOf([{ when: {}, then: "join" }]),
      "rules.0.name is missing; expected a rule with name, when, then."
    )
  })

  it("are rejected where they could not be written again: deeper than anybody nests, or around in a circle", () => {
    let deep: unknown = {}
    for (let depth = 0; depth < 100_000; depth++) deep = { deep }
    assert.strictEqual(pathOf([{ ...plain, bot_config: deep }]), "rules.0.bot_config")
    const circle: Record<string, unknown> = {}
    circle["again"] = circle
    assert.strictEqual(pathOf([{ ...plain, bot_config: circle }]), "rules.0.bot_config")
    assert.strictEqual(pathOf([{ ...plain, name: deep }]), "rules.0.name")
  })
})
