/**
 * Random choices inside a law, all from one number of its subject, so that a failing subject fails again.
 * Decides nothing about what is chosen from.
 */
export interface Luck {
  /** A whole number below `limit`. */
  readonly below: (limit: number) => number
  readonly oneOf: <A>(items: ReadonlyArray<A>) => A | undefined
  readonly shuffled: <A>(items: ReadonlyArray<A>) => ReadonlyArray<A>
  /** Some of the items again, in between. */
  readonly doubled: <A>(items: ReadonlyArray<A>) => ReadonlyArray<A>
}

/** A linear congruential generator: its high bits are random enough to shuffle five things. */
export const luckOf = (seed: number): Luck => {
  let state = (seed * 2_654_435_761 + 1) >>> 0
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  const shuffled = <A>(items: ReadonlyArray<A>): ReadonlyArray<A> =>
    items
      .map((item) => ({ item, at: below(2 ** 30) }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ item }) => item)
  return {
    below,
    oneOf: (items) => items[below(items.length)],
    shuffled,
    doubled: (items) => shuffled([...items, ...items.filter(() => below(2) === 0)])
  }
}
