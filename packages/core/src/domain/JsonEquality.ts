/**
 * Equality of JSON values, whatever the order of their members, and the text that equal ones have in common.
 */

/**
 * Equality of JSON values, whatever the order of members. Stored values come back with members in another order, without
 * those that are undefined, and with a zero that has lost its sign.
 */
export const sameJson = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b)
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]))
  }
  return !Array.isArray(b) && holds(a as Members, b as Members) && isCovered(b as Members, a as Members)
}

type Members = Readonly<Record<string, unknown>>

/** Whether each member of one is the same in the other. */
const holds = (one: Members, other: Members): boolean => {
  for (const member of Object.keys(one)) {
    const value = one[member]
    if (value !== undefined && !(Object.hasOwn(other, member) && sameJson(value, other[member]))) return false
  }
  return true
}

/** Whether the other has each member of one, whatever it is. */
const isCovered = (one: Members, other: Members): boolean => {
  for (const member of Object.keys(one)) {
    if (one[member] !== undefined && !Object.hasOwn(other, member)) return false
  }
  return true
}

/** One text for all values that differ in nothing but the order of members, for whoever takes a digest of it. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null"
  const parts: Array<string> = []
  for (const name of Object.keys(value).toSorted()) {
    const member = (value as Members)[name]
    if (member !== undefined) parts.push(`${JSON.stringify(name)}:${canonicalJson(member)}`)
  }
  return `{${parts.join(",")}}`
}
