/**
 * A sign-in with the server's own app: started by one user, finished once, for that user, with a verifier of its own.
 */
import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { type Credentials, Refusal } from "@punctual/core"
import type { Exchange } from "../../src/oauth/CodeFlow.ts"
import { adele, serve } from "../Kit.ts"
import { calendar, connection } from "../Samples.ts"
import { app, ofGoogle } from "./Apps.ts"

const start = "/api/v1/calendar/connect"
const back = "/api/microsoft/oauth-callback"

const credentials: Credentials = { clientId: "an-app", clientSecret: "hunter2", refreshToken: "r", obtainedAt: 1 }

const signingIn = (outcome: "granted" | "refused" = "granted") => {
  const exchanged: Array<readonly [string, string]> = []
  const connected: Array<unknown> = []
  const exchange: Exchange = (code, verifier) =>
    Effect.sync(() => {
      exchanged.push([code, verifier])
      return outcome === "granted"
        ? { kind: "granted", credentials: Redacted.make(credentials) }
        : { kind: "refused", detail: "Too late.", said: "AADSTS70008: <b>expired</b>" }
    })
  const connect = (userId: string, given: Redacted.Redacted<Credentials>, platform: string | null = null) =>
    Effect.sync(() => {
      connected.push([userId, Redacted.value(given), platform])
      return { connection, calendars: [calendar], failed: [], isReplacement: false }
    })
  return { exchanged, connected, options: { consent: [{ app, exchange }] as const, core: { connect } } }
}

describe("POST /calendar/connect", () => {
  it.effect("answers where to sign in: the guide's three scopes, PKCE, a state, and ten minutes", () =>
    Effect.gen(function* () {
      const { options } = signingIn()
      const { call } = yield* serve(options)
      yield* TestClock.setTime(1_000_000)
      const answer = yield* call("POST", start)
      assert.strictEqual(answer.status, 200, answer.text)
      assert.strictEqual(answer.json.expires_at, "1970-01-01T00:26:40Z")
      const url = new URL(answer.json.authorize_url)
      assert.strictEqual(
        `${url.origin}${url.pathname}`,
        "https://login.microsoftonline.com/common/oauth2/v2.0/authorize"
      )
      const query = Object.fromEntries(url.searchParams)
      assert.strictEqual(query["client_id"], "an-app")
      assert.strictEqual(query["response_type"], "code")
      assert.strictEqual(query["redirect_uri"], app.redirectUri)
      assert.strictEqual(query["scope"], "Calendars.Read User.Read offline_access")
      assert.strictEqual(query["code_challenge_method"], "S256")
      assert.match(query["code_challenge"] ?? "", /^[A-Za-z0-9_-]{43}$/)
      assert.match(query["state"] ?? "", /^[A-Za-z0-9_-]{43}$/)
      assert.notInclude(answer.text, "hunter2")
    })
  )

  it.effect("with Google asks for a refresh token each time, with PKCE, and for no more than is read", () =>
    Effect.gen(function* () {
      const { options } = signingIn()
      const { call } = yield* serve({
        ...options,
        consent: [...options.consent, { ...options.consent[0], app: ofGoogle }]
      })
      const first = yield* call("POST", start)
      assert.include(
        first.json.authorize_url,
        "microsoftonline",
        "the first one configured is meant where none is named"
      )
      const answer = yield* call("POST", start, { body: { provider: "google" } })
      const url = new URL(answer.json.authorize_url)
      assert.strictEqual(`${url.origin}${url.pathname}`, "https://accounts.google.com/o/oauth2/v2/auth")
      const query = Object.fromEntries(url.searchParams)
      assert.deepInclude(query, {
        client_id: "their-app",
        response_type: "code",
        access_type: "offline",
        prompt: "consent",
        redirect_uri: ofGoogle.redirectUri,
        code_challenge_method: "S256",
        scope:
          "https://www.googleapis.com/auth/calendar.events.readonly " +
          "https://www.googleapis.com/auth/calendar.calendarlist.readonly openid email profile"
      })
      assert.match(query["code_challenge"] ?? "", /^[A-Za-z0-9_-]{43}$/)
    })
  )

  it.effect("names the provider that the server has no app for", () =>
    Effect.gen(function* () {
      const { call } = yield* serve(signingIn().options)
      const none = yield* call("POST", start, { body: { provider: "google" } })
      assert.deepStrictEqual([none.status, none.json.code], [422, "consent_not_configured"])
      assert.include(none.json.detail, "GOOGLE_CLIENT_ID")
      const unknown = yield* call("POST", start, { body: { provider: "yahoo" } })
      assert.deepStrictEqual([unknown.status, unknown.json.code], [400, "invalid_request"])
    })
  )

  it.effect("without an app of the server's own it is 422 consent_not_configured", () =>
    Effect.gen(function* () {
      const { call } = yield* serve()
      const answer = yield* call("POST", start)
      assert.strictEqual(answer.status, 422)
      assert.strictEqual(answer.json.code, "consent_not_configured")
    })
  )
})

