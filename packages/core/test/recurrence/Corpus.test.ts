/**
 * Every known answer: recurrences with the instants that independent implementations, or the readings beside the
 * fixtures, give them. Each is asked three ways: from its RRULE, from its RRULE kept as text, and from the RRULE that we
 * print ourselves. (What a provider's own form of it comes to is for the adapter's tests.)
 */
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import {
  type RecurringSeries,
  type Rule,
  expandWith,
  nextWith,
  parseRule,
  ruleText
} from "../../src/recurrence/index.ts"
import { readClock } from "./Oracle.ts"

interface Case {
  readonly id: string
  readonly start: string
  readonly zone: string
  readonly rrule: string
  readonly after: string
  readonly before: string
  readonly limit: number
  readonly cancelled?: ReadonlyArray<string>
  readonly expected: ReadonlyArray<string>
  readonly expectedLocal: ReadonlyArray<string>
  readonly rfcLiteral?: { readonly rrule: string; readonly expected: ReadonlyArray<string> }
}

const fixtures = join(import.meta.dirname, "../fixtures/recurrence")

const casesOf = (file: string): ReadonlyArray<Case> =>
  readFileSync(join(fixtures, file), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Case)

/**
 * Cases whose instants need a newer time zone release than the runtime may have: Cuba stays on UTC-4 from November 2026.
 * On an older runtime they are asked in the zone that Havana then equals, so that all but the runtime's data is tried.
 */
const needsRelease = new Map([
  ["g00154", { release: "2026d", same: "Etc/GMT+4" }],
  ["g01286", { release: "2026d", same: "Etc/GMT+4" }]
])

const zoneOf = ({ id, zone }: Case): string => {
  const need = needsRelease.get(id)
  return need !== undefined && (process.versions["tz"] ?? "") < need.release ? need.same : zone
}

const timeOf = (local: string): number => Date.parse(`1970-01-01T${local.slice(11)}Z`)

const seriesOf = (known: Case, rule: Rule): RecurringSeries => ({
  rule,
  startDate: known.start.slice(0, 10),
  startTime: timeOf(known.start),
  durationMillis: 1_800_000,
  zone: zoneOf(known)
})

const assertAnswers = (known: Case, rule: Rule, expected = known.expected): void => {
  const series = seriesOf(known, rule)
  const exceptions = { cancelled: (known.cancelled ?? []).map((start) => start.slice(0, 10)), moved: [] }
  const [after, before] = [Date.parse(known.after), Date.parse(known.before)]
  const found = expandWith(series, exceptions, after + 1, before, known.limit)
  assert.deepStrictEqual(
    found.map(({ start }) => new Date(start).toISOString().replace(".000Z", "Z")),
    expected,
    `${known.id} in ${series.zone}`
  )
  const following = nextWith(series, exceptions, after)
  assert.strictEqual(
    following !== null && following.start < before ? following.start : undefined,
    expected[0] === undefined ? undefined : Date.parse(expected[0])
  )
}

const readRule = (known: Case, text: string): Rule => {
  const start = { startDate: known.start.slice(0, 10), startTime: timeOf(known.start), zone: zoneOf(known) }
  const rule = parseRule(text, start)
  if (rule.kind === "rejected") throw new Error(`${known.id}: ${text} was refused: ${rule.reason} ${rule.part}`)
  return rule
}

describe.each(["graph-cases.jsonl", "edge-cases.jsonl"])("known answers: %s", (file) => {
  it.each(casesOf(file))("$id $category $zone $rrule", (known) => {
    const rule = readRule(known, known.rrule)
    assertAnswers(known, rule)
    assertAnswers(known, { kind: "text", rrule: known.rrule })
    assertAnswers(known, readRule(known, ruleText(seriesOf(known, rule))))
    if (known.rfcLiteral !== undefined) {
      assertAnswers(known, readRule(known, known.rfcLiteral.rrule), known.rfcLiteral.expected)
    }
  })
})

describe("known answers: rfc5545-cases.jsonl", () => {
  it.each(casesOf("rfc5545-cases.jsonl"))("$id $zone $rrule", (known) => {
    assertAnswers(known, readRule(known, known.rrule))
    assertAnswers(known, { kind: "text", rrule: known.rrule })
  })
})

describe("the fixtures themselves", () => {
  it("say in local time what they say in UTC, by this runtime's zones", () => {
    const cases = ["graph-cases.jsonl", "edge-cases.jsonl", "rfc5545-cases.jsonl"].flatMap(casesOf)
    assert.strictEqual(cases.length, 485)
    for (const known of cases) {
      known.expected.forEach((instant, i) => {
        const shown = readClock(zoneOf(known), Date.parse(instant))
        const written = Date.parse(`${known.expectedLocal[i]}Z`)
        // Written in a gap: shown later, by no more than the two hours of Antarctica/Troll.
        assert.isTrue(shown === written || (shown > written && shown - written <= 7_200_000), `${known.id} ${instant}`)
      })
    }
  })
})
