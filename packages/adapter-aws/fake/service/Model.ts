/**
 * AWS's models as checks: which members there are, how long, of which form. The SDK for JavaScript checks none of it
 * before it sends, so that what is not checked here would be found in production alone.
 * Decides whether a value has the form. Never decides what is done with it.
 */
import { invalid } from "./Exchange.ts"

/** Null: the value is fine. Otherwise what is wrong, behind the path. */
export type Rule = (value: unknown, path: string) => string | null

export interface Member {
  readonly rule: Rule
  readonly isRequired: boolean
}

export const required = (rule: Rule): Member => ({ rule, isRequired: true })
export const optional = (rule: Rule): Member => ({ rule, isRequired: false })

export const text =
  (lengthMin: number, lengthMax: number, pattern?: RegExp): Rule =>
  (value, path) => {
    if (typeof value !== "string") return `${path}: a string is expected`
    if (value.length < lengthMin) return `${path}: length must be greater than or equal to ${lengthMin}`
    if (value.length > lengthMax) return `${path}: length must be less than or equal to ${lengthMax}`
    return pattern === undefined || pattern.test(value) ? null : `${path}: must satisfy ${pattern}`
  }

export const integer =
  (least: number, most: number): Rule =>
  (value, path) =>
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= most
      ? null
      : `${path}: an integer from ${least} to ${most} is expected`

export const flag: Rule = (value, path) => (typeof value === "boolean" ? null : `${path}: a boolean is expected`)

export const oneOf =
  (...values: ReadonlyArray<string>): Rule =>
  (value, path) =>
    values.includes(String(value)) ? null : `${path}: must be one of ${values.join(", ")}`

export const list =
  (rule: Rule, lengthMin: number, lengthMax: number): Rule =>
  (value, path) => {
    if (!Array.isArray(value)) return `${path}: a list is expected`
    if (value.length < lengthMin || value.length > lengthMax) return `${path}: ${lengthMin} to ${lengthMax} members`
    return firstOf(value.map((each, index) => rule(each, `${path}.${index}`)))
  }

/** A member that the model does not have is a mistake of the caller's here; AWS would pass over it in silence. */
export const structure =
  (members: Readonly<Record<string, Member>>): Rule =>
  (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return `${path}: a structure is expected`
    const given = new Map(Object.entries(value).filter(([, each]) => each !== null && each !== undefined))
    const unknown = [...given.keys()].find((name) => members[name] === undefined)
    if (unknown !== undefined) return `${path}.${unknown}: there is no such member`
    return firstOf(
      Object.entries(members).map(([name, { isRequired, rule }]) => {
        if (given.has(name)) return rule(given.get(name), `${path}.${name}`)
        return isRequired ? `${path}.${name}: must not be null` : null
      })
    )
  }

/** Refuses as AWS does. */
export const demand = (rule: Rule, value: unknown): void => {
  const fault = rule(value, "")
  if (fault !== null) throw invalid(`1 validation error detected: Value at '${fault.replace(/^\./, "")}`)
}

const firstOf = (faults: ReadonlyArray<string | null>): string | null => faults.find((fault) => fault !== null) ?? null
