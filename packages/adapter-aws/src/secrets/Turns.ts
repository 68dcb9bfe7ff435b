/**
 * One at a time for each name, within a process.
 * Decides who waits for whom. Keeps nothing of a name that nobody uses.
 */
import { Effect, Semaphore } from "effect"

export interface Turns {
  readonly inTurn: <A, E>(name: string, effect: Effect.Effect<A, E>) => Effect.Effect<A, E>
}

export const makeTurns = (): Turns => {
  const doors = new Map<string, { readonly door: Semaphore.Semaphore; users: number }>()
  const enter = (name: string) => {
    const used = doors.get(name) ?? { door: Semaphore.makeUnsafe(1), users: 0 }
    used.users += 1
    doors.set(name, used)
    return used
  }
  return {
    inTurn: (name, effect) =>
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
