/**
 * An argument that is not what was asked for: a mistake in the host's code, found where it was made.
 */

/** What is wrong with which argument. Its value is never told: it may be a secret. */
export interface ArgumentFault {
  /** What was called, as the host writes it: `schedule`, `UserId.make`. */
  readonly operation: string
  /** The argument, and the member of it: `request.eventId`. */
  readonly member: string
  /** What it should be. */
  readonly expected: string
  /** What kind of thing was given. */
  readonly found: string
}

/** A programming error, so that it is thrown and is no part of what an operation may fail with. */
export class InvalidArgument extends TypeError implements ArgumentFault {
  readonly _tag = "InvalidArgument"
  override readonly name = "InvalidArgument"
  readonly operation: string
  readonly member: string
  readonly expected: string
  readonly found: string

  constructor({ expected, found, member, operation }: ArgumentFault) {
    super(`${operation}: ${member} is ${found}; expected ${expected}`)
    this.operation = operation
    this.member = member
    this.expected = expected
    this.found = found
  }
}

/** What kind of thing a value is, in words. */
export const kindOf = (value: unknown): string => {
  if (value === undefined) return "missing"
  if (value === null) return "null"
  if (Array.isArray(value)) return "a list"
  switch (typeof value) {
    case "string":
      return value === "" ? "an empty text" : "a text"
    case "number":
      return Number.isInteger(value)
        ? "a whole number"
        : Number.isFinite(value)
          ? "a broken number"
          : "no finite number"
    case "boolean":
      return "true or false"
    case "object":
      return "an object"
    default:
      return `a ${typeof value}`
  }
}
