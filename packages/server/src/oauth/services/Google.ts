/**
 * Signing in with Google.
 * Decides that a refresh token is asked for each time (`access_type=offline`, `prompt=consent`), and that nothing of what is
 * needed may have been left out: Google's page has a box for each scope.
 *
 * https://developers.google.com/identity/protocols/oauth2/web-server
 */
import {
  askedScopes,
  codeRefusal,
  googlePlatform,
  missingScopes,
  notGranted,
  pageRefusal
} from "@punctual/adapter-google"
import type { SignInService } from "./SignInService.ts"

/** `https://accounts.google.com`, and `https://oauth2.googleapis.com`. */
export const googleSignIn = ({
  authUrl,
  tokenUrl
}: {
  readonly authUrl: URL
  readonly tokenUrl: URL
}): SignInService => ({
  provider: "google",
  platform: googlePlatform,
  company: "Google",
  scopes: askedScopes,
  authorizeUrl: beneath(authUrl, "o/oauth2/v2/auth"),
  asked: { access_type: "offline", prompt: "consent" },
  tokenUrl: beneath(tokenUrl, "token"),
  sent: {},
  tooLittle: (granted) => {
    const missing = missingScopes(granted)
    return missing.length === 0 ? null : notGranted(missing)
  },
  codeRefusal,
  pageRefusal,
  noRefreshToken
})

const beneath = (base: URL, path: string): URL => new URL(path, base.href.endsWith("/") ? base : `${base.href}/`)

const noRefreshToken =
  "Google returned no refresh token. It gives one to an OAuth client of the type Web application that asks for offline " +
  "access, as this sign-in does. Start it again; if none comes, take the app out of your Google account (Security, " +
  "third-party connections) and start once more."
