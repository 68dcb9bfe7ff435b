/**
 * How time is written down in the core. Instants are numbers, so that the pure modules need no runtime.
 */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

export type { LocalDate } from "../recurrence/Rule.ts"

/** A span of instants, `[from, to)`. */
export interface Span {
  readonly from: Instant
  readonly to: Instant
}
