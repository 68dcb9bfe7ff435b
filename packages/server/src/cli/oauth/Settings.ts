/**
 * What the sign-in tool needs to know: the app, where Microsoft is, and the port.
 *
 * Decides which variable is at fault, in one line that names it. Reads nothing of the server's own configuration: a
 * server that is not set up yet must not keep anyone from getting a token.
 */
import { parseArgs } from "node:util"
import { Effect, Redacted } from "effect"
import { isTrusted } from "../../config/ConfigValue.ts"
import { ConfigFault } from "../../config/ConfigFault.ts"
import { callbackPath } from "../../oauth/CallbackPage.ts"
import type { App } from "../../oauth/CodeFlow.ts"

export interface Settings {
  readonly port: number
  /** `http://localhost:3000`: the name, since that is what the app is registered with. */
  readonly origin: string
  readonly app: App
}

/** The guide's. */
const usualPort = 3_000

const publicCloud = "https://login.microsoftonline.com"

export const settingsFrom = (
  record: Readonly<Record<string, string | undefined>>,
  args: ReadonlyArray<string>
): Effect.Effect<Settings, ConfigFault> =>
  Effect.gen(function* () {
    const port = yield* portFrom(args)
    const clientId = yield* required(record, "MICROSOFT_CLIENT_ID", "the Application (client) ID")
    const clientSecret = yield* required(record, "MICROSOFT_CLIENT_SECRET", "the client secret's Value")
    const login = record["MICROSOFT_LOGIN_URL"]?.trim() || publicCloud
    if (!isTrusted(login)) {
      return yield* fault("MICROSOFT_LOGIN_URL", "Expected an https address, or http on 127.0.0.1 or localhost")
    }
    const origin = `http://localhost:${port}`
    const redirectUri = `${origin}${callbackPath}`
    return {
      port,
      origin,
      app: { loginUrl: new URL(login), clientId, clientSecret: Redacted.make(clientSecret), redirectUri }
    }
  })

const fault = (variable: string, message: string) => Effect.fail(new ConfigFault({ variable, message }))

const required = (
  record: Readonly<Record<string, string | undefined>>,
  variable: string,
  what: string
): Effect.Effect<string, ConfigFault> => {
  const value = record[variable]?.trim() ?? ""
  return value === ""
    ? fault(variable, `Not set. Put ${what} of your app registration into .env, as ${variable}=…`)
    : Effect.succeed(value)
}

const portFrom = (args: ReadonlyArray<string>): Effect.Effect<number, ConfigFault> =>
  Effect.try({
    try: () => Number(parseArgs({ args: [...args], options: { port: { type: "string" } } }).values.port ?? usualPort),
    catch: () => new ConfigFault({ variable: "usage", message: "oauth [--port 3000]" })
  }).pipe(
    Effect.filterOrFail(
      (port) => Number.isInteger(port) && port >= 1 && port <= 65_535,
      () => new ConfigFault({ variable: "--port", message: "Expected a port from 1 to 65535" })
    )
  )
