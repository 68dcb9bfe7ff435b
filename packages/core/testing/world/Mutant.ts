/**
 * A mistake that the simulated world must notice: a change of one place in the code.
 * Decides what one is made of. Which ones there are is decided in `MutantList.ts`.
 */
export interface Mutant {
  readonly name: string
  /** Under `packages/core`. */
  readonly file: string
  /** Must stand there exactly once. */
  readonly search: string
  readonly replace: string
  /** Takes many seeds to be noticed: tried by `PROVE=1` alone. */
  readonly isRare?: true
}
