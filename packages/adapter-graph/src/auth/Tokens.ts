/**
 * The access tokens of all connections, as Microsoft gives them.
 * Decides nothing: when they are renewed and saved is decided in `@punctual/core/http`.
 */
import { type Credentials, Throttled } from "@punctual/core"
import { type AccessTokens, makeAccessTokens, redeemWithRetry } from "@punctual/core/http"
import type { Effect, Scope } from "effect"
import type { Access, Reason } from "../client/GraphClient.ts"
import type { Limits } from "../client/Limits.ts"
import { type Redeem, accessOf } from "./Redeem.ts"

export const makeTokens = ({
  limits,
  redeem
}: {
  readonly redeem: Redeem
  readonly limits: Limits
}): Effect.Effect<AccessTokens<Credentials, Access, Reason>, never, Scope.Scope> =>
  makeAccessTokens(
    {
      redeem: (credentials) => redeemWithRetry(redeem(credentials), limits),
      accessOf,
      throttled: (retryAfterMillis): Reason => new Throttled({ retryAfterMillis })
    },
    limits
  )
