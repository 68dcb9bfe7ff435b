/**
 * What the sign-in tool needs to know: the provider, the app, where its sign-in is, and the port.
 *
 * Decides which variable is at fault, in one line that names it. Reads nothing of the server's own configuration: a
 * server that is not set up yet must not keep anyone from getting a token.
 */
import { parseArgs } from "node:util"
import { Effect, Redacted } from "effect"
import { type SignInProvider, signInProviders } from "../../api/SignInProvider.ts"
import { isTrusted } from "../../config/ConfigValue.ts"
import { ConfigFault } from "../../config/ConfigFault.ts"
import type { App } from "../../oauth/CodeFlow.ts"
import { googleSignIn } from "../../oauth/services/Google.ts"
import { microsoftSignIn } from "../../oauth/services/Microsoft.ts"
import { type SignInService, callbackPathOf } from "../../oauth/services/SignInService.ts"

export interface Settings {
  readonly port: number
  /** `http://localhost:3000`: the name, since that is what the app is registered with. */
  readonly origin: string
  readonly app: App
}

/** The guide's. */
const usualPort = 3_000

type Variables = Readonly<Record<string, string | undefined>>

export const settingsFrom = (record: Variables, args: ReadonlyArray<string>): Effect.Effect<Settings, ConfigFault> =>
  Effect.gen(function* () {
    const { port, provider } = yield* asked(args)
    const prefix = provider.toUpperCase()
    const [idName, secretName] = appNames[provider]
    const clientId = yield* required(record, `${prefix}_CLIENT_ID`, idName)
    const clientSecret = yield* required(record, `${prefix}_CLIENT_SECRET`, secretName)
    const service = yield* services[provider](record)
    const origin = `http://localhost:${port}`
    const redirectUri = `${origin}${callbackPathOf(provider)}`
    return { port, origin, app: { service, clientId, clientSecret: Redacted.make(clientSecret), redirectUri } }
  })

/** What is to be copied from where the app is registered. */
const appNames: { readonly [Provider in SignInProvider]: readonly [string, string] } = {
  microsoft: [
    "the Application (client) ID of your app registration",
    "the client secret's Value of your app registration"
  ],
  google: ["the Client ID of your OAuth client", "the client secret of your OAuth client"]
}

const services: {
  readonly [Provider in SignInProvider]: (record: Variables) => Effect.Effect<SignInService, ConfigFault>
} = {
  microsoft: (record) =>
    Effect.map(addressIn(record, ["MICROSOFT_LOGIN_URL"], "https://login.microsoftonline.com"), microsoftSignIn),
  google: (record) =>
    Effect.map(
      Effect.all({
        authUrl: addressIn(record, ["GOOGLE_AUTH_URL", "GOOGLE_OAUTH_URL"], "https://accounts.google.com"),
        tokenUrl: addressIn(record, ["GOOGLE_TOKEN_URL", "GOOGLE_OAUTH_URL"], "https://oauth2.googleapis.com")
      }),
      googleSignIn
    )
}

/** The first variable that is set. */
const addressIn = (record: Variables, variables: ReadonlyArray<string>, usual: string) => {
  const variable = variables.find((name) => (record[name]?.trim() ?? "") !== "")
  const address = (variable === undefined ? undefined : record[variable])?.trim() ?? usual
  return isTrusted(address)
    ? Effect.succeed(new URL(address))
    : fault(variable ?? "", "Expected an https address, or http on 127.0.0.1 or localhost")
}

const fault = (variable: string, message: string) => Effect.fail(new ConfigFault({ variable, message }))

const required = (record: Variables, variable: string, what: string): Effect.Effect<string, ConfigFault> => {
  const value = record[variable]?.trim() ?? ""
  return value === "" ? fault(variable, `Not set. Put ${what} into .env, as ${variable}=…`) : Effect.succeed(value)
}

const usage = new ConfigFault({ variable: "usage", message: "oauth [--provider microsoft|google] [--port 3000]" })

const asked = (
  args: ReadonlyArray<string>
): Effect.Effect<{ readonly port: number; readonly provider: SignInProvider }, ConfigFault> =>
  Effect.gen(function* () {
    const { values } = yield* Effect.try({
      try: () => parseArgs({ args: [...args], options: { port: { type: "string" }, provider: { type: "string" } } }),
      catch: () => usage
    })
    const provider = signInProviders.find((each) => each === (values.provider ?? "microsoft"))
    if (provider === undefined) return yield* fault("--provider", `Expected ${signInProviders.join(" or ")}`)
    const port = Number(values.port ?? usualPort)
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      return yield* fault("--port", "Expected a port from 1 to 65535")
    }
    return { port, provider }
  })
