/** MSAL, really, against a sign-in service that is a function. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { type Answer } from "../../../core/test/http/FakeService.ts"
import { payloadObject } from "../fakes/Payloads.ts"
import { clientId, credentialsOf, formOf, loginAt, tokenBody } from "../fakes/FakeLogin.ts"

const microsoft = "https://login.microsoftonline.com"
const ok: Answer = { body: tokenBody() }

const refusedWith = (answer: Answer, secret = "marker-secret") =>
  Effect.flip(loginAt(microsoft, () => answer).redeem(credentialsOf({ clientSecret: secret })))

describe("redeeming", () => {
  it.effect("takes one request, and brings the rotated token, the lifetime and the account home", () =>
    Effect.gen(function* () {
      const { login, redeem } = loginAt(microsoft, () => ok)
      const granted = yield* redeem(credentialsOf())
      assert.strictEqual(Redacted.value(granted.accessToken), "marker-access-1")
      assert.strictEqual(
        granted.refreshToken === null ? null : Redacted.value(granted.refreshToken),
        "marker-refresh-1"
      )
      assert.strictEqual(granted.accountId, "oid-1.tenant-1")
      assert.approximately(granted.lifetimeMillis, 3_599_000, 5_000)
      assert.includeMembers([...granted.scopes], ["Calendars.Read", "User.Read"])
      assert.lengthOf(login.sent, 1)
      assert.match(login.sent[0]?.url ?? "", /^https:\/\/login\.microsoftonline\.com\/common\/oauth2\/v2\.0\/token\?/)
      const form = formOf(login.sent[0])
      assert.strictEqual(form.get("grant_type"), "refresh_token")
      assert.strictEqual(form.get("client_id"), clientId)
      assert.strictEqual(form.get("client_secret"), "marker-secret")
      assert.strictEqual(form.get("refresh_token"), "marker-refresh-0")
      assert.match(form.get("scope") ?? "", /Calendars\.Read User\.Read .*offline_access/)
      assert.notInclude(login.sent[0]?.url ?? "", "marker")
    })
  )

  it.effect.each([
    ["https://login.microsoftonline.us", "https://login.microsoftonline.us/common/oauth2/v2.0/token"],
    ["https://login.partner.microsoftonline.cn", "https://login.partner.microsoftonline.cn/common/oauth2/v2.0/token"],
    ["https://login.microsoftonline.com/contoso.example", `${microsoft}/contoso.example/oauth2/v2.0/token`],
    ["https://login.example.com", "https://login.example.com/common/oauth2/v2.0/token"],
    ["http://127.0.0.1:4010", "http://127.0.0.1:4010/common/oauth2/v2.0/token"],
    ["http://localhost:4010", "http://localhost:4010/common/oauth2/v2.0/token"]
  ])("asks %s at its token endpoint and nowhere else", ([address, endpoint]) =>
    Effect.gen(function* () {
      const { login, redeem } = loginAt(address as string, () => ok)
      yield* redeem(credentialsOf())
      assert.deepStrictEqual(
        login.sent.map(({ url }) => url.replace(/\?.*/, "")),
        [endpoint]
      )
    })
  )

  it.effect.each([
    ["no id token", tokenBody({ id_token: undefined })],
    ["no client info", tokenBody({ client_info: undefined })],
    ["scopes written as addresses", tokenBody({ scope: "https://graph.microsoft.com/Calendars.Read" })],
    ["Microsoft's own sample", payloadObject("token.success.auth-code")],
    ["another of them", payloadObject("token.success.graph-docs")]
  ])("%s is a token too", ([_, body]) =>
    Effect.gen(function* () {
      const isSample = (body as Record<string, unknown>)["client_info"] === undefined
      // The samples' id tokens are cut off in the middle.
      const answer = isSample ? { ...(body as object), id_token: undefined } : body
      const granted = yield* loginAt(microsoft, () => ({ body: answer })).redeem(credentialsOf())
      assert.isNotEmpty(Redacted.value(granted.accessToken))
      assert.isNotNull(granted.refreshToken)
    })
  )

  it.effect("a service that keeps the old refresh token", () =>
    Effect.gen(function* () {
      const body = tokenBody({ refresh_token: undefined })
      const granted = yield* loginAt(microsoft, () => ({ body })).redeem(credentialsOf())
      assert.isNull(granted.refreshToken)
    })
  )
})

