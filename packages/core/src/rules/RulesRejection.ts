/**
 * Why JSON is no list of rules: where it goes wrong, and what was expected there.
 * Decides how both are said, and what every value, text and list of a rule has to be.
 */
import { kindOf } from "../domain/InvalidArgument.ts"
import { ruleValueCharactersMax, ruleValuesMax } from "../domain/JoinRule.ts"

export interface RulesRejection {
  readonly kind: "rejected"
  /** Members and positions from the outside in, joined by dots: `rules.3.when.people.min`. */
  readonly path: string
  /** A sentence: what is wrong, and what was expected. */
  readonly message: string
}

/** Null: nothing is wrong. */
export type Check = (value: unknown, path: string) => RulesRejection | null

export type Members = Readonly<Record<string, unknown>>

export const reject = (path: string, wrong: string, expected: string): RulesRejection => ({
  kind: "rejected",
  path,
  message: `${path} ${wrong}; expected ${expected}.`
})

export const rejectKind = (path: string, value: unknown, expected: string): RulesRejection =>
  reject(path, `is ${kindOf(value)}`, expected)

export const isMembersOfJson = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The first that is wrong. Each is asked only when those before it have found nothing. */
export const firstOf = <A>(
  items: ReadonlyArray<A>,
  check: (item: A, index: number) => RulesRejection | null
): RulesRejection | null => {
  for (const [index, item] of items.entries()) {
    const rejection = check(item, index)
    if (rejection !== null) return rejection
  }
  return null
}

/** An object of these members and no others, none of which has to be there. */
export const checkMembers =
  (checks: Readonly<Record<string, Check>>, what: string): Check =>
  (value, path) => {
    if (!isMembersOfJson(value)) return rejectKind(path, value, `${what}: an object`)
    return firstOf(Object.keys(value), (member) => {
      const check = Object.hasOwn(checks, member) ? checks[member] : undefined
      if (check === undefined) {
        return reject(`${path}.${member}`, `is no member of ${what}`, `one of ${Object.keys(checks).join(", ")}`)
      }
      return value[member] === undefined ? null : check(value[member], `${path}.${member}`)
    })
  }

/** A list with something in it, each item of which passes. */
export const checkList =
  (check: Check, of: string): Check =>
  (value, path) => {
    const expected = `a list of 1 to ${ruleValuesMax} ${of}`
    if (!Array.isArray(value)) return rejectKind(path, value, expected)
    if (value.length === 0) return reject(path, "is an empty list", expected)
    if (value.length > ruleValuesMax) return reject(path, `has ${value.length} values`, expected)
    return firstOf(value as ReadonlyArray<unknown>, (item, index) => check(item, `${path}.${index}`))
  }

/** A text that is not blank, and that every store can keep. */
export const checkText =
  (charactersMax: number): Check =>
  (value, path) => {
    const expected = `a text of 1 to ${charactersMax} characters`
    if (typeof value !== "string") return rejectKind(path, value, expected)
    if (value.trim() === "") return reject(path, "is an empty text", expected)
    const characters = charactersIn(value, charactersMax)
    if (characters > charactersMax) return reject(path, "is too long", expected)
    return isKept(value) ? null : reject(path, "holds NUL or half a character", "a text that can be kept")
  }

export const checkValueText: Check = checkText(ruleValueCharactersMax)

export const checkBoolean: Check = (value, path) =>
  typeof value === "boolean" ? null : rejectKind(path, value, "true or false")

/** One of these texts. */
export const checkOneOf = (values: ReadonlyArray<string>): Check => {
  const known = new Set(values)
  const expected = `one of ${values.join(", ")}`
  return (value, path) => {
    if (typeof value !== "string") return rejectKind(path, value, expected)
    return known.has(value) ? null : reject(path, "is another text", expected)
  }
}

/** Exact up to the most there may be; a text of that many units has no more characters. */
const charactersIn = (text: string, max: number): number =>
  // A text of more than twice the units has more characters, and need not be walked through.
  text.length <= max || text.length > 2 * max ? text.length : [...text].length

const isKept = (text: string): boolean => !text.includes("\u0000") && text.isWellFormed()
