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
import { CurrentNotes } from "../http/RequestNotes.ts"
import { digestOf, sameDigest } from "./ApiKey.ts"

/** Longer texts are no keys of ours: not even hashed. */
const keyLengthMax = 512

const refused = Effect.fail(new Unauthorized({ detail: "Send a valid API key as `Authorization: Token <key>`." }))

export const layerAuthorization: Layer.Layer<Authorization, never, Accounts> = Layer.effect(
  Authorization,
  Effect.gen(function* () {
    const accounts = yield* Accounts
    const callerOf = Effect.fnUntraced(function* (credential: Redacted.Redacted) {
      const text = Redacted.value(credential)
      if (text === "" || text.length > keyLengthMax) return yield* refused
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
      Effect.flatMap(callerOf(credential), (caller) => calledBy(caller, handler))
    return Authorization.of({ token: check, bearer: check })
  })
)

/** Every line of the request says whose it is. */
const calledBy = <A, E, R>(
  caller: Caller["Service"],
  handler: Effect.Effect<A, E, R>
): Effect.Effect<A, E, Exclude<R, Caller>> =>
  Effect.flatMap(CurrentNotes, (notes) => {
    notes.userId = caller.userId
    notes.keyId = caller.keyId
    return handler.pipe(Effect.provideService(Caller, caller), Effect.annotateLogs({ caller: caller.userId }))
  })

/** Whose idempotency keys an admin call uses: no user id has such a form. */
export const adminCaller = { userId: "admin", workspaceId: "admin", keyId: "admin" }

/** Without an admin key the admin endpoints are not there. */
export const layerAdmin = (adminKey: Option.Option<Redacted.Redacted>): Layer.Layer<AdminOnly> => {
  const expected = Option.map(adminKey, (key) => digestOf(Redacted.value(key)))
  const check: AdminOnly["Service"]["token"] = (handler, { credential }) => {
    if (Option.isNone(expected)) return Effect.fail(new NotFound({ detail: "No such address." }))
    return sameDigest(digestOf(Redacted.value(credential)), expected.value) ? calledBy(adminCaller, handler) : refused
  }
  return Layer.succeed(AdminOnly, AdminOnly.of({ token: check, bearer: check }))
}
