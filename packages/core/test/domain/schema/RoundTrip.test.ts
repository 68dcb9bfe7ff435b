/** Whatever the domain holds comes back from JSON as it was, and what is not whole does not come back at all. */
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Result, Schema } from "effect"
import * as DomainSchema from "../../../src/domain/schema/index.ts"
import type { MeetingKey } from "../../../src/domain/Ids.ts"
import { autoSchedule, joinRule } from "../../../testing/rows/index.ts"
import * as Arbitraries from "../../../testing/Arbitraries.ts"

const meeting = Arbitrary.Constant("uid:a@example.com" as MeetingKey)
const frames = Arbitraries.frame

const cases = [
  { name: "CalendarEvent", schema: DomainSchema.CalendarEvent, value: Arbitrary.flatMap(frames, Arbitraries.event) },
  { name: "Series", schema: DomainSchema.Series, value: Arbitrary.flatMap(frames, Arbitraries.series) },
  {
    name: "Intent",
    schema: DomainSchema.Intent,
    value: Arbitrary.flatMap(frames, (frame) => Arbitraries.intent(frame, meeting))
  },
  { name: "AutoSchedule", schema: DomainSchema.AutoSchedule, value: Arbitrary.flatMap(frames, Arbitraries.auto) },
  {
    name: "AutoSchedule with rules",
    schema: DomainSchema.AutoSchedule,
    value: Arbitrary.Constant(autoSchedule({ rules: [joinRule(), joinRule({ bot_config: null })], otherwise: "skip" }))
  },
  { name: "Override", schema: DomainSchema.Override, value: Arbitraries.override(meeting) },
  {
    name: "Bot",
    schema: DomainSchema.Bot,
    value: Arbitrary.flatMap(frames, (frame) => Arbitraries.bot(frame, meeting))
  },
  { name: "Connection", schema: DomainSchema.Connection, value: Arbitrary.flatMap(frames, Arbitraries.connection) },
  { name: "Calendar", schema: DomainSchema.Calendar, value: Arbitrary.flatMap(frames, Arbitraries.calendar) },
  { name: "Credentials", schema: DomainSchema.Credentials, value: Arbitrary.flatMap(frames, Arbitraries.credentials) }
] as const

/** Members that a row may lack. */
const optional: ReadonlySet<string> = new Set(["hints"])

describe.each(cases)("schema of $name", ({ schema, value }) => {
  const codec: Schema.Codec<object, unknown> = schema
  const encode = Schema.encodeSync(codec)
  const decode = Schema.decodeUnknownResult(codec)

  it.prop("always decodes what it encoded, through JSON", { value: value as Arbitrary.Arbitrary<object> }, (given) => {
    const text = JSON.stringify(encode(given.value))
    assert.deepStrictEqual(Result.getOrThrow(decode(JSON.parse(text))), given.value)
  })

  it.prop(
    "never decodes what lacks a member, save one that is optional",
    { value: value as Arbitrary.Arbitrary<object> },
    (given) => {
      for (const member of Object.keys(given.value)) {
        if (optional.has(member)) continue
        const { [member]: _without, ...rest } = encode(given.value) as Record<string, unknown>
        assert.strictEqual(Result.isFailure(decode(rest)), true, member)
      }
    }
  )

  it.prop(
    "never decodes a member of another type",
    { value: value as Arbitrary.Arbitrary<object>, wrong: Arbitraries.oneOf([7.25, "…", true]) },
    (given) => {
      for (const [member, held] of Object.entries(given.value)) {
        if (member === "raw" || typeof held === typeof given.wrong || held === null) continue
        const encoded = { ...(encode(given.value) as object), [member]: given.wrong }
        assert.strictEqual(Result.isFailure(decode(encoded)), true, member)
      }
    }
  )
})
