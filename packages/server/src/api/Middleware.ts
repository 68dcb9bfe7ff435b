/**
 * What stands between a request and its handler, as far as a client can tell: who is calling, how often, and whether
 * the same request was answered before.
 *
 * Names the services and their errors; `auth/` and `http/` decide. No server code is met from here.
 */
import { Context } from "effect"
import { HttpApiMiddleware, HttpApiSecurity } from "effect/http-api"
import {
  IdempotencyInProgress,
  IdempotencyKeyReused,
  InternalError,
  InvalidRequest,
  NotFound,
  PayloadTooLarge,
  QuotaExceeded,
  RateLimited,
  Unauthorized,
  Unavailable,
  UnsupportedMediaType
} from "./Problems.ts"

/** Whose key it was. */
export class Caller extends Context.Service<
  Caller,
  {
    readonly userId: string
    readonly workspaceId: string
    /** What requests are counted by. */
    readonly keyId: string
  }
>()("@punctual/server/api/Caller") {}

// What the document says of the two stands in `OpenApiTransform.ts`.
const token = HttpApiSecurity.http({ scheme: "Token" })

const bearer = HttpApiSecurity.bearer

/** A user's key. */
export class Authorization extends HttpApiMiddleware.Service<Authorization, { provides: Caller }>()(
  "@punctual/server/api/Authorization",
  { security: { bearer, token }, error: [Unauthorized, Unavailable] }
) {}

/** The admin key. Where none is configured there is nothing to find. */
export class AdminOnly extends HttpApiMiddleware.Service<AdminOnly, { provides: Caller }>()(
  "@punctual/server/api/AdminOnly",
  { security: { bearer, token }, error: [Unauthorized, NotFound] }
) {}

export class RateLimit extends HttpApiMiddleware.Service<RateLimit, { requires: Caller }>()(
  "@punctual/server/api/RateLimit",
  { error: RateLimited }
) {}

/** `Idempotency-Key`: the first answer again, for 24 hours. */
export class Idempotent extends HttpApiMiddleware.Service<Idempotent, { requires: Caller; provides: Attempt }>()(
  "@punctual/server/api/Idempotent",
  { error: [IdempotencyKeyReused, IdempotencyInProgress, QuotaExceeded, Unavailable] }
) {}

/** Whether an earlier run of this very request died before it could answer: its work may be there already. */
export class Attempt extends Context.Service<Attempt, { readonly isRerun: boolean; readonly key: string | null }>()(
  "@punctual/server/api/Attempt"
) {}

/** Everything that is refused because of its form: a parameter twice, a body too long or too deep, a wrong member. */
export class WellFormed extends HttpApiMiddleware.Service<WellFormed>()("@punctual/server/api/WellFormed", {
  error: [InvalidRequest, PayloadTooLarge, UnsupportedMediaType, InternalError]
}) {}
