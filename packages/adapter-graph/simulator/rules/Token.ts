/**
 * POST /{tenant}/oauth2/v2.0/token: codes and refresh tokens for access tokens.
 *
 * Decides whether app, secret and grant are good, and what the answer holds. A refresh brings a new refresh token and
 * leaves the old one valid, as Entra does: overwriting on success is safe, and two refreshes at once do not hurt.
 */
import { createHash } from "node:crypto"
import { type EntraErrorName, entraError } from "../wire/EntraError.ts"
import { graphInstant } from "../world/Dates.ts"
import { type Outcome, type Request, replied } from "../wire/Exchange.ts"
import { accessTokenIssued, clientInfo, idToken, refreshTokenIssued } from "../world/Grant.ts"
import type { App, Mailbox, World } from "../world/World.ts"

export const token = (world: World, request: Request, now: number): Outcome => {
  const form = new URLSearchParams(request.body)
  const refuse = (name: EntraErrorName, detail?: string): Outcome =>
    replied(world, entraError(world, now, name, detail))
  const missing = ["client_id", "grant_type"].find((name) => !form.has(name))
  if (missing !== undefined) return refuse("request_malformed", missing)
  const app = world.apps[form.get("client_id") ?? ""]
  if (app === undefined) return refuse("app_unknown", form.get("client_id") ?? "")
  const refused = refuseSecret(app, form.get("client_secret"), now)
  if (refused !== null) return refuse(refused, app.clientId)
  const badScope = scopesOf(form).find((scope) => !isKnownScope(scope))
  if (badScope !== undefined) return refuse("scope_invalid", badScope)
  switch (form.get("grant_type")) {
    case "refresh_token":
      return refresh({ world, now, app, form })
    case "authorization_code":
      return redeem({ world, now, app, form })
    default:
      return refuse("grant_type_unsupported", form.get("grant_type") ?? "")
  }
}

/** Scopes as a list without the resource in front of them. */
export const shortScopes = (text: string): ReadonlyArray<string> =>
  text
    .split(/\s+/)
    .filter((scope) => scope !== "")
    .map((scope) => scope.replace(/^https:\/\/graph\.microsoft\.com\//, ""))

interface Asked {
  readonly world: World
  readonly now: number
  readonly app: App
  readonly form: URLSearchParams
}

const scopesOf = (form: URLSearchParams): ReadonlyArray<string> => shortScopes(form.get("scope") ?? "")

const isKnownScope = (scope: string): boolean =>
  ["openid", "profile", "email", "offline_access", ".default"].includes(scope) ||
  /^[A-Z][A-Za-z]+\.[A-Za-z.]+$/.test(scope)

// The id of a secret pasted in the place of its value is refused like any other wrong one.
const refuseSecret = (app: App, secret: string | null, now: number): EntraErrorName | null => {
  if (app.secrets.length === 0) return null
  if (secret === null || secret === "") return "secret_missing"
  const known = app.secrets.find((each) => each.value === secret)
  if (known === undefined) return "secret_wrong"
  return known.expiresAt !== null && known.expiresAt <= now ? "secret_expired" : null
}

const refresh = (asked: Asked): Outcome => {
  const { world, now, app, form } = asked
  const refuse = (name: EntraErrorName, detail?: string): Outcome =>
    replied(world, entraError(world, now, name, detail))
  const given = form.get("refresh_token")
  if (given === null) return refuse("request_malformed", "refresh_token")
  const known = world.refreshTokens[given]
  const mailbox = world.mailboxes[known?.mailbox ?? ""]
  if (known === undefined || mailbox === undefined) return refuse("refresh_token_malformed")
  if (known.clientId !== app.clientId) return refuse("grant_of_another_app")
  if (known.revoked) return refuse("refresh_token_revoked", `TokensValidFrom date is before '${graphInstant(now)}'.`)
  if (now - known.usedAt > world.options.token.refreshTokenIdleDays * 86_400_000) {
    return refuse("refresh_token_expired", graphInstant(known.issuedAt))
  }
  const wanted = scopesOf(form).filter((scope) => scope !== ".default")
  if (wanted.some((scope) => !isCovered(known.scopes, scope))) return refuse("consent_required", app.clientId)
  const used = { ...world, refreshTokens: { ...world.refreshTokens, [given]: { ...known, usedAt: now } } }
  return issue({ ...asked, world: used }, mailbox, known.scopes, null)
}

const redeem = (asked: Asked): Outcome => {
  const { world, now, app, form } = asked
  const refuse = (name: EntraErrorName, detail?: string): Outcome =>
    replied(world, entraError(world, now, name, detail))
  const given = form.get("code")
  if (given === null) return refuse("request_malformed", "code")
  const code = world.codes[given]
  const mailbox = world.mailboxes[code?.mailbox ?? ""]
  if (code === undefined || mailbox === undefined) return refuse("refresh_token_malformed")
  if (code.clientId !== app.clientId) return refuse("grant_of_another_app")
  if (code.redeemed) return refuse("code_redeemed")
  if (now - code.issuedAt > world.options.token.codeMinutes * 60_000) return refuse("code_expired")
  if (form.get("redirect_uri") !== code.redirectUri)
    return refuse("code_redirect_mismatch", form.get("redirect_uri") ?? "")
  if (code.challenge !== null && challengeOf(form.get("code_verifier") ?? "") !== code.challenge)
    return refuse("code_verifier_wrong")
  const redeemed = { ...world, codes: { ...world.codes, [given]: { ...code, redeemed: true } } }
  return issue({ ...asked, world: redeemed }, mailbox, code.scopes, code.nonce)
}

const challengeOf = (verifier: string): string => createHash("sha256").update(verifier).digest("base64url")

const isCovered = (granted: ReadonlyArray<string>, scope: string): boolean =>
  ["openid", "profile", "email", "offline_access"].includes(scope) ||
  granted.some((each) => each.toLowerCase() === scope.toLowerCase())

const issue = (asked: Asked, mailbox: Mailbox, scopes: ReadonlyArray<string>, nonce: string | null): Outcome => {
  const { app, form, now } = asked
  const { token: settings } = asked.world.options
  const access = accessTokenIssued(asked.world, mailbox, app.clientId, scopes, now)
  const isFirst = form.get("grant_type") === "authorization_code"
  const withRefresh = isFirst ? scopes.includes("offline_access") : settings.rotate
  const rotated = withRefresh ? refreshTokenIssued(access.world, mailbox, app.clientId, scopes, now) : null
  const wantsId = scopes.includes("openid") && (isFirst || scopesOf(form).includes("openid"))
  const spelt = (scope: string): string =>
    settings.scopeSpelling === "uri" && scope.includes(".") ? `https://graph.microsoft.com/${scope}` : scope
  return replied(rotated?.world ?? access.world, {
    status: 200,
    headers: { "cache-control": "no-store, no-cache", pragma: "no-cache" },
    body: {
      token_type: "Bearer",
      scope: scopes
        .filter((scope) => scope !== "offline_access")
        .map(spelt)
        .join(" "),
      expires_in: settings.accessTokenSeconds,
      ext_expires_in: settings.accessTokenSeconds,
      access_token: access.token,
      ...(rotated === null ? {} : { refresh_token: rotated.token }),
      ...(wantsId ? { id_token: idToken(mailbox, app.clientId, nonce, now) } : {}),
      ...(form.get("client_info") === "1" ? { client_info: clientInfo(mailbox) } : {})
    }
  })
}
