/**
 * Apps, grants and the tokens that come of them.
 *
 * Decides what a token looks like and how long it lives; the token endpoint (rules/Token.ts) decides who gets one.
 * Access tokens are opaque here on purpose: a client that parses one is wrong.
 */
import { guidFrom, hexFrom } from "./Chance.ts"
import type { App, Mailbox, World } from "./World.ts"

export interface Granted {
  readonly world: World
  readonly accessToken: string
  readonly refreshToken: string
}

/** The app every world knows, unless it is made with others. */
export const defaultApp: App = {
  clientId: "11111111-2222-3333-4444-555555555555",
  secrets: [{ id: "99999999-8888-7777-6666-555555555555", value: "simulated~client~secret", expiresAt: null }],
  redirectUris: [],
  adminConsentRequired: false
}

/** What Punctual asks for, as Entra lists it in a token's scopes. */
export const defaultScopes: ReadonlyArray<string> = [
  "Calendars.Read",
  "User.Read",
  "openid",
  "profile",
  "offline_access"
]

export const withApp = (world: World, app: App): World => ({ ...world, apps: { ...world.apps, [app.clientId]: app } })

export const accessTokenIssued = (
  world: World,
  mailbox: Mailbox,
  clientId: string,
  scopes: ReadonlyArray<string>,
  now: number
): { readonly world: World; readonly token: string } => {
  const text = hexFrom(`access ${world.seed} ${world.tick} ${mailbox.id} ${now}`, 64)
  const token =
    mailbox.account === "personal"
      ? `EwB${Buffer.from(text).toString("base64")}`
      : `eyJ0eXAiOiJKV1QiLCJub25jZSI6${text}.${text.slice(0, 40)}.${text.slice(20)}`
  const expiresAt = now + world.options.token.accessTokenSeconds * 1000
  const accessTokens = { ...world.accessTokens, [token]: { mailbox: mailbox.id, clientId, scopes, expiresAt } }
  return { world: { ...world, tick: world.tick + 1, accessTokens }, token }
}

export const refreshTokenIssued = (
  world: World,
  mailbox: Mailbox,
  clientId: string,
  scopes: ReadonlyArray<string>,
  now: number
): { readonly world: World; readonly token: string } => {
  const text = hexFrom(`refresh ${world.seed} ${world.tick} ${mailbox.id} ${now}`, 64)
  const token = mailbox.account === "personal" ? `M.C5${text.toUpperCase()}` : `0.AX${text}`
  const issued = { mailbox: mailbox.id, clientId, scopes, issuedAt: now, usedAt: now, revoked: false }
  return {
    world: { ...world, tick: world.tick + 1, refreshTokens: { ...world.refreshTokens, [token]: issued } },
    token
  }
}

/** Both tokens at once, as if the user had just consented. */
export const granted = (
  world: World,
  mailbox: Mailbox,
  clientId: string,
  scopes: ReadonlyArray<string>,
  now: number
): Granted => {
  const access = accessTokenIssued(world, mailbox, clientId, scopes, now)
  const refresh = refreshTokenIssued(access.world, mailbox, clientId, scopes, now)
  return { world: refresh.world, accessToken: access.token, refreshToken: refresh.token }
}

/** Every refresh token of a mailbox is refused from now on, as after "revoke sessions". */
export const revoked = (world: World, mailbox: string): World => ({
  ...world,
  refreshTokens: Object.fromEntries(
    Object.entries(world.refreshTokens).map(([token, each]) => [
      token,
      each.mailbox === mailbox ? { ...each, revoked: true } : each
    ])
  )
})

/** Every access token of a mailbox has expired. */
export const accessExpired = (world: World, mailbox: string, now: number): World => ({
  ...world,
  accessTokens: Object.fromEntries(
    Object.entries(world.accessTokens).map(([token, each]) => [
      token,
      each.mailbox === mailbox ? { ...each, expiresAt: now } : each
    ])
  )
})

/** An unsigned id token with the claims clients read. A nonce stands in it only if one was asked for. */
export const idToken = (mailbox: Mailbox, clientId: string, nonce: string | null, now: number): string => {
  const seconds = Math.floor(now / 1000)
  const tenant = tenantOf(mailbox)
  const claims = {
    aud: clientId,
    iss: `https://login.microsoftonline.com/${tenant}/v2.0`,
    iat: seconds,
    nbf: seconds,
    exp: seconds + 3600,
    name: mailbox.displayName,
    preferred_username: mailbox.userPrincipalName,
    oid: objectIdOf(mailbox),
    sub: hexFrom(`subject ${mailbox.id} ${clientId}`, 43),
    tid: tenant,
    ver: "2.0",
    ...(mailbox.mail === null ? {} : { email: mailbox.mail }),
    ...(nonce === null ? {} : { nonce })
  }
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url")
  return `${part({ typ: "JWT", alg: "RS256", kid: "simulator" })}.${part(claims)}.${hexFrom(`signature ${mailbox.id} ${now}`, 64)}`
}

/** MSAL asks for it with client_info=1 and builds its account ids from it. */
export const clientInfo = (mailbox: Mailbox): string =>
  Buffer.from(JSON.stringify({ uid: objectIdOf(mailbox), utid: tenantOf(mailbox) })).toString("base64url")

/** All personal accounts live in one tenant. */
const consumerTenant = "9188040d-6c67-4c5b-b112-36a304b66dad"

const tenantOf = (mailbox: Mailbox): string => (mailbox.account === "personal" ? consumerTenant : mailbox.tenantId)

export const defaultTenant = guidFrom("tenant contoso")

const objectIdOf = (mailbox: Mailbox): string =>
  mailbox.account === "personal" ? `00000000-0000-0000-${mailbox.id.slice(0, 4)}-${mailbox.id.slice(4)}` : mailbox.id
