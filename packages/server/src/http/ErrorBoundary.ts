/**
 * The outermost layer of HTTP: whatever happens inside, the client gets an answer of the contract's form.
 *
 * Decides what no handler could: addresses and methods that do not exist, and what a failure of ours looks like from
 * outside. Counts and logs each request. Never shows a stack, a query or a token.
 */
import { Cause, Clock, Effect, LogLevel, Option } from "effect"
import { HttpServerError, HttpServerRequest, HttpServerRespondable, HttpServerResponse } from "effect/http"
import { InternalError, MethodNotAllowed, NotFound } from "../api/Problems.ts"
import { CurrentNotes, type RequestNotes, noNotes } from "../auth/RequestNotes.ts"
import { countRequest } from "./Counters.ts"
import { ourFault } from "./RequestValidation.ts"
import type { Routes } from "./Routes.ts"
import { randomId } from "../auth/RandomId.ts"

type Respond<R> = Effect.Effect<HttpServerResponse.HttpServerResponse, never, R | HttpServerRequest.HttpServerRequest>

export const errorBoundary =
  (routes: Routes) =>
  <E, R>(app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>): Respond<R> =>
    Effect.gen(function* () {
      const request = yield* HttpServerRequest.HttpServerRequest
      const startedAt = yield* Clock.currentTimeMillis
      const requestId = randomId("req")
      const notes = noNotes()
      const response = yield* app.pipe(
        Effect.catchCause((cause) => Effect.annotateLogs(answerTo(cause, request, routes), whoseOf(notes))),
        Effect.annotateLogs({ request_id: requestId }),
        Effect.provideService(CurrentNotes, notes)
      )
      const took = (yield* Clock.currentTimeMillis) - startedAt
      const route = routes.nameOf(request.method, request.url) ?? "none"
      yield* countRequest(route, response.status, took)
      const code = codeOf(response)
      const level = levelOf(request.method, route, response.status, code)
      if (yield* LogLevel.isEnabled(level)) {
        yield* Effect.logWithLevel(level)("request").pipe(
          Effect.annotateLogs({
            request_id: requestId,
            route,
            status: response.status,
            took_ms: took,
            ...(code !== null && { code }),
            ...whoseOf(notes),
            ...routes.idsOf(request.method, request.url)
          })
        )
      }
      return finished(response, requestId)
    })

const whoseOf = ({ keyId, userId }: RequestNotes): Readonly<Record<string, unknown>> =>
  userId === null ? {} : { caller: userId, key_id: keyId }

/**
 * What changes something, or fails because of us, is worth a line. Reads, notifications and callers who are turned away
 * come by the thousand, and are counted.
 */
const levelOf = (method: string, route: string, status: number, code: string | null): "Info" | "Debug" => {
  // Storage out of reach has a line of its own, and fails every request until it is back.
  if (code === storageAway) return "Debug"
  if (status >= 500) return "Info"
  const isRead = method === "GET" || method === "HEAD"
  const isTurnedAway = route === "none" || status === 401 || status === 429
  return isRead || isTurnedAway || route.startsWith("POST /webhooks/") ? "Debug" : "Info"
}

const storageAway = "unavailable"

/** The problem's stable word; null: the answer is no problem. */
const codeOf = ({ body, headers }: HttpServerResponse.HttpServerResponse): string | null => {
  if (headers["content-type"]?.startsWith("application/problem+json") !== true || body._tag !== "Uint8Array")
    return null
  const { code } = JSON.parse(new TextDecoder().decode(body.body)) as { readonly code?: unknown }
  return typeof code === "string" ? code : null
}

/** What the client sees of a failure. Interruption is no failure of ours: nobody is left to answer. */
const answerTo = Effect.fnUntraced(function* <E>(
  cause: Cause.Cause<E>,
  request: HttpServerRequest.HttpServerRequest,
  routes: Routes
): Effect.fn.Return<HttpServerResponse.HttpServerResponse> {
  if (Cause.hasInterruptsOnly(cause)) return yield* Effect.interrupt
  for (const reason of cause.reasons) {
    if (reason._tag === "Interrupt") continue
    const value: unknown = reason._tag === "Fail" ? reason.error : reason.defect
    if (HttpServerResponse.isHttpServerResponse(value)) return value
    if (isRouteNotFound(value)) return yield* notFound(request, routes)
    if (isProblem(value)) return yield* HttpServerRespondable.toResponse(value).pipe(Effect.orDie)
  }
  yield* Effect.logError("a request failed", Cause.pretty(cause))
  return yield* HttpServerRespondable.toResponse(new InternalError({ detail: ourFault })).pipe(Effect.orDie)
})

const isRouteNotFound = (value: unknown): boolean =>
  HttpServerError.isHttpServerError(value) && value.reason._tag === "RouteNotFound"

/** Our own problems carry a code; what else can turn itself into a response would not be of the contract's form. */
const isProblem = (value: unknown): value is HttpServerRespondable.Respondable =>
  HttpServerRespondable.isRespondable(value) && "code" in value && "status" in value

const notFound = Effect.fnUntraced(function* (
  request: HttpServerRequest.HttpServerRequest,
  routes: Routes
): Effect.fn.Return<HttpServerResponse.HttpServerResponse> {
  const methods = routes.methodsOf(request.url)
  if (methods.length === 0) {
    return yield* Effect.orDie(HttpServerRespondable.toResponse(new NotFound({ detail: "No such address." })))
  }
  const allow = methods.join(", ")
  const response = yield* Effect.orDie(
    HttpServerRespondable.toResponse(new MethodNotAllowed({ detail: `This address takes ${allow}.` }))
  )
  return HttpServerResponse.setHeader(response, "allow", allow)
})

const challenge = 'Token realm="punctual", Bearer realm="punctual"'

const finished = (
  response: HttpServerResponse.HttpServerResponse,
  requestId: string
): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.setHeaders(response, {
    "x-request-id": requestId,
    "x-content-type-options": "nosniff",
    ...(Option.isNone(Option.fromUndefinedOr(response.headers["cache-control"])) && { "cache-control": "no-store" }),
    ...(response.status === 401 && { "www-authenticate": challenge })
  })
