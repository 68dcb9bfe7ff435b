/**
 * The token endpoint.
 *
 * Decides what a refresh token is good for and how it is refused. A refresh answers no refresh token: the old one stays
 * good. What a code is good for is decided in `SignIn.ts`.
 */
import type { World } from "../world/World.ts"
import { type Request, ok, tokenRefused } from "../wire/Exchange.ts"
import { type Step, answerTo, withRevoked } from "./Grants.ts"
import { redeemCode } from "./SignIn.ts"

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
  if (form.get("grant_type") === "authorization_code") return redeemCode(world, form, now)
  if (form.get("grant_type") !== "refresh_token") return refuse(400, "unsupported_grant_type", "Invalid grant_type")
  const grant = world.grants.get(form.get("refresh_token") ?? "")
  if (grant === undefined || grant.clientId !== clientId) return refuse(400, "invalid_grant", "Bad Request")
  if (grant.isRevoked) return refuse(400, "invalid_grant", "Token has been expired or revoked.")
  return answerTo(world, grant, now)
}

export const revoke = (world: World, { query }: Request): Step => {
  const given = query.get("token") ?? ""
  const grant = world.grants.get(world.accessTokens.get(given)?.refreshToken ?? given)
  if (grant === undefined) return { world, reply: tokenRefused(400, "invalid_token", "Token expired or revoked") }
  return { world: withRevoked(world, grant.clientId, grant.email), reply: ok({}) }
}
