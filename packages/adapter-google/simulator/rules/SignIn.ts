/**
 * /o/oauth2/v2/auth: signing in and consenting, and what a code is good for.
 *
 * Decides what the page offers (an account, a box for each scope of calendars, Continue and Cancel) and what goes back to the
 * client's redirect address. What is wrong with the client or its address is said on the page alone. A refresh token comes
 * with offline access, at the first consent or where consent is asked for again.
 *
 * https://developers.google.com/identity/protocols/oauth2/web-server
 */
import { createHash } from "node:crypto"
import { type Reply, type Request, escaped, tokenRefused, webPage } from "../wire/Exchange.ts"
import { type Code, type World, ticked, withEntry } from "../world/World.ts"
import { type Step, answerTo } from "./Grants.ts"

export const authorize = (world: World, { body, method, query }: Request, now: number): Step => {
  const fields = method === "POST" ? new URLSearchParams(body) : query
  const answer = (reply: Reply): Step => ({ world, reply })
  const redirectUri = fields.get("redirect_uri") ?? ""
  const fault = faultOf(world, fields)
  if (fault !== null) return answer(webPage(400, `<h1>Access blocked</h1><p>Error 400: ${fault}</p>`))
  if (method !== "POST") return answer(consentPage(world, fields))
  if (fields.get("decision") !== "accept") return answer(back(fields, { error: "access_denied" }))
  const email = fields.get("account") ?? ""
  if (!world.people.has(email)) return answer(consentPage(world, fields))
  const next = ticked(world)
  const code: Code = {
    code: `4/0A${next.sequence.toString(32)}`,
    clientId: fields.get("client_id") ?? "",
    email,
    redirectUri,
    scopes: grantedOf(fields),
    challenge: fields.get("code_challenge_method") === "S256" ? fields.get("code_challenge") : null,
    isOffline: fields.get("access_type") === "offline",
    isAskedAnew: (fields.get("prompt") ?? "").split(" ").includes("consent"),
    expiresAt: now + codeMillis,
    isRedeemed: false
  }
  return {
    world: { ...next, codes: withEntry(next.codes, code.code, code) },
    reply: back(fields, { code: code.code, scope: code.scopes.join(" ") })
  }
}

/** `grant_type=authorization_code` at the token endpoint; the client is known and its secret right. */
export const redeemCode = (world: World, form: URLSearchParams, now: number): Step => {
  const refuse = (error: string, description: string): Step => ({ world, reply: tokenRefused(400, error, description) })
  const code = world.codes.get(form.get("code") ?? "")
  if (code === undefined || code.clientId !== form.get("client_id") || code.isRedeemed || code.expiresAt <= now) {
    return refuse("invalid_grant", "Bad Request")
  }
  if (code.redirectUri !== form.get("redirect_uri")) return refuse("redirect_uri_mismatch", "Bad Request")
  const verifier = form.get("code_verifier")
  if (code.challenge !== null && verifier === null) return refuse("invalid_grant", "Missing code verifier.")
  if (code.challenge !== null && challengeOf(verifier ?? "") !== code.challenge) {
    return refuse("invalid_grant", "Invalid code verifier.")
  }
  const isFirst = ![...world.grants.values()].some(
    ({ clientId, email, isRevoked }) => clientId === code.clientId && email === code.email && !isRevoked
  )
  const next = ticked(world)
  const refreshToken = `1//0g-${next.sequence}`
  const { clientId, email, scopes } = code
  const grant = { refreshToken, clientId, email, scopes, isRevoked: false }
  const granted: World = {
    ...next,
    codes: withEntry(next.codes, code.code, { ...code, isRedeemed: true }),
    grants: withEntry(next.grants, refreshToken, grant)
  }
  const isTold = code.isOffline && (isFirst || code.isAskedAnew)
  return answerTo(granted, grant, now, isTold ? { refresh_token: refreshToken } : {})
}

const codeMillis = 600_000

const challengeOf = (verifier: string): string => createHash("sha256").update(verifier).digest("base64url")

/** What is said on the page and sent nowhere; null: nothing is wrong. */
const faultOf = (world: World, fields: URLSearchParams): string | null => {
  if (!world.clients.has(fields.get("client_id") ?? "")) return "invalid_client"
  if (!URL.canParse(fields.get("redirect_uri") ?? "")) return "redirect_uri_mismatch"
  return fields.get("response_type") === "code" && (fields.get("scope") ?? "") !== "" ? null : "invalid_request"
}

const root = "https://www.googleapis.com/auth/"

const askedOf = (fields: URLSearchParams): ReadonlyArray<string> =>
  (fields.get("scope") ?? "").split(" ").filter((scope) => scope !== "")

/** Who somebody is can't be left out. */
const isTickable = (scope: string): boolean => scope.startsWith(`${root}calendar`)

/** As Google answers them: in full, without what was left out. */
const grantedOf = (fields: URLSearchParams): ReadonlyArray<string> => {
  const boxes = new Set(fields.getAll("granted"))
  return askedOf(fields)
    .filter((scope) => !isTickable(scope) || boxes.has(scope))
    .map((scope) => (scope === "email" || scope === "profile" ? `${root}userinfo.${scope}` : scope))
}

const back = (fields: URLSearchParams, answer: Readonly<Record<string, string>>): Reply => {
  const url = new URL(fields.get("redirect_uri") ?? "")
  const state = fields.get("state")
  for (const [name, value] of Object.entries({ ...(state !== null && { state }), ...answer })) {
    url.searchParams.set(name, value)
  }
  return { status: 302, headers: { location: url.href } }
}

const consentPage = (world: World, fields: URLSearchParams): Reply => {
  const people = [...world.people.values()].map(
    ({ email, name }, index) =>
      `<label><input type="radio" name="account" value="${escaped(email)}"${index === 0 ? " checked" : ""}> ` +
      `${escaped(name)} (${escaped(email)})</label><br>`
  )
  const boxes = askedOf(fields)
    .filter(isTickable)
    .map(
      (scope) =>
        `<label><input type="checkbox" name="granted" value="${escaped(scope)}" checked> ${escaped(scope)}</label><br>`
    )
  const hidden = [...fields]
    .filter(([name]) => !["account", "decision", "granted"].includes(name))
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
  return webPage(
    200,
    `<h1>Choose an account</h1><form method="post">${hidden.join("\n")}${people.join("\n")}` +
      `<h2>Select what the app can access</h2>${boxes.join("\n")}` +
      '<button name="decision" value="cancel">Cancel</button> <button name="decision" value="accept">Continue</button></form>'
  )
}
