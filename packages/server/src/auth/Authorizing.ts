/**
 * Who is calling: the user of an API key, or the holder of the admin key.
 *
 * Decides between caller and 401, with one answer for every way in which a key can be wrong. Never logs a key, and
 * never tells a revoked one from one that never was.
 */
import { Effect, Layer, Option, Redacted } from "effect"
import { Accounts } from "@punctual/core/accounts"
import { AdminOnly, Authorization, Caller } from "../api/Middleware.ts"
import { NotFound, Unauthorized, Unavailable } from "../api/Problems.ts"
import { digestOf, sameDigest } from "./ApiKey.ts"
import * as KeyCheck from "./KeyCheck.ts"

const refused = Effect.fail(new Unauthorized({ detail: "Send a valid API key as `Authorization: Token <key>`." }))

const layerAuthorization: Layer.Layer<Authorization, never, Accounts> = Layer.effect(
  Authorization,
  Effect.gen(function* () {
    const accounts = yield* Accounts
    const callerOf = Effect.fnUntraced(function* (credential: Redacted.Redacted) {
      const text = Redacted.value(credential)
      if (text === "" || text.length > KeyCheck.keyLengthMax) return yield* refused
      const digest = digestOf(text)
      const found = yield* accounts.findKey(digest).pipe(
        Effect.tapError((error) => Effect.logWarning("keys can't be looked up", error.message)),
        // As a defect: after a failure the other scheme would be tried, and its refusal would be the answer.
        Effect.catch(() =>
          Effect.die(new Unavailable({ detail: "Keys can't be checked right now. Try again shortly." }))
        )
      )
      if (Option.isNone(found) || !sameDigest(found.value.key.digest, digest)) return yield* refused
      const { key, user } = found.value
      return { userId: user.id, workspaceId: user.workspaceId, keyId: key.id }
    })
    const check: Authorization["Service"]["token"] = (handler, { credential }) =>
      Effect.flatMap(callerOf(credential), (caller) => Effect.provideService(handler, Caller, caller))
    return Authorization.of({ token: check, bearer: check })
  })
)

/** Whose idempotency keys an admin call uses: no user id has such a form. */
export const adminCaller = { userId: "admin", workspaceId: "admin", keyId: "admin" }

/** Without an admin key the admin endpoints are not there. */
const layerAdmin = (adminKey: Option.Option<Redacted.Redacted>): Layer.Layer<AdminOnly> => {
  const expected = Option.map(adminKey, (key) => digestOf(Redacted.value(key)))
  const check: AdminOnly["Service"]["token"] = (handler, { credential }) => {
    if (Option.isNone(expected)) return Effect.fail(new NotFound({ detail: "No such address." }))
    return sameDigest(digestOf(Redacted.value(credential)), expected.value)
      ? Effect.provideService(handler, Caller, adminCaller)
      : refused
  }
  return Layer.succeed(AdminOnly, AdminOnly.of({ token: check, bearer: check }))
}

/** Both doors, and whether a key is anybody's before a request is let in. */
export const layer = (adminKey: Option.Option<Redacted.Redacted>) =>
  Layer.mergeAll(layerAuthorization, layerAdmin(adminKey), KeyCheck.layer(adminKey))
