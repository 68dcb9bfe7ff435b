/**
 * A mutex for each key: effects under one key run one after the other, within this process.
 * Decides who waits for whom. A key that nobody uses takes no memory.
 */
import { Effect, Semaphore } from "effect"

export interface KeyedMutex {
  readonly withLock: <A, E>(key: string, effect: Effect.Effect<A, E>) => Effect.Effect<A, E>
}

export const makeKeyedMutex = (): KeyedMutex => {
  const doors = new Map<string, { readonly door: Semaphore.Semaphore; users: number }>()
  const enter = (name: string) => {
    const used = doors.get(name) ?? { door: Semaphore.makeUnsafe(1), users: 0 }
    used.users += 1
    doors.set(name, used)
    return used
  }
  return {
    withLock: (name, effect) =>
      Effect.acquireUseRelease(
        Effect.sync(() => enter(name)),
        ({ door }) => door.withPermits(1)(effect),
        (used) =>
          Effect.sync(() => {
            used.users -= 1
            if (used.users === 0) doors.delete(name)
          })
      )
  }
}
