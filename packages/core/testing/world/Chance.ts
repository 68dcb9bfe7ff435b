/**
 * Chance from a seed: the same seed makes the same choices, on any machine.
 * Decides nothing but numbers. Never asks the platform for randomness.
 */
import type { Random } from "effect"

export interface Chance {
  /** In `[0, 1)`. */
  readonly next: () => number
  /** A whole number, both ends included. */
  readonly int: (min: number, max: number) => number
  /** True this often. A probability of 0 takes no number from the seed. */
  readonly hits: (probability: number) => boolean
  readonly pick: <A>(from: ReadonlyArray<A>) => A
  /** For Effect's own service of that name. */
  readonly service: (typeof Random.Random)["Service"]
}

/** splitmix32: https://github.com/bryc/code/blob/master/jshash/PRNGs.md, public domain. */
export const makeChance = (seed: number): Chance => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x1_0000_0000
  }
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1))
  return {
    next,
    int,
    hits: (probability) => probability > 0 && next() < probability,
    pick: (from) => {
      const found = from[int(0, from.length - 1)]
      if (found === undefined) throw new Error("nothing to pick from")
      return found
    },
    service: {
      nextDoubleUnsafe: next,
      nextIntUnsafe: () => int(Number.MIN_SAFE_INTEGER / 2, Number.MAX_SAFE_INTEGER / 2)
    }
  }
}
