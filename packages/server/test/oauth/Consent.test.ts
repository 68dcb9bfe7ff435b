/**
 * A sign-in with the server's own app: started by one user, finished once, for that user, with a verifier of its own.
 */
import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { type Credentials, Refusal } from "@punctual/core"
import { type App, type Exchange, makeExchange } from "../../src/oauth/CodeFlow.ts"
import { adele, serve } from "../Kit.ts"
import { calendar, connection } from "../Samples.ts"

const app: App = {
  loginUrl: new URL("https://login.microsoftonline.com"),
  clientId: "an-app",
  clientSecret: Redacted.make("hunter2"),
  redirectUri: "https://punctual.example.com/api/microsoft/oauth-callback"
}
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
  const connect = (userId: string, given: Redacted.Redacted<Credentials>) =>
    Effect.sync(() => {
      connected.push([userId, Redacted.value(given)])
      return { connection, calendars: [calendar], failed: [], isReplacement: false }
    })
  return { exchanged, connected, options: { consent: { app, exchange }, core: { connect } } }
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
      assert.deepStrictEqual(connected, [[adele, credentials]])
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

describe("a code for a refresh token", () => {
  const answering = (status: number, body: string, seen: Array<string> = []) =>
    makeExchange(
      HttpClient.make((request) =>
        Effect.sync(() => {
          const text = request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""
          seen.push(`${request.method} ${request.url} ${text}`)
          return HttpClientResponse.fromWeb(request, new Response(body, { status }))
        })
      ),
      { ...app, loginUrl: new URL("https://login.microsoftonline.us/contoso") }
    )

  it.effect("is asked for at the tenant's token endpoint, with verifier and secret in the body", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const result = yield* answering(200, JSON.stringify({ refresh_token: "0.AX", access_token: "x" }), seen)("c", "v")
      assert.strictEqual(result.kind, "granted")
      if (result.kind !== "granted") return
      assert.deepStrictEqual(Redacted.value(result.credentials), {
        clientId: "an-app",
        clientSecret: "hunter2",
        refreshToken: "0.AX",
        obtainedAt: 0
      })
      assert.match(seen[0] ?? "", /^POST https:\/\/login\.microsoftonline\.us\/contoso\/oauth2\/v2\.0\/token /)
      const form = new URLSearchParams((seen[0] ?? "").split(" ").at(2))
      assert.strictEqual(form.get("code_verifier"), "v")
      assert.strictEqual(form.get("grant_type"), "authorization_code")
    })
  )

  it.effect.each([
    [200, JSON.stringify({ access_token: "x" }), "offline_access"],
    [200, "{}", "without any token"],
    [400, JSON.stringify({ error: "invalid_grant", error_description: "AADSTS70008: expired" }), "took too long"],
    [400, "<html>", "answered 400"],
    [302, "", "answered 302"],
    [500, "x".repeat(200_000), "answered 500"]
  ] as const)("%i is a refusal in words", ([status, body, word]) =>
    Effect.gen(function* () {
      const result = yield* answering(status, body)("c", "v")
      assert.strictEqual(result.kind, "refused")
      assert.include(result.kind === "refused" ? result.detail : "", word)
      assert.notInclude(JSON.stringify(result), "hunter2")
    })
  )
})
