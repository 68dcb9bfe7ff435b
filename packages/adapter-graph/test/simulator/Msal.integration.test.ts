/** Microsoft's own MSAL for Node, unchanged: sign-in by code with PKCE, refresh, rotation, and its error classes. */
import { afterEach, assert, beforeEach, describe, it } from "@effect/vitest"
import {
  type AuthError,
  ConfidentialClientApplication,
  CryptoProvider,
  InteractionRequiredAuthError,
  ServerError
} from "@azure/msal-node"
import { type FaultAnswer, type Simulator, defaultApp, startSimulator } from "../../simulator/index.ts"
import { adele } from "./Client.ts"

let simulator: Simulator

beforeEach(async () => {
  simulator = await startSimulator({ mailboxes: [{ userPrincipalName: adele, displayName: "Adele Vance" }] })
})

afterEach(() => simulator.close())

const scopes = ["Calendars.Read", "User.Read"]
const redirectUri = "http://localhost:3000/callback"

// The authority stays Microsoft's, which spares MSAL any discovery; only the endpoints are the simulator's.
const application = (clientSecret = defaultApp.secrets[0]?.value ?? ""): ConfidentialClientApplication => {
  const endpoint = `${simulator.url}/common/oauth2/v2.0`
  return new ConfidentialClientApplication({
    auth: {
      clientId: defaultApp.clientId,
      clientSecret,
      authority: "https://login.microsoftonline.com/common",
      authorityMetadata: JSON.stringify({
        authorization_endpoint: `${endpoint}/authorize`,
        token_endpoint: `${endpoint}/token`,
        issuer: "https://login.microsoftonline.com/{tenantid}/v2.0",
        jwks_uri: `${simulator.url}/common/discovery/v2.0/keys`
      })
    }
  })
}

const refreshTokens = (app: ConfidentialClientApplication): ReadonlyArray<string> => {
  const cache = JSON.parse(app.getTokenCache().serialize()) as {
    readonly RefreshToken: Readonly<Record<string, { readonly secret: string }>>
  }
  return Object.values(cache.RefreshToken).map((each) => each.secret)
}

const refused = async (answer: FaultAnswer): Promise<AuthError> => {
  simulator.clearFaults()
  simulator.addFaults({ path: "token$", answer })
  const { refreshToken } = simulator.grant(adele)
  return application()
    .acquireTokenByRefreshToken({ refreshToken, scopes, forceCache: true })
    .then(
      () => {
        throw new Error("this should have been refused")
      },
      (error: AuthError) => error
    )
}

describe("@azure/msal-node", () => {
  it("signs in: authorize page, consent, code with PKCE, tokens, account, Graph", async () => {
    const app = application()
    const { verifier, challenge } = await new CryptoProvider().generatePkceCodes()
    const url = await app.getAuthCodeUrl({
      scopes,
      redirectUri,
      state: "st8",
      codeChallenge: challenge,
      codeChallengeMethod: "S256"
    })
    const page = await (await fetch(url)).text()
    assert.include(page, "Adele Vance")
    const inputs = page.matchAll(/<input type="(?:hidden|radio)" name="([^"]*)" value="([^"]*)"/g)
    const fields = new URLSearchParams()
    for (const [, name = "", value = ""] of inputs)
      fields.set(name, value.replaceAll("&amp;", "&").replaceAll("&quot;", '"'))
    fields.set("decision", "accept")
    const consent = await fetch(url.split("?")[0] ?? "", { method: "POST", body: fields, redirect: "manual" })
    const landed = new URL(consent.headers.get("location") ?? "").searchParams
    const code = landed.get("code") ?? ""
    const result = await app.acquireTokenByCode(
      { code, scopes, redirectUri, codeVerifier: verifier, state: "st8" },
      { code, state: landed.get("state") ?? "" }
    )
    assert.strictEqual(result.account?.username, adele)
    const me = await fetch(`${simulator.url}/v1.0/me`, { headers: { authorization: `Bearer ${result.accessToken}` } })
    assert.strictEqual(me.status, 200)
    if (result.account === null) throw new Error("MSAL found no account in the answer")
    const silent = await app.acquireTokenSilent({ account: result.account, scopes })
    assert.isTrue(silent.fromCache)
  })

  it("refreshes with one request and finds the rotated token in its cache", async () => {
    const app = application()
    const { refreshToken } = simulator.grant(adele)
    const result = await app.acquireTokenByRefreshToken({ refreshToken, scopes, forceCache: true })
    assert.isNotEmpty(result?.accessToken)
    assert.strictEqual(simulator.traffic().tokenRequests, 1)
    const [rotated] = refreshTokens(app)
    assert.notStrictEqual(rotated, refreshToken)
    const again = await application().acquireTokenByRefreshToken({
      refreshToken: String(rotated),
      scopes,
      forceCache: true
    })
    assert.isNotEmpty(again?.accessToken)
  })

  it("without forceCache drops the rotated token, which is MSAL's own trap", async () => {
    const app = application()
    await app.acquireTokenByRefreshToken({ refreshToken: simulator.grant(adele).refreshToken, scopes })
    assert.deepStrictEqual(refreshTokens(app), [])
  })

  it("tells a grant that needs the user from a failure of the app, by suberror", async () => {
    for (const error of ["refresh_token_revoked", "consent_required", "mfa_required"] as const) {
      assert.instanceOf(await refused({ type: "tokenError", error }), InteractionRequiredAuthError)
    }
    for (const error of ["secret_wrong", "secret_expired", "refresh_token_expired_70008"] as const) {
      const seen = await refused({ type: "tokenError", error })
      assert.instanceOf(seen, ServerError)
      assert.notInstanceOf(seen, InteractionRequiredAuthError)
    }
    const secret = await application("wrong")
      .acquireTokenByRefreshToken({ refreshToken: simulator.grant(adele).refreshToken, scopes })
      .catch((reason: unknown) => reason)
    assert.strictEqual((await refused({ type: "tokenError", error: "secret_wrong" })).errorCode, "invalid_client")
    assert.instanceOf(secret, ServerError)
  })

  it("reads a gateway's HTML as a failure of its own", async () => {
    const seen = await refused({ type: "unavailable", status: 502, body: "html" })
    assert.isString(seen.errorCode)
  })
})
