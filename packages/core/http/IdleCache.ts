/**
 * A bounded cache of values that are made on demand, such as one for each mailbox.
 *
 * Decides what is evicted: values that nobody has used for a while, and in a full cache the longest unused. Only what
 * `mayEvict` agrees to goes, so the cache exceeds its limit by as many values as are in use at once.
 */
export interface IdleCache<A> {
  /** The value of a key, made now if there is none. Counts as a use. */
  readonly get: (key: string, now: number) => A
  readonly size: () => number
}

export const makeIdleCache = <A>(options: {
  readonly sizeMax: number
  readonly idleMillis: number
  readonly make: (key: string) => A
  readonly mayEvict: (value: A, now: number) => boolean
}): IdleCache<A> => {
  // A Map keeps the order of insertion: what is used is put back at its end, so the longest unused come first.
  const held = new Map<string, { readonly value: A; readonly usedAt: number }>()

  const evictSome = (now: number): void => {
    for (const [key, { usedAt, value }] of held) {
      if (held.size < options.sizeMax && now - usedAt < options.idleMillis) return
      if (options.mayEvict(value, now)) held.delete(key)
    }
  }

  return {
    get: (key, now) => {
      const found = held.get(key)
      held.delete(key)
      if (found === undefined) evictSome(now)
      const value = found === undefined ? options.make(key) : found.value
      held.set(key, { value, usedAt: now })
      return value
    },
    size: () => held.size
  }
}
