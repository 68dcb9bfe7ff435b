/**
 * A sign-in service without a network, for MSAL to speak to. Decides nothing about what is right.
 */
import { Redacted } from "effect"
import type { Credentials } from "@punctual/core"
import { authorityOf } from "../../src/auth/Authority.ts"
import { makeRedeem } from "../../src/auth/Redeem.ts"
import { type Answer, type FakeService, type Sent, fakeService } from "../../../core/test/http/FakeService.ts"

export const clientId = "11111111-2222-3333-4444-555555555555"

export const credentialsOf = (changes: Partial<Credentials> = {}): Redacted.Redacted<Credentials> =>
  Redacted.make({
    clientId,
    clientSecret: "marker-secret",
    refreshToken: "marker-refresh-0",
    obtainedAt: 0,
    ...changes
  })

const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString("base64url")

/** What Microsoft answers, with the parts MSAL reads. */
export const tokenBody = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  token_type: "Bearer",
  scope: "Calendars.Read User.Read openid profile",
  expires_in: 3_599,
  ext_expires_in: 3_599,
  access_token: "marker-access-1",
  refresh_token: "marker-refresh-1",
  id_token: `${part({ alg: "none", typ: "JWT" })}.${part({
    aud: clientId,
    iss: "https://login.microsoftonline.com/tenant/v2.0",
    oid: "oid-1",
    tid: "tenant-1",
    sub: "sub-1",
    preferred_username: "adele@contoso.example",
    name: "Adele",
    ver: "2.0",
    iat: 1,
    exp: 9_999_999_999
  })}.x`,
  client_info: part({ uid: "oid-1", utid: "tenant-1" }),
  ...changes
})

export const formOf = (sent: Sent | undefined): URLSearchParams => new URLSearchParams(sent?.body ?? "")

/** Redeems against answers by request. */
export const loginAt = (
  address: string,
  answer: (request: Sent, index: number) => Answer
): { readonly login: FakeService; readonly redeem: ReturnType<typeof makeRedeem> } => {
  const login = fakeService(answer)
  const authority = authorityOf(new URL(address))
  return { login, redeem: makeRedeem({ http: login.http, authority, deadlineMillis: 30_000 }) }
}
