/**
 * The app of an operator's own that users sign in with, at a provider.
 * Decides that its id and its secret are set together or not at all.
 */
import { Config, Effect, Option, type Redacted } from "effect"
import { ConfigFault } from "./ConfigFault.ts"

export interface AppConfig {
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted
}

/** As it was read: what is set of it. */
export interface AppRead {
  readonly prefix: "MICROSOFT" | "GOOGLE"
  readonly clientId: Option.Option<string>
  readonly clientSecret: Option.Option<Redacted.Redacted>
}

/** `MICROSOFT_CLIENT_ID` and `MICROSOFT_CLIENT_SECRET`, or Google's. */
export const appOf = (prefix: AppRead["prefix"]): Config.Config<AppRead> =>
  Config.all({
    clientId: Config.option(Config.NonEmptyString(`${prefix}_CLIENT_ID`)),
    clientSecret: Config.option(Config.Redacted(`${prefix}_CLIENT_SECRET`))
  }).pipe(Config.map((read) => ({ prefix, ...read })))

/** None: there is no app. */
export const wholeApp = ({
  clientId,
  clientSecret,
  prefix
}: AppRead): Effect.Effect<Option.Option<AppConfig>, ConfigFault> => {
  if (Option.isSome(clientId) === Option.isSome(clientSecret)) {
    return Effect.succeed(Option.all({ clientId, clientSecret }))
  }
  const variable = `${prefix}_CLIENT_${Option.isSome(clientId) ? "SECRET" : "ID"}`
  return Effect.fail(new ConfigFault({ variable, message: "Expected both the app's id and its secret, or neither" }))
}
