/**
 * How values of PostgreSQL's types become JavaScript's.
 * Decides it for each statement, whatever a host set for its own: rows are read the same over any pool.
 */

/** What `pg` asks of whoever reads values; a pool and a single statement both take one. */
export interface ValueTypes {
  readonly getTypeParser: (oid: number, format?: "text" | "binary") => (value: string) => unknown
}

/** By the type's number in `pg_type`, which never changes. `int8` holds instants and counters here, far below 2^53. */
const parsers: ReadonlyMap<number, (value: string) => unknown> = new Map<number, (value: string) => unknown>([
  [16, (value) => value === "t"],
  [17, (value) => Buffer.from(value.slice(2), "hex")],
  [20, Number],
  [21, Number],
  [23, Number],
  [114, (value) => JSON.parse(value) as unknown]
])

const asText = (value: string): unknown => value

/** Texts, numbers, booleans, bytes and documents: no column here is of another type. Lists and instants stay texts. */
export const valueTypes: ValueTypes = { getTypeParser: (oid) => parsers.get(oid) ?? asText }
