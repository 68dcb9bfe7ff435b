/**
 * Names that were deleted lately and are not to be used again for a while.
 * Decides which of a ref's names is taken next. Chance keeps processes apart that know nothing of each other's deletions.
 */
import { Clock, Effect, Random } from "effect"

export interface Resting {
  readonly lay: (names: ReadonlyArray<string>) => Effect.Effect<void>
  /** One that does not rest; where all do, any. */
  readonly pick: (names: ReadonlyArray<string>) => Effect.Effect<string>
}

/** AWS asks for half a minute. */
const restMillis = 60_000
const keptMax = 10_000

export const makeResting = (): Resting => {
  const deletedAt = new Map<string, number>()
  return {
    lay: (names) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        for (const name of names) deletedAt.delete(name)
        for (const name of names) deletedAt.set(name, now)
        for (const oldest of deletedAt.keys()) {
          if (deletedAt.size <= keptMax) break
          deletedAt.delete(oldest)
        }
      }),
    pick: Effect.fnUntraced(function* (names) {
      const now = yield* Clock.currentTimeMillis
      const free = names.filter((name) => now - (deletedAt.get(name) ?? -Infinity) >= restMillis)
      const among = free.length > 0 ? free : names
      return among[Math.floor((yield* Random.next) * among.length)] ?? ""
    })
  }
}
