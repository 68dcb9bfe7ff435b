/**
 * Accounts that remember for a second whose a key is, so that a client who asks often is not looked up at each request.
 *
 * Decides how long that holds: a key revoked through this process is gone at once, one revoked through another replica
 * within a second. Only keys that are good are remembered, and by their digests.
 */
import { Clock, Effect, Layer, type Option } from "effect"
import { Accounts, type ApiKey, type User } from "@punctual/core/accounts"

/** How late another replica's revocation may be noticed. */
export const keptMillis = 1_000

/** Beyond so many keys all are looked up afresh. */
const keysMax = 10_000

interface Kept {
  readonly found: Option.Option<{ readonly key: ApiKey; readonly user: User }>
  readonly until: number
}

export const make = (accounts: Accounts["Service"]): Accounts["Service"] => {
  const kept = new Map<string, Kept>()
  /** Raised by a revocation: what was being looked up meanwhile is not to be remembered. */
  let epoch = 0
  const forget = Effect.sync(() => {
    epoch += 1
    kept.clear()
  })
  return Accounts.of({
    ...accounts,
    findKey: Effect.fnUntraced(function* (digest) {
      const now = yield* Clock.currentTimeMillis
      const before = kept.get(digest)
      if (before !== undefined && before.until > now && before.until <= now + keptMillis) return before.found
      const asked = epoch
      const found = yield* accounts.findKey(digest)
      if (kept.size >= keysMax) kept.clear()
      if (found._tag === "Some" && asked === epoch) kept.set(digest, { found, until: now + keptMillis })
      else kept.delete(digest)
      return found
    }),
    // Before and after: what another request looks up in between may be the key as it was.
    revokeKey: (userId, keyId, now) =>
      Effect.ensuring(Effect.andThen(forget, accounts.revokeKey(userId, keyId, now)), forget)
  })
}

export const layer: Layer.Layer<Accounts, never, Accounts> = Layer.effect(Accounts, Effect.map(Accounts, make))
