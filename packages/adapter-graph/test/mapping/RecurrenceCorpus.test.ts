/**
 * Every recurrence in Graph's form whose instants are known (`core/test/fixtures/recurrence/README.md`), read here and
 * expanded by the core: what the two come to together. And Graph's own samples, read.
 */
import { assert, describe, it } from "@effect/vitest"
import { readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { expandWith, parseRule, ruleText, ruleWords } from "@punctual/core/recurrence"
import { ruleFromGraph } from "../../src/mapping/RecurrenceFromGraph.ts"

interface Case {
  readonly id: string
  readonly graph: unknown
  readonly start: string
  readonly zone: string
  readonly rrule: string
  readonly after: string
  readonly before: string
  readonly limit: number
  readonly cancelled?: ReadonlyArray<string>
  readonly expected: ReadonlyArray<string>
}

const known = join(import.meta.dirname, "../../../core/test/fixtures/recurrence")
const samplesFolder = join(import.meta.dirname, "../fixtures/recurrence")

const cases = ["graph-cases.jsonl", "edge-cases.jsonl"].flatMap((file) =>
  readFileSync(join(known, file), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Case)
)

/** Cases that need a newer time zone release than the runtime may have; the core's own corpus tries them all the same. */
const needsRelease = new Set(["g00154", "g01286"])
const hasRelease = (process.versions["tz"] ?? "") >= "2026d"

describe("known answers", () => {
  it("are many", () => assert.lengthOf(cases, 430))

  it.each(cases)(
    "$id $zone $rrule",
    ({ after, before, cancelled = [], expected, graph, id, limit, rrule, start, zone }) => {
      const read = ruleFromGraph(graph)
      if (read.kind === "rejected") return assert.fail(`refused: ${read.reason} ${read.member}`)
      const startDate = start.slice(0, 10)
      const startTime = Date.parse(`1970-01-01T${start.slice(11)}Z`)
      assert.strictEqual(read.startDate, startDate)
      if (needsRelease.has(id) && !hasRelease) {
        assert.deepStrictEqual<unknown>(parseRule(rrule, { startDate, startTime, zone }), read.rule)
        return
      }
      const series = { rule: read.rule, startDate, startTime, durationMillis: 1_800_000, zone }
      const exceptions = { cancelled: cancelled.map((each) => each.slice(0, 10)), moved: [] }
      const found = expandWith(series, exceptions, Date.parse(after) + 1, Date.parse(before), limit)
      assert.deepStrictEqual(
        found.map((occurrence) => new Date(occurrence.start).toISOString().replace(".000Z", "Z")),
        expected
      )
    }
  )
})

describe("Graph's own samples", () => {
  const samples = readdirSync(samplesFolder).flatMap((file) => {
    const json: unknown = JSON.parse(readFileSync(join(samplesFolder, file), "utf8"))
    return (Array.isArray(json) ? json : [json]).map((sample: { recurrence?: object }) => sample.recurrence ?? sample)
  })
  const range = { type: "noEnd", startDate: "2017-08-29" }
  const pattern = { type: "daily", interval: 1 }

  it.each(samples)("reads, prints and says $pattern $range", (sample) => {
    // The documentation prints some patterns and ranges alone.
    const read = ruleFromGraph({ pattern, range, ...sample })
    assert.strictEqual(read.kind, "rule")
    if (read.kind === "rule") {
      assert.match(ruleText({ ...read, zone: "UTC" }), /^FREQ=/)
      assert.match(ruleWords(read.rule), /^every /)
    }
  })

  it("has samples", () => {
    assert.isAtLeast(samples.length, 25)
  })
})
