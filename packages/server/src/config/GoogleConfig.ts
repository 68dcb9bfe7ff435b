/**
 * Where Google is.
 * Decides which address stands for which where one is left out: `GOOGLE_OAUTH_URL` alone is both that of the token endpoint
 * and that of the consent page, as at a simulator.
 */
import { Config, Option } from "effect"
import { trustedUrl } from "./ConfigValue.ts"

export interface GoogleConfig {
  /** Calendar and userinfo. */
  readonly apiUrl: URL
  /** `/token` stands beneath it. */
  readonly tokenUrl: URL
  /** The consent page stands beneath it. */
  readonly authUrl: URL
}

export const google: Config.Config<GoogleConfig> = Config.all({
  apiUrl: trustedUrl("GOOGLE_API_URL").pipe(Config.withDefault(new URL("https://www.googleapis.com"))),
  tokenUrl: Config.option(trustedUrl("GOOGLE_TOKEN_URL")),
  authUrl: Config.option(trustedUrl("GOOGLE_AUTH_URL")),
  oauthUrl: Config.option(trustedUrl("GOOGLE_OAUTH_URL"))
}).pipe(
  Config.map(({ apiUrl, authUrl, oauthUrl, tokenUrl }) => ({
    apiUrl,
    tokenUrl: tokenUrl.pipe(
      Option.orElse(() => oauthUrl),
      Option.getOrElse(() => new URL("https://oauth2.googleapis.com"))
    ),
    authUrl: authUrl.pipe(
      Option.orElse(() => oauthUrl),
      Option.getOrElse(() => new URL("https://accounts.google.com"))
    )
  }))
)