describe("the way back", () => {
  const begin = Effect.fnUntraced(function* (outcome?: "granted" | "refused") {
    const signIn = signingIn(outcome)
    const server = yield* serve(signIn.options)
    const url = new URL((yield* server.call("POST", start)).json.authorize_url)
    const parameter = (name: string) => url.searchParams.get(name) ?? ""
    return { ...signIn, ...server, state: parameter("state"), challenge: parameter("code_challenge") }
  })
  const open = (state: string, more = "code=the-code") => `${back}?state=${encodeURIComponent(state)}&${more}`

  it.effect("connects the user who asked, once", () =>
    Effect.gen(function* () {
      const { call, challenge, connected, exchanged, state } = yield* begin()
      const answer = yield* call("GET", open(state, "code=the-code&session_state=x"), { key: null })
      assert.strictEqual(answer.status, 200)
      assert.include(answer.text, "user@example.com")
      assert.deepStrictEqual(connected, [[adele, credentials, "outlook_calendar"]])
      const [code, verifier] = exchanged[0] ?? ["", ""]
      assert.strictEqual(code, "the-code")
      assert.strictEqual(createHash("sha256").update(verifier).digest("base64url"), challenge)
      const again = yield* call("GET", open(state), { key: null })
      assert.strictEqual(again.status, 400)
      assert.lengthOf(exchanged, 1)
    })
  )

  it.effect("is refused with a state of nobody's, an old one, or none", () =>
    Effect.gen(function* () {
      const { call, exchanged, state } = yield* begin()
      for (const path of [open(`${state}x`), open(""), back, `${back}?code=x`]) {
        assert.strictEqual((yield* call("GET", path, { key: null })).status, 400, path)
      }
      yield* TestClock.adjust("10 minutes")
      assert.strictEqual((yield* call("GET", open(state), { key: null })).status, 400)
      assert.lengthOf(exchanged, 0)
    })
  )

  it.effect("ends a sign-in at its own provider's address alone", () =>
    Effect.gen(function* () {
      const { connected, options } = signingIn()
      const both = [...options.consent, { ...options.consent[0], app: ofGoogle }]
      const { call } = yield* serve({ ...options, consent: both })
      const url = new URL((yield* call("POST", start, { body: { provider: "google" } })).json.authorize_url)
      const query = `?state=${url.searchParams.get("state") ?? ""}&code=the-code`
      assert.strictEqual((yield* call("GET", `${back}${query}`, { key: null })).status, 400)
      assert.strictEqual((yield* call("GET", `/api/google/oauth-callback${query}`, { key: null })).status, 200)
      assert.deepStrictEqual(connected, [[adele, credentials, "google_calendar"]])
    })
  )

  it.effect("says that the sign-in was declined, and uses the state up", () =>
    Effect.gen(function* () {
      const { call, exchanged, state } = yield* begin()
      const declined = yield* call(
        "GET",
        open(state, "error=access_denied&error_description=AADSTS65004%3A%20%3Cscript%3E"),
        {
          key: null
        }
      )
      assert.strictEqual(declined.status, 400)
      assert.include(declined.text, "choose Accept")
      assert.include(declined.text, "AADSTS65004: &lt;script&gt;")
      assert.notInclude(declined.text, "<script>")
      assert.strictEqual((yield* call("GET", open(state), { key: null })).status, 400)
      assert.lengthOf(exchanged, 0)
    })
  )

  it.effect("escapes what Microsoft said, shows no token, and lets nothing run on the page", () =>
    Effect.gen(function* () {
      const { call, connected, state } = yield* begin("refused")
      const answer = yield* call("GET", open(state), { key: null })
      assert.strictEqual(answer.status, 502)
      assert.include(answer.text, "&lt;b&gt;expired&lt;/b&gt;")
      assert.notInclude(answer.text, "hunter2")
      assert.match(answer.headers.get("content-security-policy") ?? "", /default-src 'none'/)
      assert.strictEqual(answer.headers.get("cache-control"), "no-store")
      assert.strictEqual(answer.headers.get("referrer-policy"), "no-referrer")
      assert.lengthOf(connected, 0)
    })
  )

  it.effect("says what the core refused", () =>
    Effect.gen(function* () {
      const { options } = signingIn()
      const refusal = new Refusal({ code: "invalid_credentials", detail: "No mailbox behind this account." })
      const { call } = yield* serve({ ...options, core: { connect: () => Effect.fail(refusal) } })
      const url = new URL((yield* call("POST", start)).json.authorize_url)
      const answer = yield* call("GET", open(url.searchParams.get("state") ?? ""), { key: null })
      assert.include(answer.text, "No mailbox behind this account.")
    })
  )
})
