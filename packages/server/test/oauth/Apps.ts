/** An operator's own app at each provider. */
import { Redacted } from "effect"
import type { App } from "../../src/oauth/CodeFlow.ts"
import { googleSignIn } from "../../src/oauth/services/Google.ts"
import { microsoftSignIn } from "../../src/oauth/services/Microsoft.ts"

export const app: App = {
  service: microsoftSignIn(new URL("https://login.microsoftonline.com")),
  clientId: "an-app",
  clientSecret: Redacted.make("hunter2"),
  redirectUri: "https://punctual.example.com/api/microsoft/oauth-callback"
}
export const ofGoogle: App = {
  service: googleSignIn({
    authUrl: new URL("https://accounts.google.com"),
    tokenUrl: new URL("https://oauth2.googleapis.com")
  }),
  clientId: "their-app",
  clientSecret: Redacted.make("hunter2"),
  redirectUri: "https://punctual.example.com/api/google/oauth-callback"
}
