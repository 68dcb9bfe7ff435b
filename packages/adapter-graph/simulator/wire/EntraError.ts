/**
 * Refusals of the token endpoint, in Entra's words.
 *
 * Decides status, error, suberror and AADSTS number of each refusal. Clients are to branch on `error` and `suberror`;
 * numbers and texts are for people. Source: captures in the test fixtures and Entra's reference-error-codes page.
 */
import { guidFrom } from "../world/Chance.ts"
import { graphInstant } from "../world/Dates.ts"
import type { Reply } from "./Exchange.ts"
import type { World } from "../world/World.ts"

export type EntraErrorName =
  | "refresh_token_expired"
  | "refresh_token_expired_70008"
  | "refresh_token_revoked"
  | "refresh_token_malformed"
  | "grant_of_another_app"
  | "consent_required"
  | "mfa_required"
  | "secret_wrong"
  | "secret_missing"
  | "secret_expired"
  | "app_unknown"
  | "spa_expired"
  | "admin_consent"
  | "temporarily_unavailable"
  | "scope_invalid"
  | "grant_type_unsupported"
  | "request_malformed"
  | "code_redeemed"
  | "code_expired"
  | "code_redirect_mismatch"
  | "code_verifier_wrong"

interface Row {
  readonly status: number
  readonly error: string
  readonly suberror?: string
  readonly number: number
  readonly text: string
}

/** The reply for a refusal. `detail` fills the place where the text names an app, a scope or an instant. */
export const entraError = (world: World, now: number, name: EntraErrorName, detail = ""): Reply => {
  const row = rows[name]
  const traceId = guidFrom(`trace ${world.tick}`)
  const correlationId = guidFrom(`correlation ${world.tick}`)
  const timestamp = graphInstant(now).slice(0, 19).replace("T", " ") + "Z"
  const text = row.text.replace("{}", detail)
  const withSuberror = row.suberror !== undefined && (world.options.token.suberror || row.suberror !== "bad_token")
  return {
    status: row.status,
    headers: row.status === 503 ? { "retry-after": "5" } : {},
    body: {
      error: row.error,
      error_description: `AADSTS${row.number}: ${text}\r\nTrace ID: ${traceId}\r\nCorrelation ID: ${correlationId}\r\nTimestamp: ${timestamp}`,
      error_codes: [row.number],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `https://login.microsoftonline.com/error?code=${row.number}`,
      ...(withSuberror ? { suberror: row.suberror } : {}),
      ...(name === "mfa_required" ? { claims: '{"access_token":{"capolids":{"essential":true}}}' } : {})
    }
  }
}

const rows: Readonly<Record<EntraErrorName, Row>> = {
  refresh_token_expired: {
    status: 400,
    error: "invalid_grant",
    suberror: "bad_token",
    number: 700_082,
    text: "The refresh token has expired due to inactivity. The token was issued on {} and was inactive for 90.00:00:00."
  },
  refresh_token_expired_70008: {
    status: 400,
    error: "invalid_grant",
    number: 70_008,
    text: "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource."
  },
  refresh_token_revoked: {
    status: 400,
    error: "invalid_grant",
    suberror: "bad_token",
    number: 50_173,
    text: "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. {}"
  },
  refresh_token_malformed: {
    status: 400,
    error: "invalid_grant",
    number: 9_002_313,
    text: "Invalid request. Request is malformed or invalid."
  },
  grant_of_another_app: {
    status: 400,
    error: "invalid_grant",
    number: 700_005,
    text: "Provided Authorization Code is intended to use against other tenant or application, thus rejected. {}"
  },
  consent_required: {
    status: 400,
    error: "invalid_grant",
    suberror: "consent_required",
    number: 65_001,
    text: "The user or administrator has not consented to use the application with ID '{}'. Send an interactive authorization request for this user and resource."
  },
  mfa_required: {
    status: 400,
    error: "interaction_required",
    suberror: "basic_action",
    number: 50_076,
    text: "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '{}'."
  },
  secret_wrong: {
    status: 401,
    error: "invalid_client",
    number: 7_000_215,
    text: "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{}'."
  },
  secret_missing: {
    status: 401,
    error: "invalid_client",
    number: 7_000_218,
    text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
  },
  secret_expired: {
    status: 401,
    error: "invalid_client",
    number: 7_000_222,
    text: "The provided client secret keys for app '{}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds."
  },
  app_unknown: {
    status: 400,
    error: "unauthorized_client",
    number: 700_016,
    text: "Application with identifier '{}' was not found in the directory. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant."
  },
  spa_expired: {
    status: 400,
    error: "invalid_grant",
    number: 700_084,
    text: "The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 1.00:00:00, which can't be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page. {}"
  },
  admin_consent: {
    status: 400,
    error: "invalid_grant",
    suberror: "consent_required",
    number: 90_094,
    text: "An administrator of the tenant has set a policy that prevents you from granting {} the permissions it is requesting."
  },
  temporarily_unavailable: {
    status: 503,
    error: "temporarily_unavailable",
    number: 90_033,
    text: "A transient error has occurred. Please try again."
  },
  scope_invalid: {
    status: 400,
    error: "invalid_scope",
    number: 70_011,
    text: "The provided value for the input parameter 'scope' is not valid. The scope {} is not valid."
  },
  grant_type_unsupported: {
    status: 400,
    error: "unsupported_grant_type",
    number: 70_003,
    text: "The app requested an unsupported grant type '{}'."
  },
  request_malformed: {
    status: 400,
    error: "invalid_request",
    number: 900_144,
    text: "The request body must contain the following parameter: '{}'."
  },
  code_redeemed: {
    status: 400,
    error: "invalid_grant",
    number: 54_005,
    text: "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token."
  },
  code_expired: {
    status: 400,
    error: "invalid_grant",
    number: 70_008,
    text: "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource."
  },
  code_redirect_mismatch: {
    status: 400,
    error: "invalid_grant",
    number: 500_112,
    text: "The reply address '{}' does not match the reply address provided when requesting Authorization code."
  },
  code_verifier_wrong: {
    status: 400,
    error: "invalid_grant",
    number: 501_481,
    text: "The Code_Verifier does not match the code_challenge supplied in the authorization request."
  }
}
