/**
 * The token endpoint and userinfo.
 *
 * Decides what a refresh token is good for and how it is refused. A refresh answers no refresh token: the old one stays
 * good. Whoever revokes one grant loses all of that client and account.
 */
import { type World, type Person, ticked, withEntry } from "../world/World.ts"
import { type Reply, type Request, ok, tokenRefused } from "../wire/Exchange.ts"

export interface Step {
  readonly world: World
  readonly reply: Reply
}

const lifetimeSeconds = 3_599

export const token = (world: World, { body }: Request, now: number): Step => {
  const form = new URLSearchParams(body)
  const refuse = (status: number, error: string, description: string): Step => ({
    world,
    reply: tokenRefused(status, error, description)
  })
  const clientId = form.get("client_id") ?? ""
  const secret = world.clients.get(clientId)
  if (secret === undefined) return refuse(401, "invalid_client", "The OAuth client was not found.")
  if (secret !== form.get("client_secret")) return refuse(401, "invalid_client", "Unauthorized")
  if (form.get("grant_type") !== "refresh_token") return refuse(400, "unsupported_grant_type", "Invalid grant_type")
  const grant = world.grants.get(form.get("refresh_token") ?? "")
  if (grant === undefined || grant.clientId !== clientId) return refuse(400, "invalid_grant", "Bad Request")
  if (grant.isRevoked) return refuse(400, "invalid_grant", "Token has been expired or revoked.")
  const next = ticked(world)
  const access = {
    token: `ya29.${next.sequence}`,
    refreshToken: grant.refreshToken,
    expiresAt: now + lifetimeSeconds * 1_000
  }
  const person = world.people.get(grant.email)
  return {
    world: { ...next, accessTokens: withEntry(next.accessTokens, access.token, access) },
    reply: ok({
      access_token: access.token,
      expires_in: lifetimeSeconds,
      scope: grant.scopes.join(" "),
      token_type: "Bearer",
      ...(grant.scopes.includes("openid") && person !== undefined ? { id_token: idToken(person, clientId) } : {})
    })
  }
}

export const revoke = (world: World, { query }: Request): Step => {
  const given = query.get("token") ?? ""
  const grant = world.grants.get(world.accessTokens.get(given)?.refreshToken ?? given)
  if (grant === undefined) return { world, reply: tokenRefused(400, "invalid_token", "Token expired or revoked") }
  return { world: withRevoked(world, grant.clientId, grant.email), reply: ok({}) }
}

/** All that the person granted to the client. */
export const withRevoked = (world: World, clientId: string | null, email: string): World => ({
  ...ticked(world),
  grants: new Map(
    [...world.grants].map(([key, grant]) => [
      key,
      grant.email === email && (clientId === null || grant.clientId === clientId)
        ? { ...grant, isRevoked: true }
        : grant
    ])
  )
})

export const userinfo = (person: Person): Reply =>
  ok({ sub: person.sub, name: person.name, email: person.email, email_verified: true })

const idToken = ({ email, sub }: Person, clientId: string): string => {
  const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString("base64url")
  return `${part({ alg: "RS256" })}.${part({ iss: "https://accounts.google.com", aud: clientId, sub, email })}.c2ln`
}
