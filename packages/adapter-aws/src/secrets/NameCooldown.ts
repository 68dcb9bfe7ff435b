/**
 * Keeps parameter names out of use for a minute after they were deleted.
 * Decides which of a ref's names is taken next. The choice is random, so that processes which know nothing of each
 * other's deletions seldom choose alike.
 */
import { Clock, Effect, Random } from "effect"

export interface NameCooldown {
  readonly start: (names: ReadonlyArray<string>) => Effect.Effect<void>
  /** One that is not cooling down; where all are, any. */
  readonly pick: (names: ReadonlyArray<string>) => Effect.Effect<string>
}

/** AWS asks for half a minute. */
const cooldownMillis = 60_000
const keptMax = 10_000

export const makeNameCooldown = (): NameCooldown => {
  const deletedAt = new Map<string, number>()
  return {
    start: (names) =>
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
      const free = names.filter((name) => now - (deletedAt.get(name) ?? -Infinity) >= cooldownMillis)
      const among = free.length > 0 ? free : names
      return among[Math.floor((yield* Random.next) * among.length)] ?? ""
    })
  }
}
