/**
 * The corpus of real-life forms (../fixtures/links/README.md): events as Graph sends them, the fields that the adapter
 * finds in them, the link that the core finds in those. Scored as its policy says: a case is right when null meets null,
 * or the platform is equal and the URL is the expected one or a spelling as good.
 */
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { findMeetingLink } from "@punctual/core/links"
import { linkFieldsOf } from "../../src/mapping/LinkFields.ts"

interface Example {
  readonly id: string
  readonly category: string
  readonly tier: "required" | "extended"
  readonly event: unknown
  readonly expected: { readonly platform: string; readonly url: string } | null
  readonly alsoAccept?: readonly string[]
  readonly debatable?: boolean
  readonly maxMs?: number
}

const examples = readFileSync(new URL("../fixtures/links/examples.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line): Example => JSON.parse(line))

/** Milliseconds of processor, not of clock: what else the machine does is not counted. */
const timed = (example: Example) => {
  const event = structuredClone(example.event)
  const before = process.cpuUsage()
  const found = findMeetingLink(linkFieldsOf(event))
  const { system, user } = process.cpuUsage(before)
  return { found, ms: (user + system) / 1000 }
}

const outcomes = examples.map((example) => {
  const { found, ms } = timed(example)
  const isRight =
    example.expected === null
      ? found === null
      : found?.platform === example.expected.platform &&
        [example.expected.url, ...(example.alsoAccept ?? [])].includes(found.url)
  return { example, found, ms, isRight, isExact: isRight && (found?.url ?? null) === (example.expected?.url ?? null) }
})

type Outcome = (typeof outcomes)[number]

/** A collection of garbage disturbs one look; what is too slow is so every time. */
const looksMax = 5

const isInTime = ({ example, ms }: Outcome): boolean => {
  const allowed = example.maxMs ?? Number.POSITIVE_INFINITY
  let best = ms
  for (let look = 1; look < looksMax && best > allowed; look++) best = Math.min(best, timed(example).ms)
  return best <= allowed
}

const settled = outcomes.filter(({ example }) => example.debatable !== true)
const ids = (some: readonly Outcome[]) => some.map(({ example }) => example.id)
const wrong = (some: readonly Outcome[]) => ids(some.filter(({ isRight }) => !isRight))
const percentRight = (some: readonly Outcome[]) => (100 * some.filter(({ isRight }) => isRight).length) / some.length
const inTier = (tier: Example["tier"]) => settled.filter(({ example }) => example.tier === tier)

describe("the link corpus", () => {
  it("is whole", () => {
    assert.strictEqual(examples.length, 317)
    assert.strictEqual(new Set(examples.map(({ id }) => id)).size, 317)
  })

  it("is right in at least 99 % of the required cases, and in all of them today", () => {
    assert.isAtLeast(percentRight(inTier("required")), 99)
    assert.deepStrictEqual(wrong(inTier("required")), [])
  })

  it("is right in at least 95 % of the extended cases, and in all of them today", () => {
    assert.isAtLeast(percentRight(inTier("extended")), 95)
    assert.deepStrictEqual(wrong(inTier("extended")), [])
  })

  it("gives the policy's answer to the debatable cases too", () => {
    assert.deepStrictEqual(wrong(outcomes.filter(({ example }) => example.debatable === true)), [])
  })

  it("writes every URL the way the policy does, not merely an accepted way", () => {
    assert.deepStrictEqual(ids(outcomes.filter(({ isExact }) => !isExact)), [])
  })

  it("finds nothing in any hostile case", () => {
    const hostile = outcomes.filter(({ example }) => example.category === "hostile" && example.expected === null)
    assert.isAbove(hostile.length, 30)
    assert.deepStrictEqual(ids(hostile.filter(({ found }) => found !== null)), [])
  })

  it("answers every case within its time", () => {
    const limited = outcomes.filter(({ example }) => example.maxMs !== undefined)
    assert.strictEqual(limited.length, 8)
    assert.deepStrictEqual(ids(limited.filter((outcome) => !isInTime(outcome))), [])
  })
})
