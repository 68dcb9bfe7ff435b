/**
 * Who is calling: the user of an API key, or the holder of the admin key.
 *
 * Decides between caller and 401, with one answer for every way in which a key can be wrong. Never logs a key, and
 * never tells a revoked one from one that never was.
 */
import { Effect, Layer, Option, Redacted } from "effect"
import { HttpServerRequest } from "effect/http"
import type { UserId } from "@punctual/core"
import { Accounts, type AccountsUnavailable } from "@punctual/core/accounts"
import { AdminOnly, Authorization, Caller } from "../api/Middleware.ts"
import { NotFound, Unauthorized, Unavailable } from "../api/Problems.ts"
import { CurrentNotes } from "./RequestNotes.ts"
import { digestOf, sameDigest } from "./ApiKey.ts"
import * as KeyCheck from "./KeyCheck.ts"

const refused = Effect.fail(new Unauthorized({ detail: "Send a valid API key as `Authorization: Token <key>`." }))

const layerAuthorization = (adminKey: Option.Option<Redacted.Redacted>): Layer.Layer<Authorization, never, Accounts> =>
  Layer.effect(
    Authorization,
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const expected = Option.map(adminKey, (key) => digestOf(Redacted.value(key)))
      const callerOf = Effect.fnUntraced(function* (credential: Redacted.Redacted) {
        const text = Redacted.value(credential)
        if (text === "" || text.length > KeyCheck.keyLengthMax) return yield* refused
        const digest = digestOf(text)
        if (Option.isSome(expected) && sameDigest(digest, expected.value)) return yield* lookingAt(accounts)
        const found = yield* storing(accounts.findKey(digest))
        if (Option.isNone(found) || !sameDigest(found.value.key.digest, digest)) return yield* refused
        const { key, user } = found.value
        return { userId: user.id, workspaceId: user.workspaceId, keyId: key.id }
      })
      const check: Authorization["Service"]["token"] = (handler, { credential }) =>
        Effect.flatMap(callerOf(credential), (caller) =>
          calledBy(caller, caller.keyId === adminCaller.keyId ? withoutUserId(handler) : handler)
        )
      return Authorization.of({ token: check, bearer: check })
    })
  )

/** The admin key looks at any user's pages, named by `user_id`; it changes nothing there, and is no user's key elsewhere. */
const lookingAt = Effect.fnUntraced(function* (accounts: Accounts["Service"]) {
  const { method, url } = yield* HttpServerRequest.HttpServerRequest
  const userId = new URL(url, "http://localhost").searchParams.get("user_id")
  if (method !== "GET" || userId === null || userId === "") return yield* refused
  const user = Option.getOrNull(yield* storing(accounts.user(userId as UserId)))
  // As a defect: after a failure the other scheme would be tried, and its refusal would be the answer.
  if (user === null) return yield* Effect.die(new NotFound({ detail: "No such user." }))
  return { userId: user.id, workspaceId: user.workspaceId, keyId: adminCaller.keyId }
})

/** The parameter is read by then, and no endpoint of users' has one of that name. */
const withoutUserId = <A, E, R>(handler: Effect.Effect<A, E, R>) =>
  Effect.flatMap(HttpServerRequest.ParsedSearchParams, ({ user_id: _read, ...others }) =>
    Effect.provideService(handler, HttpServerRequest.ParsedSearchParams, others)
  )

const storing = <A>(effect: Effect.Effect<A, AccountsUnavailable>): Effect.Effect<A> =>
  effect.pipe(
    Effect.tapError((error) => Effect.logWarning("keys can't be looked up", error.message)),
    // As a defect, likewise.
    Effect.catch(() => Effect.die(new Unavailable({ detail: "Keys can't be checked right now. Try again shortly." })))
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
const layerAdmin = (adminKey: Option.Option<Redacted.Redacted>): Layer.Layer<AdminOnly> => {
  const expected = Option.map(adminKey, (key) => digestOf(Redacted.value(key)))
  const check: AdminOnly["Service"]["token"] = (handler, { credential }) => {
    if (Option.isNone(expected)) return Effect.fail(new NotFound({ detail: "No such address." }))
    return sameDigest(digestOf(Redacted.value(credential)), expected.value) ? calledBy(adminCaller, handler) : refused
  }
  return Layer.succeed(AdminOnly, AdminOnly.of({ token: check, bearer: check }))
}

/** Both doors, and whether a key is anybody's before a request is let in. */
export const layer = (adminKey: Option.Option<Redacted.Redacted>) =>
  Layer.mergeAll(layerAuthorization(adminKey), layerAdmin(adminKey), KeyCheck.layer(adminKey))
