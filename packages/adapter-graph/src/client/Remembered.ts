/**
 * A bounded memory of things made on demand, such as one per mailbox.
 *
 * Decides what is forgotten: what nobody has used for a while, and when it is full the longest unused, among what its
 * maker says may go. Never forgets what is in use, so it may grow past its limit by as many as are in use at once.
 */
export interface Remembered<A> {
  /** What is remembered under a key, made now if there is none. Counts as a use. */
  readonly get: (key: string, now: number) => A
  readonly size: () => number
}

export const makeRemembered = <A>(options: {
  readonly sizeMax: number
  readonly idleMillis: number
  readonly make: (key: string) => A
  readonly mayForget: (value: A, now: number) => boolean
}): Remembered<A> => {
  // A Map keeps the order of insertion: what is used is put back at its end, so the longest unused come first.
  const held = new Map<string, { readonly value: A; readonly usedAt: number }>()

  const forgetSome = (now: number): void => {
    for (const [key, { usedAt, value }] of held) {
      if (held.size < options.sizeMax && now - usedAt < options.idleMillis) return
      if (options.mayForget(value, now)) held.delete(key)
    }
  }

  return {
    get: (key, now) => {
      const found = held.get(key)
      held.delete(key)
      if (found === undefined) forgetSome(now)
      const value = found === undefined ? options.make(key) : found.value
      held.set(key, { value, usedAt: now })
      return value
    },
    size: () => held.size
  }
}
