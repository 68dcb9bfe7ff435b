/**
 * The guide's sign-in tool as an HTTP application: a start page, the way to the provider, the way back, the tokens.
 *
 * Decides who is served: requests that were made to this machine under its own names, so that a foreign name pointed at
 * this address gets nothing. Keeps nothing once it has shown the tokens, and never writes them anywhere.
 */
import { Clock, Deferred, Effect } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"
import { browserOf, nameFor, withBrowser } from "../../oauth/Browser.ts"
import { expired, returned } from "../../oauth/CallbackPage.ts"
import { type Redeem, authorizeUrl, newProof } from "../../oauth/CodeFlow.ts"
import { headers } from "../../oauth/Page.ts"
import { callbackPathOf } from "../../oauth/services/SignInService.ts"
import { failedPage, startPage, startPath, tokenPage } from "./Pages.ts"
import { makePending } from "./Pending.ts"
import type { Settings } from "./Settings.ts"

type Respond = Effect.Effect<HttpServerResponse.HttpServerResponse, never, HttpServerRequest.HttpServerRequest>

export interface SignInTool {
  readonly handle: Respond
  /** Waits until someone has got a refresh token. */
  readonly done: Effect.Effect<void>
}

/** `tell` is given what failed, for the terminal: sentences of ours, with nothing of what was sent or received. */
export const makeSignInTool = Effect.fnUntraced(function* (
  { app, origin, port }: Settings,
  redeem: Redeem,
  tell: (line: string) => Effect.Effect<void>
): Effect.fn.Return<SignInTool> {
  const { service } = app
  const pending = makePending()
  const finished = yield* Deferred.make<void>()

  const start = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
    // A sign-in begins here, not on somebody's page.
    if (request.headers["sec-fetch-site"] === "cross-site") return redirectTo(`${origin}/`)
    const browser = nameFor(request, origin)
    const proof = newProof()
    pending.add(proof, browser, yield* Clock.currentTimeMillis)
    return withBrowser(redirectTo(authorizeUrl(app, proof)), browser, origin)
  })

  const failed = (status: number, detail: string, said: string | null) =>
    Effect.as(tell(detail), failedPage(app, status, detail, said))

  const callback = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
    const { code, error, errorDescription, state } = yield* parametersOf(request, origin)
    const now = yield* Clock.currentTimeMillis
    const verifier = state === null ? null : pending.take(state, browserOf(request, origin), now)
    // Not ours: nothing it says is shown.
    if (verifier === null) return failedPage(app, 400, expired)
    if (error !== null || code === null) {
      const { message, said } = service.pageRefusal(error ?? "no code", errorDescription)
      return yield* failed(400, message, said)
    }
    const redeemed = yield* redeem(code, verifier)
    if (redeemed.kind === "refused") return yield* failed(502, redeemed.detail, redeemed.said)
    if (redeemed.tokens.refreshToken === null) yield* tell(`${service.company} returned no refresh token.`)
    else yield* Deferred.succeed(finished, undefined)
    return tokenPage(app, redeemed.tokens)
  })

  const answer = Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const host = request.headers["host"] ?? ""
    const path = request.url.split("?", 1)[0] ?? ""
    if (![`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`].includes(host))
      return plain(421, "Not served here.")
    if (request.method !== "GET") return plain(405, "Only GET.", { allow: "GET" })
    // Cookies belong to a name: everything goes by the one that the provider sends the browser back to.
    if (host !== `localhost:${port}`) return path === "/" ? redirectTo(`${origin}/`) : plain(404, "Nothing here.")
    if (path === "/") return startPage(app)
    if (path === startPath) return yield* start(request)
    return path === callbackPathOf(service.provider) ? yield* callback(request) : plain(404, "Nothing here.")
  })

  // A connection kept open would hold up the end.
  const handle = Effect.map(answer, HttpServerResponse.setHeader("connection", "close"))
  return { handle, done: Deferred.await(finished) }
})

const parametersOf = (request: HttpServerRequest.HttpServerRequest, origin: string) =>
  Effect.provideService(
    returned,
    HttpServerRequest.ParsedSearchParams,
    HttpServerRequest.searchParamsFromURL(new URL(request.url, origin))
  )

const redirectTo = (location: string): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.redirect(location, { status: 303, headers })

const plain = (status: number, text: string, more: Readonly<Record<string, string>> = {}) =>
  HttpServerResponse.text(`${text}\n`, { status, headers: { ...headers, ...more } })
