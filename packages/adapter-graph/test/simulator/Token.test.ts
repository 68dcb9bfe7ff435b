/** The token endpoint and the sign-in page: who gets what, and every refusal in Entra's words. */
import { assert, describe, it } from "@effect/vitest"
import { createHash } from "node:crypto"
import { type Reply, appAdded } from "../../simulator/index.ts"
import { type Client, type Json, adele, day, makeClient, minute, monday, text } from "./Client.ts"
import { differences, payload } from "./Payloads.ts"

const clientId = "11111111-2222-3333-4444-555555555555"
const app = { client_id: clientId, client_secret: "simulated~client~secret" }
const redirect = "http://localhost:3000/callback"

const token = (client: Client, fields: Readonly<Record<string, string>>): Reply =>
  client.form("/common/oauth2/v2.0/token", { ...app, ...fields })

const refresh = (client: Client, fields: Readonly<Record<string, string>> = {}): Reply =>
  token(client, { grant_type: "refresh_token", refresh_token: client.refreshToken, ...fields })

const body = (reply: Reply): Json => reply.body as Json // every answer of the token endpoint is an object

const refused = (reply: Reply) => {
  const { error, error_codes, suberror } = body(reply)
  return [reply.status, error, ...(error_codes as ReadonlyArray<unknown>), suberror ?? ""]
}

const signIn = (client: Client, fields: Readonly<Record<string, string>> = {}, decision = "accept"): Reply =>
  client.form("/common/oauth2/v2.0/authorize", {
    client_id: clientId,
    response_type: "code",
    redirect_uri: redirect,
    scope: "Calendars.Read User.Read openid profile offline_access",
    state: "st8",
    account: adele,
    decision,
    ...fields
  })

const landed = (reply: Reply): URLSearchParams => new URL(String(reply.headers["location"])).searchParams

const claims = (reply: Reply): Json =>
  JSON.parse(Buffer.from(text(body(reply), "id_token").split(".")[1] ?? "", "base64url").toString()) as Json // the claims are an object

describe("refreshing", () => {
  it("answers what a real one does", () => {
    const reply = refresh(makeClient(), { scope: "Calendars.Read openid offline_access" })
    assert.strictEqual(reply.status, 200)
    assert.deepStrictEqual(differences(payload("token.success.auth-code"), reply.body), [])
    assert.deepStrictEqual(differences(payload("token.success.graph-docs"), reply.body), [])
    assert.strictEqual(body(reply)["expires_in"], 3_599)
  })

  it("brings a new refresh token and leaves the old one valid, both ways round", () => {
    const client = makeClient()
    const first = text(body(refresh(client)), "refresh_token")
    assert.notStrictEqual(first, client.refreshToken)
    assert.strictEqual(refresh(client).status, 200)
    assert.strictEqual(refresh(client, { refresh_token: first }).status, 200)
  })

  it("or brings none", () => {
    assert.notProperty(body(refresh(makeClient({}, { token: { rotate: false } }))), "refresh_token")
  })

  it("the access token works", () => {
    const client = makeClient()
    client.now += 2 * 60 * minute
    assert.strictEqual(client.ask("/v1.0/me").status, 401)
    client.token = text(body(refresh(client)), "access_token")
    assert.strictEqual(client.ask("/v1.0/me").status, 200)
  })

  it("spells scopes short, or as addresses, and never says offline_access", () => {
    for (const [scopeSpelling, spelt] of [
      ["short", "Calendars.Read"],
      ["uri", "https://graph.microsoft.com/Calendars.Read"]
    ] as const) {
      const client = makeClient({}, { token: { scopeSpelling } })
      for (const asked of ["Calendars.Read", "https://graph.microsoft.com/Calendars.Read"]) {
        const scope = text(body(refresh(client, { scope: asked })), "scope").split(" ")
        assert.include(scope, spelt)
        assert.notInclude(scope, "offline_access")
      }
    }
  })

  it("with client_info=1 says whose account it is; an id token comes with openid only, a nonce never unasked", () => {
    const client = makeClient()
    const plain = refresh(client, { scope: "Calendars.Read" })
    assert.notProperty(body(plain), "id_token")
    assert.notProperty(body(plain), "client_info")
    const full = refresh(client, { scope: "Calendars.Read openid", client_info: "1" })
    assert.notProperty(claims(full), "nonce")
    const info = JSON.parse(Buffer.from(text(body(full), "client_info"), "base64url").toString()) as Json // made two lines above
    assert.deepStrictEqual([info["uid"], info["utid"]], [claims(full)["oid"], claims(full)["tid"]])
  })

  it("a personal account lives in the tenant of all personal accounts", () => {
    const client = makeClient({ account: "personal" })
    assert.strictEqual(claims(refresh(client, { scope: "openid" }))["tid"], "9188040d-6c67-4c5b-b112-36a304b66dad")
    assert.match(text(body(refresh(client)), "access_token"), /^EwB/)
    assert.isNull(client.get("/v1.0/me")["mail"])
  })
})

