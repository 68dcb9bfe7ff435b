/**
 * A code for a refresh token, at each provider: what is sent, and what its refusals are in words.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { type App, makeExchange } from "../../src/oauth/CodeFlow.ts"
import { app, ofGoogle } from "./Apps.ts"
import { microsoftSignIn } from "../../src/oauth/services/Microsoft.ts"

describe("a code for a refresh token", () => {
  const answering = (status: number, body: string, seen: Array<string> = [], of: App = contoso) =>
    makeExchange(
      HttpClient.make((request) =>
        Effect.sync(() => {
          const text = request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""
          seen.push(`${request.method} ${request.url} ${text}`)
          return HttpClientResponse.fromWeb(request, new Response(body, { status }))
        })
      ),
      of
    )
  const contoso = { ...app, service: microsoftSignIn(new URL("https://login.microsoftonline.us/contoso")) }

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

  const scope =
    "openid https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/calendar.readonly"
  it.effect.each([
    [
      200,
      { access_token: "x", refresh_token: "1//0g", scope: scope.replace(/ [^ ]*calendar.readonly/, "") },
      "auth/calendar.events.readonly and https://www.googleapis.com/auth/calendar.calendarlist.readonly"
    ],
    [200, { access_token: "x", scope }, "no refresh token"],
    [400, { error: "invalid_grant", error_description: "Bad Request" }, "used already"],
    [400, { error: "redirect_uri_mismatch" }, "authorized redirect URIs"],
    [401, { error: "invalid_client", error_description: "Unauthorized" }, "client secret"],
    [400, { error: "admin_policy_enforced" }, "administrator"],
    [503, {}, "busy"]
  ] as const)("of Google %i %o is a refusal in words", ([status, body, word]) =>
    Effect.gen(function* () {
      const result = yield* answering(status, JSON.stringify(body), [], ofGoogle)("c", "v")
      assert.include(result.kind === "refused" ? result.detail : "granted", word)
    })
  )

  it.effect("of Google goes to its token endpoint, and what was granted beside the least is no matter", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const body = JSON.stringify({ access_token: "x", refresh_token: "1//0g", scope })
      const result = yield* answering(200, body, seen, ofGoogle)("c", "v")
      assert.strictEqual(result.kind, "granted")
      assert.match(seen[0] ?? "", /^POST https:\/\/oauth2\.googleapis\.com\/token /)
      const form = new URLSearchParams((seen[0] ?? "").split(" ").at(2))
      assert.deepInclude(Object.fromEntries(form), {
        grant_type: "authorization_code",
        code: "c",
        code_verifier: "v",
        client_id: "their-app",
        redirect_uri: ofGoogle.redirectUri
      })
    })
  )
})
