/**
 * Equality of JSON values, whatever the order of their members.
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