describe("refusals", () => {
  it("a wrong secret, also the id of the right one", () => {
    for (const client_secret of ["wrong", "99999999-8888-7777-6666-555555555555"]) {
      const reply = refresh(makeClient(), { client_secret })
      assert.deepStrictEqual(refused(reply), [401, "invalid_client", 7_000_215, ""])
      assert.deepStrictEqual(differences(payload("token.error.invalid_client.7000215"), reply.body), [])
      assert.include(text(body(reply), "error_description"), clientId)
    }
  })

  it("an expired secret", () => {
    const client = makeClient()
    client.world = appAdded(client.world, { clientId, secretExpiresAt: "2026-01-01T00:00:00Z" })
    const reply = refresh(client)
    assert.deepStrictEqual(refused(reply), [401, "invalid_client", 7_000_222, ""])
    assert.deepStrictEqual(differences(payload("token.error.invalid_client.7000222"), reply.body), [])
  })

  it("a refresh token idle for ninety days, with and without the suberror of 2026", () => {
    for (const [suberror, seen] of [
      [true, "bad_token"],
      [false, ""]
    ] as const) {
      const client = makeClient({}, { token: { suberror } })
      client.now += 91 * day
      const reply = refresh(client)
      assert.deepStrictEqual(refused(reply), [400, "invalid_grant", 700_082, seen])
      assert.deepStrictEqual(differences(payload("token.error.invalid_grant.700082"), reply.body), [])
      assert.include(text(body(reply), "error_description"), new Date(monday).toISOString().slice(0, 19))
    }
  })

  it("use keeps a refresh token young", () => {
    const client = makeClient()
    for (const _ of [1, 2, 3]) {
      client.now += 60 * day
      assert.strictEqual(refresh(client).status, 200)
    }
  })

  it("a revoked grant", () => {
    const client = makeClient()
    client.edit({ type: "revokeGrant" })
    assert.deepStrictEqual(refused(refresh(client)), [400, "invalid_grant", 50_173, "bad_token"])
    assert.strictEqual(client.ask("/v1.0/me").status, 401)
  })

  it("an unknown app, an unknown grant, one of another app", () => {
    const client = makeClient()
    assert.deepStrictEqual(refused(refresh(client, { client_id: "nobody" })).slice(0, 3), [
      400,
      "unauthorized_client",
      700_016
    ])
    assert.deepStrictEqual(refused(refresh(client, { refresh_token: "x" })).slice(0, 2), [400, "invalid_grant"])
    client.world = appAdded(client.world, { clientId: "other", clientSecret: "s" })
    assert.deepStrictEqual(refused(refresh(client, { client_id: "other", client_secret: "s" })).slice(0, 3), [
      400,
      "invalid_grant",
      700_005
    ])
  })

  it("scopes nobody consented to, and scopes that are none", () => {
    const client = makeClient()
    assert.deepStrictEqual(refused(refresh(client, { scope: "Mail.Read" })), [
      400,
      "invalid_grant",
      65_001,
      "consent_required"
    ])
    const reply = refresh(client, { scope: "https://foo.microsoft.com/mail.read" })
    assert.deepStrictEqual(refused(reply), [400, "invalid_scope", 70_011, ""])
    assert.deepStrictEqual(differences(payload("token.error.invalid_scope"), reply.body), [])
  })

  it.each([
    ["refresh_token_expired_70008", [400, "invalid_grant", 70_008, ""]],
    ["mfa_required", [400, "interaction_required", 50_076, "basic_action"]],
    ["spa_expired", [400, "invalid_grant", 700_084, ""]],
    ["admin_consent", [400, "invalid_grant", 90_094, "consent_required"]],
    ["temporarily_unavailable", [503, "temporarily_unavailable", 90_033, ""]]
  ] as const)("to order: %s", (error, seen) => {
    const client = makeClient()
    client.world = { ...client.world, faults: [{ path: "token$", answer: { type: "tokenError", error } }] }
    assert.deepStrictEqual(refused(refresh(client)), [...seen])
  })

  it("missing parameters and grants it does not know", () => {
    const client = makeClient()
    assert.deepStrictEqual(refused(token(client, {})).slice(0, 2), [400, "invalid_request"])
    assert.deepStrictEqual(refused(token(client, { grant_type: "password" })).slice(0, 2), [
      400,
      "unsupported_grant_type"
    ])
    assert.strictEqual(client.ask("/common/oauth2/v2.0/token").status, 405)
  })
})

