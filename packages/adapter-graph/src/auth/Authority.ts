/**
 * Which sign-in service MSAL speaks to, and how it is told so that it never asks anyone where that is.
 *
 * Decides the authority, the hosts to trust and the endpoints, from one configured address. MSAL refuses a plain-http
 * authority; a simulator on this machine is reached through the endpoints instead.
 */
import { isLoopback } from "@punctual/core/http"

export interface Authority {
  readonly authority: string
  readonly knownAuthorities: Array<string>
  /** The OpenID configuration, as JSON: with it no discovery request is made. */
  readonly authorityMetadata: string
  readonly tokenEndpoint: string
}

/** The authority at an address such as `https://login.microsoftonline.com`; a path in it is taken for the tenant. */
export const authorityOf = (loginUrl: URL): Authority => {
  const tenant = loginUrl.pathname.replace(/^\/+|\/+$/g, "")
  const base = `${loginUrl.origin}/${tenant === "" ? everyTenant : tenant}`
  const tokenEndpoint = `${base}/oauth2/v2.0/token`
  const isSimulated = loginUrl.protocol === "http:" && isLoopback(loginUrl.hostname)
  return {
    authority: isSimulated ? `${publicCloud}/${everyTenant}` : base,
    knownAuthorities: isSimulated ? [] : [loginUrl.host],
    tokenEndpoint,
    authorityMetadata: JSON.stringify({
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      token_endpoint: tokenEndpoint,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      issuer: `${loginUrl.origin}/{tenantid}/v2.0`,
      jwks_uri: `${base}/discovery/v2.0/keys`
    })
  }
}

/** Work, school and personal accounts alike: the guide's app is registered for all of them. */
const everyTenant = "common"

const publicCloud = "https://login.microsoftonline.com"
