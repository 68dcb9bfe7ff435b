/**
 * The addresses of login.microsoftonline.com that a client of Graph needs.
 *
 * Decides which path is which; Token.ts and Authorize.ts decide the rest. Any tenant name is taken: common,
 * organizations, consumers or a tenant's own id.
 */
import { type Outcome, type Request, bareRefusal, ok, replied, segmentsOf } from "../wire/Exchange.ts"
import type { World } from "../world/World.ts"
import { authorize } from "./Authorize.ts"
import { token } from "./Token.ts"

const pattern =
  /^\/([^/]+)\/(oauth2\/v2\.0\/(token|authorize)|v2\.0\/\.well-known\/openid-configuration|discovery\/v2\.0\/keys)$/

export const isEntraPath = (path: string): boolean => pattern.test(path)

export const entra = (world: World, request: Request, now: number): Outcome => {
  const path = `/${segmentsOf(request.path).join("/")}`
  const tenant = segmentsOf(request.path)[0] ?? "common"
  if (path.endsWith("/token")) {
    return request.method === "POST" ? token(world, request, now) : replied(world, methodNotAllowed)
  }
  if (path.endsWith("/authorize")) return authorize(world, request, now)
  if (path.endsWith("/keys")) return replied(world, ok({ keys: [] }))
  return replied(world, ok(metadata(request.origin, tenant)))
}

const methodNotAllowed = bareRefusal(405, "invalid_request", "AADSTS900561: The endpoint only accepts POST requests.")

const metadata = (origin: string, tenant: string): Readonly<Record<string, unknown>> => ({
  token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
  token_endpoint_auth_methods_supported: ["client_secret_post"],
  jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
  response_modes_supported: ["query", "form_post"],
  subject_types_supported: ["pairwise"],
  id_token_signing_alg_values_supported: ["RS256"],
  response_types_supported: ["code"],
  scopes_supported: ["openid", "profile", "email", "offline_access"],
  issuer: "https://login.microsoftonline.com/{tenantid}/v2.0",
  authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`
})