describe("signing in", () => {
  it("shows accounts and permissions, escaped, and redirects with code and state", () => {
    const client = makeClient()
    const query = new URLSearchParams({
      client_id: clientId,
      response_type: "code",
      redirect_uri: redirect,
      scope: "Calendars.Read",
      state: '"><script>'
    })
    const page = client.ask(`/common/oauth2/v2.0/authorize?${query.toString()}`, { token: null })
    assert.strictEqual(page.status, 200)
    for (const each of [adele, "Calendars.Read", "Accept", "Cancel"]) assert.include(String(page.body), each)
    assert.notInclude(String(page.body), "<script>")
    const answer = signIn(client)
    assert.strictEqual(answer.status, 302)
    assert.strictEqual(landed(answer).get("state"), "st8")
    assert.isNotEmpty(landed(answer).get("code"))
  })

  it("Cancel brings access_denied back", () => {
    const answer = landed(signIn(makeClient(), {}, "cancel"))
    assert.deepStrictEqual(
      [answer.get("error"), answer.get("state"), answer.get("code")],
      ["access_denied", "st8", null]
    )
    assert.include(String(answer.get("error_description")), "AADSTS65004")
  })

  it("where users may not consent the page says so, and only Cancel leads back", () => {
    const client = makeClient()
    client.world = appAdded(client.world, { clientId, adminConsentRequired: true })
    assert.include(String(signIn(client).body), "Approval required")
    assert.strictEqual(landed(signIn(client, {}, "cancel")).get("error"), "access_denied")
  })

  it("never redirects to an address that is not the app's", () => {
    const client = makeClient()
    client.world = appAdded(client.world, { clientId, redirectUris: [redirect] })
    for (const fields of [{ redirect_uri: "https://evil.example/" }, { redirect_uri: "" }, { client_id: "nobody" }]) {
      const reply = signIn(client, fields)
      assert.strictEqual(reply.status, 400)
      assert.isUndefined(reply.headers["location"])
    }
    assert.strictEqual(signIn(client).status, 302)
  })

  it("response_mode=form_post brings the code in a form", () => {
    assert.include(String(signIn(makeClient(), { response_mode: "form_post" }).body), 'name="code"')
  })
})

describe("redeeming a code", () => {
  const verifier = "a-verifier-of-at-least-forty-three-characters-in-length"
  const challenge = createHash("sha256").update(verifier).digest("base64url")
  const coded = (client: Client, fields: Readonly<Record<string, string>> = {}): string =>
    landed(signIn(client, fields)).get("code") ?? ""
  const redeem = (client: Client, code: string, fields: Readonly<Record<string, string>> = {}): Reply =>
    token(client, { grant_type: "authorization_code", code, redirect_uri: redirect, ...fields })

  it("once, with the right verifier, within ten minutes, from the same address", () => {
    const pkce = { code_challenge: challenge, code_challenge_method: "S256", nonce: "n0nce" }
    const client = makeClient()
    const code = coded(client, pkce)
    assert.strictEqual(refused(redeem(client, code, { code_verifier: "wrong" }))[1], "invalid_grant")
    assert.deepStrictEqual(refused(redeem(client, code)).slice(2, 3), [501_481])
    assert.deepStrictEqual(
      refused(redeem(client, code, { code_verifier: verifier, redirect_uri: "http://localhost/x" })).slice(2, 3),
      [500_112]
    )
    const reply = redeem(client, code, { code_verifier: verifier })
    assert.deepStrictEqual(differences(payload("token.success.auth-code"), reply.body), [])
    assert.strictEqual(claims(reply)["nonce"], "n0nce")
    assert.deepStrictEqual(refused(redeem(client, code, { code_verifier: verifier })).slice(2, 3), [54_005])
    const late = coded(client)
    client.now += 11 * minute
    assert.deepStrictEqual(refused(redeem(client, late)).slice(2, 3), [70_008])
  })

  it("brings a refresh token only with offline_access and an id token only with openid", () => {
    const client = makeClient()
    const bare = body(redeem(client, coded(client, { scope: "Calendars.Read" })))
    assert.notProperty(bare, "refresh_token")
    assert.notProperty(bare, "id_token")
    const full = body(redeem(client, coded(client)))
    assert.property(full, "refresh_token")
    assert.property(full, "id_token")
  })
})
