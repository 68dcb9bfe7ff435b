/**
 * What is to happen, soonest first; what is due at the same instant comes in the order in which it was asked for.
 * Decides the order alone.
 */
export interface Heap<A> {
  readonly push: (at: number, item: A) => void
  /** The instant of what comes next. */
  readonly least: () => number | null
  readonly pop: () => A | undefined
}

interface Entry<A> {
  readonly at: number
  readonly order: number
  readonly item: A
}

export const makeHeap = <A>(): Heap<A> => {
  const entries: Array<Entry<A>> = []
  let order = 0
  return {
    push: (at, item) => {
      entries.push({ at, order: order++, item })
      rise(entries, entries.length - 1)
    },
    least: () => entries[0]?.at ?? null,
    pop: () => {
      const first = entries[0]
      const last = entries.pop()
      if (first === undefined || last === undefined) return undefined
      if (entries.length > 0) {
        entries[0] = last
        sink(entries, 0)
      }
      return first.item
    }
  }
}

const isBefore = <A>(a: Entry<A>, b: Entry<A>): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

const rise = <A>(entries: Array<Entry<A>>, from: number): void => {
  let index = from
  while (index > 0) {
    const parent = (index - 1) >> 1
    if (!swapIfBefore(entries, index, parent)) return
    index = parent
  }
}

const sink = <A>(entries: Array<Entry<A>>, from: number): void => {
  let index = from
  for (;;) {
    const left = 2 * index + 1
    const [one, other] = [entries[left], entries[left + 1]]
    if (one === undefined) return
    const child = other !== undefined && isBefore(other, one) ? left + 1 : left
    if (!swapIfBefore(entries, child, index)) return
    index = child
  }
}

const swapIfBefore = <A>(entries: Array<Entry<A>>, index: number, other: number): boolean => {
  const [one, two] = [entries[index], entries[other]]
  if (one === undefined || two === undefined || !isBefore(one, two)) return false
  entries[index] = two
  entries[other] = one
  return true
}
