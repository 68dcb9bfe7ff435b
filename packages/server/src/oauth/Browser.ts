/**
 * Which browser a sign-in belongs to: a name of 256 bits of chance, in a cookie that no script reads.
 *
 * Decides the cookie. Over https it carries the `__Host-` prefix, so that no neighbouring host can plant one. `Lax` and
 * not `Strict`: the way back from the provider is a navigation from another site.
 */
import { Effect } from "effect"
import { HttpEffect, type HttpServerRequest, HttpServerResponse } from "effect/http"
import { randomSecret } from "../auth/RandomId.ts"

/** Ten minutes to sign in. */
export const signInMillis = 600_000

const isSecure = (address: string): boolean => address.startsWith("https:")

const cookieName = (address: string): string => (isSecure(address) ? "__Host-punctual-sign-in" : "punctual-sign-in")

/** The browser's name; null: it has none of ours. `address` is where this server is reached. */
export const browserOf = (request: HttpServerRequest.HttpServerRequest, address: string): string | null => {
  const value = request.cookies[cookieName(address)] ?? ""
  return /^[A-Za-z0-9_-]{43}$/.test(value) ? value : null
}

/** A browser keeps its name: a second tab must not make the first one's sign-in a stranger's. */
export const nameFor = (request: HttpServerRequest.HttpServerRequest, address: string): string =>
  browserOf(request, address) ?? randomSecret()

export const withBrowser = (
  response: HttpServerResponse.HttpServerResponse,
  browser: string,
  address: string
): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.setCookieUnsafe(response, cookieName(address), browser, {
    httpOnly: true,
    sameSite: "lax",
    secure: isSecure(address),
    path: "/",
    maxAge: signInMillis
  })

/** The same on whatever is answered. */
export const rememberBrowser = (browser: string, address: string) =>
  HttpEffect.appendPreResponseHandler((_, response) => Effect.succeed(withBrowser(response, browser, address)))
