/**
 * Kinds of values that the facade may be called with, each as a check that says what is wrong.
 * Decides how a finding is worded. Never tells a value, which may be a secret; that is why the findings are put into words here
 * and not by a schema.
 */
import { Redacted } from "effect"
import { UserId, WorkspaceId } from "./domain/Ids.ts"
import { type ArgumentFault, kindOf } from "./domain/InvalidArgument.ts"
import type { Place } from "./ports/Store.ts"

/** What is wrong with a value: where in it, and what should be there. Null: nothing. */
export type Fault = Omit<ArgumentFault, "operation">
export type ArgumentCheck = (value: unknown, member: string) => Fault | null

export const must =
  (expected: string, is: (value: unknown) => boolean): ArgumentCheck =>
  (value, member) =>
    is(value) ? null : { member, expected, found: kindOf(value) }

export const isText = (value: unknown): value is string => typeof value === "string" && value !== ""
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const user = must("a user's id, as `UserId.make` takes it", UserId.is)
export const workspace = must("a workspace's id, as `WorkspaceId.make` takes it", WorkspaceId.is)
export const eventOrSeries = must("the id of an event or of a series, a text", isText)
export const bot = must("the id of a bot, a text", isText)
export const calendar = must("the id of a calendar, a text", isText)
export const text = must("a text", (value) => typeof value === "string")
export const flag = must("true or false", (value) => typeof value === "boolean")
export const instant = must(
  "milliseconds since 1970, a number",
  (value) => typeof value === "number" && !Number.isNaN(value)
)
export const config = must("an object with what the bot service is to get; {} is none", isObject)
export const date = must("a date or a time by RFC 3339, a text; or null", (value) => value === null || isText(value))
export const whole = (min: number, max = Infinity): ArgumentCheck =>
  must(
    max === Infinity ? `a whole number, ${min} or more` : `a whole number from ${min} to ${max}`,
    (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max
  )

export const oneOf = (...words: ReadonlyArray<string>): ArgumentCheck =>
  must(`one of ${words.map((word) => `"${word}"`).join(", ")}`, (value) => words.includes(value as string))

export const orNull =
  (check: ArgumentCheck): ArgumentCheck =>
  (value, member) => {
    const fault = value === null ? null : check(value, member)
    return fault?.member === member ? { ...fault, expected: `${fault.expected}; or null` } : fault
  }

export const orMissing =
  (check: ArgumentCheck): ArgumentCheck =>
  (value, member) =>
    value === undefined ? null : check(value, member)

export const listOf =
  (check: ArgumentCheck, max = Infinity): ArgumentCheck =>
  (value, member) => {
    const expected = max === Infinity ? "a list" : `a list of at most ${max}`
    if (!Array.isArray(value)) return { member, expected, found: kindOf(value) }
    if (value.length > max) return { member, expected, found: `a list of ${value.length}` }
    return first(value.map((each, index) => check(each, `${member}[${index}]`)))
  }

/** Every member of the interface is named, so that one that is added does not compile without its check. */
export const objectOf =
  <T>(checks: { readonly [K in keyof T]-?: ArgumentCheck }): ArgumentCheck =>
  (value, member) =>
    isObject(value)
      ? first(Object.entries<ArgumentCheck>(checks).map(([name, check]) => check(value[name], `${member}.${name}`)))
      : { member, expected: `an object with ${Object.keys(checks).join(", ")}`, found: kindOf(value) }

export const place = objectOf<Place>({ at: instant, id: must("an id, a text", isText) })

export const secret =
  (check: ArgumentCheck): ArgumentCheck =>
  (value, member) =>
    Redacted.isRedacted(value)
      ? check(Redacted.value(value), member)
      : { member, expected: "a secret, made by `Redacted.make` of the package effect", found: kindOf(value) }

export const first = (faults: ReadonlyArray<Fault | null>): Fault | null =>
  faults.find((fault) => fault !== null) ?? null
