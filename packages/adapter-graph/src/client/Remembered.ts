/**
 * A bounded memory of things made on demand, such as one per mailbox.
 *
 * Decides what is forgotten when it is full: the longest unused among what its maker says may go. Never forgets what
 * is in use, so it may grow past its limit by as many as are in use at once.
 */
export interface Remembered<A> {
  /** What is remembered under a key, made now if there is none. */
  readonly get: (key: string, now: number) => A
  readonly find: (key: string) => A | undefined
  readonly size: () => number
}

export const makeRemembered = <A>(options: {
  readonly sizeMax: number
  readonly make: (key: string) => A
  readonly mayForget: (value: A, now: number) => boolean
}): Remembered<A> => {
  // A Map keeps the order of insertion: what is used is put back at its end.
  const held = new Map<string, A>()

  const forgetSome = (now: number): void => {
    for (const [key, value] of held) {
      if (held.size < options.sizeMax) return
      if (options.mayForget(value, now)) held.delete(key)
    }
  }

  return {
    get: (key, now) => {
      const found = held.get(key)
      if (found !== undefined) {
        held.delete(key)
        held.set(key, found)
        return found
      }
      if (held.size >= options.sizeMax) forgetSome(now)
      const made = options.make(key)
      held.set(key, made)
      return made
    },
    find: (key) => held.get(key),
    size: () => held.size
  }
}
