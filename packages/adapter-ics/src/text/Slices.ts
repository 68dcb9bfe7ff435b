/**
 * Work that can be left off anywhere it says so, and taken up again: a generator that tells how much it did since it last said.
 * Decides the measure: bytes of a file that were read through, or what takes as long.
 */

export type Slices<A> = Generator<number, A, void>

/** All of it, for whoever has nothing else to do meanwhile. */
export const atOnce = <A>(work: Slices<A>): A => {
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
  }
}

/** So much of it, or to its end; null: there is more. */
export const sliceOf = <A>(work: Slices<A>, bytesMax: number): { readonly result: A } | null => {
  for (let bytes = 0; bytes < bytesMax;) {
    const step = work.next()
    if (step.done === true) return { result: step.value }
    bytes += step.value
  }
  return null
}