describe("refusals through MSAL", () => {
  it.effect.each([
    ["token.error.invalid_client.7000215", 401, "SecretRejected"],
    ["token.error.invalid_client.7000222", 401, "SecretRejected"],
    ["token.error.invalid_grant.700082", 400, "GrantRevoked"],
    ["token.error.invalid_scope", 400, "GrantRevoked"]
  ])("%s", ([name, status, tag]) =>
    Effect.gen(function* () {
      const refusal = yield* refusedWith({ status: status as number, body: payloadObject(name as string) })
      assert.strictEqual(refusal.reason._tag, tag)
      assert.isFalse(refusal.mayRepeat)
    })
  )

  it.effect.each([
    [
      { status: 429, headers: { "retry-after": "17" } },
      { _tag: "Throttled", retryAfterMillis: 17_000 }
    ],
    [
      { status: 503, headers: { "retry-after": "2.5" } },
      { _tag: "Throttled", retryAfterMillis: 2_500 }
    ],
    [{ status: 503 }, { _tag: "Unavailable" }],
    [{ status: 502, body: "<html>bad gateway</html>" }, { _tag: "Unavailable" }],
    [{ status: 200, body: "<html>hello</html>" }, { _tag: "Unavailable" }],
    [{ status: 200, body: {} }, { _tag: "Unavailable" }],
    [{ status: 200, body: [] }, { _tag: "Unavailable" }],
    [{ status: 200, body: '{"access_token":"cut' }, { _tag: "Unavailable" }],
    [{ status: 302, headers: { location: "https://evil.example/token" } }, { _tag: "Unavailable" }],
    [{ dropped: true }, { _tag: "Unavailable" }],
    [{ status: 200, body: "x".repeat(2_000_000) }, { _tag: "Unavailable" }]
  ])("a fault is no refusal: %j", ([answer, expected]) =>
    Effect.gen(function* () {
      assert.deepInclude((yield* refusedWith(answer as Answer)).reason, expected as object)
    })
  )

  it.effect("nothing is asked where nothing could be", () =>
    Effect.gen(function* () {
      const { login, redeem } = loginAt(microsoft, () => ok)
      const refusal = yield* Effect.flip(redeem(credentialsOf({ clientSecret: "" })))
      assert.strictEqual(refusal.reason._tag, "SecretRejected")
      assert.lengthOf(login.sent, 0)
    })
  )

  it.effect("one user's throttling is not another's, with the same app", () =>
    Effect.gen(function* () {
      const { login, redeem } = loginAt(microsoft, (request) =>
        formOf(request).get("refresh_token") === "throttled" ? { status: 429, headers: { "retry-after": "60" } } : ok
      )
      assert.strictEqual(
        (yield* Effect.flip(redeem(credentialsOf({ refreshToken: "throttled" })))).reason._tag,
        "Throttled"
      )
      yield* redeem(credentialsOf())
      assert.lengthOf(login.sent, 2)
    })
  )

  it.effect("no refusal holds a secret", () =>
    Effect.gen(function* () {
      const echo = { error: "something", error_description: "marker-secret marker-refresh-0" }
      for (const answer of [{ dropped: true }, { status: 400, body: echo }, { status: 500, body: "marker-secret" }]) {
        const refusal = yield* refusedWith(answer)
        assert.notInclude(`${JSON.stringify(refusal)}${String(refusal.reason)}${refusal.reason.stack}`, "marker")
      }
    })
  )
})
