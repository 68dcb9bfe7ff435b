/**
 * Signing in with Microsoft.
 * Decides the scopes, exactly the three that the guide names, and at which tenant somebody signs in.
 *
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
import { codeRefusal, outlookPlatform, pageRefusal } from "@punctual/adapter-graph"
import type { SignInService } from "./SignInService.ts"

/** Of the guide, section 1; none beside them. */
const scopes = ["Calendars.Read", "User.Read", "offline_access"]

/** Work, school and personal accounts alike. */
const everyTenant = "common"

/** `https://login.microsoftonline.com`; a path in it is taken for the tenant. */
export const microsoftSignIn = (loginUrl: URL): SignInService => {
  const tenant = loginUrl.pathname.replaceAll(/^\/+|\/+$/g, "")
  const endpoint = (name: "authorize" | "token"): URL =>
    new URL(`/${tenant === "" ? everyTenant : tenant}/oauth2/v2.0/${name}`, loginUrl.origin)
  return {
    provider: "microsoft",
    platform: outlookPlatform,
    company: "Microsoft",
    scopes,
    authorizeUrl: endpoint("authorize"),
    asked: { response_mode: "query", prompt: "select_account" },
    tokenUrl: endpoint("token"),
    sent: { scope: scopes.join(" ") },
    // All or nothing: its page has no boxes.
    tooLittle: () => null,
    codeRefusal,
    pageRefusal,
    noRefreshToken
  }
}

/** The guide's own hint. */
const noRefreshToken =
  "Microsoft returned no refresh token. Make sure that offline_access is among the app's API permissions and that " +
  "Accept was clicked on the consent screen: Microsoft returns a refresh token only when offline_access is in the " +
  "requested scope."
