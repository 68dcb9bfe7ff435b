/**
 * Seeds that once failed: each run simulates them first.
 * Decides nothing. A seed means the world that it once meant only while worlds draw the same choices in the same order,
 * so each find also has a story of its own among the tests of the use cases; here stands what is cheap to try again.
 */
export interface OnceFailed {
  readonly seed: number
  readonly found: string
}

export const corpus: ReadonlyArray<OnceFailed> = [
  { seed: 1, found: "The harness itself: the seed by which each mutant is tried first." }
]
