/**
 * Whether a request shows a key that is somebody's, before anything else is done for it.
 *
 * Decides between good, wrong and unknown from the header alone; whose the key is and what it may do is decided by
 * `Authorizing.ts`, which looks it up again where it was not remembered.
 */
import { Context, Effect, Layer, Option, Redacted } from "effect"
import { Accounts } from "@punctual/core/accounts"
import { digestOf, sameDigest } from "./ApiKey.ts"

/** Longer texts are no keys of ours: not even hashed. */
export const keyLengthMax = 512

/** Unknown: keys can't be looked up right now. */
export type Shown = "good" | "wrong" | "unknown"

export class KeyCheck extends Context.Service<
  KeyCheck,
  {
    /** Given what stands in `Authorization`. */
    readonly check: (authorization: string) => Effect.Effect<Shown>
  }
>()("@punctual/server/auth/KeyCheck") {}

export const layer = (adminKey: Option.Option<Redacted.Redacted>): Layer.Layer<KeyCheck, never, Accounts> =>
  Layer.effect(
    KeyCheck,
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const ofAdmin = Option.map(adminKey, (key) => digestOf(Redacted.value(key)))
      return KeyCheck.of({
        check: Effect.fnUntraced(function* (authorization) {
          const text = keyIn(authorization)
          if (text === null || text.length > keyLengthMax) return "wrong"
          const digest = digestOf(text)
          if (Option.isSome(ofAdmin) && sameDigest(digest, ofAdmin.value)) return "good"
          return yield* accounts.findKey(digest).pipe(
            Effect.map((found): Shown => (Option.isSome(found) ? "good" : "wrong")),
            Effect.orElseSucceed((): Shown => "unknown")
          )
        })
      })
    })
  )

/** Both schemes of the contract, in any case. */
const keyIn = (authorization: string): string | null => /^(?:token|bearer) +(.+)$/i.exec(authorization)?.[1] ?? null
