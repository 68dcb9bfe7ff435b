/** A row and its configuration, parted and put together again. */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import type { Bot, BotConfig } from "../../src/domain/Bot.ts"
import { canonicalJson, sameJson } from "../../src/domain/JsonEquality.ts"
import { jsonBytes } from "../../src/domain/JsonSize.ts"
import { sharedConfigLimits } from "../../src/domain/Limits.ts"
import type { NewChange } from "../../src/domain/LoggedChange.ts"
import {
  type SharedConfigs,
  sharedConfigs,
  storedChange,
  storedRow,
  wholeChange,
  wholeRow
} from "../../src/domain/SharedConfig.ts"
import { bot } from "../../testing/rows/Bot.ts"
import { event } from "../../testing/rows/Event.ts"

const { inlineBytesMax } = sharedConfigLimits

const gathered = (): SharedConfigs => sharedConfigs((text) => `digest of ${text}`)
const configOf =
  ({ found }: SharedConfigs) =>
  (digest: string | null) =>
    digest === null ? null : (found.get(digest) ?? assert.fail("it refers to what nobody has written"))

/** As a database gives it back. */
const kept = <A>(value: A): A => JSON.parse(JSON.stringify(value)) as A

/** What JSON can hold, so that it comes back as it was: no zero with a sign. */
const json = fc.jsonValue().map((value) => kept(value) as unknown)
const members: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc.dictionary(
  fc.oneof(fc.constantFrom("note", "event_summary", "source", "custom_attributes"), fc.string()),
  json,
  { noNullPrototype: true }
)
const padding = fc.constantFrom(0, 100, inlineBytesMax, 2_000)
const attributes = fc
  .tuple(members, padding)
  .map(([all, length]) => ({ ...all, ...(length === 0 ? {} : { blob: "x".repeat(length) }) }))
const config: fc.Arbitrary<BotConfig> = fc
  .tuple(members, padding, fc.option(attributes))
  .map(([all, length, named]) => ({
    ...all,
    ...(length === 0 ? {} : { prompt: "ü".repeat(length) }),
    ...(named === null ? {} : { custom_attributes: named })
  }))

/** With the attributes of its configuration, or with others. */
const configured = fc.tuple(config, attributes, fc.boolean()).map(([own, others, isMerged]): Bot => {
  const named = own["custom_attributes"]
  const customAttributes = isMerged && typeof named === "object" && named !== null ? { ...named, ...others } : others
  return bot(event("a"), { config: own, customAttributes: customAttributes as Bot["customAttributes"] })
})

describe("V2: a row beside its configuration", () => {
  it("is whole again, whatever both hold", () => {
    fc.assert(
      fc.property(configured, (row) => {
        const configs = gathered()
        const stored = kept(storedRow(row, configs))
        assert.deepStrictEqual(wholeRow(stored.row, configOf(configs)(stored.config)), row)
        assert.strictEqual(stored.config === null, jsonBytes(row.config) <= inlineBytesMax)
      })
    )
  })

  it("is whole again in an entry, with what it was before", () => {
    fc.assert(
      fc.property(configured, configured, fc.boolean(), fc.boolean(), (now, before, hasConfig, hasAttributes) => {
        const previous = {
          ...(hasConfig && { config: before.config }),
          ...(hasAttributes && { customAttributes: before.customAttributes })
        }
        const data = { bot: { ...now, subject: null }, previous } as unknown as NewChange["data"]
        const configs = gathered()
        const stored = kept(storedChange({ data }, configs))
        const whole = wholeChange(
          stored.data as NewChange["data"],
          configOf(configs)(stored.config),
          configOf(configs)(stored.previousConfig)
        )
        assert.deepStrictEqual(whole, data)
      })
    )
  })

  it("says nothing of the attributes that the configuration names, where those are many", () => {
    const named = { note: "x".repeat(5_000), list: [1] }
    const row = bot(event("a"), { config: { custom_attributes: named }, customAttributes: { ...named, event_id: "1" } })
    assert.isBelow(jsonBytes(storedRow(row, gathered()).row), 1_000)
    const told: NewChange = {
      type: "bot.updated",
      occurredAt: 0,
      cause: "user",
      data: { bot: { ...row, subject: null }, previous: { customAttributes: { ...named, event_id: "0" } } }
    }
    assert.isBelow(jsonBytes(storedChange(told, gathered()).data), 1_000)
  })

  it("has a digest for each configuration, and for equal ones the same", () => {
    const configs = gathered()
    const large = { a: "x".repeat(inlineBytesMax), b: { c: 1, d: null } }
    const other = { b: { d: null, c: 1 }, a: "x".repeat(inlineBytesMax) }
    assert.strictEqual(configs.digestOf(large), configs.digestOf(other))
    assert.isNull(configs.digestOf({}))
    configs.digestOf({ ...large, b: 2 })
    assert.strictEqual(configs.found.size, 2)
  })
})

describe("the canonical text", () => {
  it("is the same for equal values alone, and says the value", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        assert.strictEqual(canonicalJson(a) === canonicalJson(b), sameJson(a, b))
        assert.deepStrictEqual(JSON.parse(canonicalJson(a)), a)
      })
    )
  })

  it("knows no order of members, and none that are undefined", () => {
    assert.strictEqual(
      canonicalJson({ b: [1, { d: 1, c: 2 }], a: undefined, A: "ü" }),
      `{"A":"ü","b":[1,{"c":2,"d":1}]}`
    )
  })
})
