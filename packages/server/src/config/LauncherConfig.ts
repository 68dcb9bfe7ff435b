/**
 * Which bot service launches are handed to, and what is needed to reach it.
 * Decides what is missing: by the kind of service, address and secret are needed or not.
 */
import { Config, Option, Redacted, Schema } from "effect"
import { isTrusted } from "./ConfigValue.ts"

export type LauncherConfig =
  | { readonly kind: "none" }
  | { readonly kind: "webhook"; readonly url: URL; readonly secret: Redacted.Redacted }
  | {
      readonly kind: "meetstream" | "recall" | "attendee"
      readonly url: Option.Option<URL>
      readonly apiKey: Redacted.Redacted
    }

const kinds = ["webhook", "meetstream", "recall", "attendee"] as const

const address = Config.schema(
  Schema.String.check(
    Schema.makeFilter((text) => (isHttp(text) ? undefined : "Expected an https or http address without credentials"))
  ),
  "PUNCTUAL_LAUNCHER_URL"
).pipe(Config.map((text) => new URL(text)))

/** Standard Webhooks: `whsec_` and base64. */
const signingSecret = Config.schema(
  Schema.String.check(
    Schema.makeFilter((text) =>
      /^whsec_[A-Za-z0-9+/]{16,}={0,2}$/.test(text) ? undefined : "Expected `whsec_` and base64, at least 12 bytes"
    )
  ),
  "PUNCTUAL_LAUNCHER_SECRET"
).pipe(Config.map((text) => Redacted.make(text)))

const apiKey = Config.schema(Schema.NonEmptyString, "PUNCTUAL_LAUNCHER_SECRET").pipe(
  Config.map((text) => Redacted.make(text))
)

/** An API key is sent with every call: in the clear it goes no further than this machine. */
const guardedAddress = Config.schema(
  Schema.String.check(
    Schema.makeFilter((text) =>
      isHttp(text) && isTrusted(text) ? undefined : "Expected an https address without credentials, or http on loopback"
    )
  ),
  "PUNCTUAL_LAUNCHER_URL"
).pipe(Config.map((text) => new URL(text)))

export const launcher: Config.Config<LauncherConfig> = Config.option(Config.Literals(kinds, "PUNCTUAL_LAUNCHER")).pipe(
  Config.flatMap((kind): Config.Config<LauncherConfig> => {
    if (Option.isNone(kind)) return Config.succeed<LauncherConfig>({ kind: "none" })
    if (kind.value === "webhook") {
      return Config.map(Config.all({ url: address, secret: signingSecret }), (found) => ({ kind: "webhook", ...found }))
    }
    const service = kind.value
    return Config.map(Config.all({ url: Config.option(guardedAddress), apiKey }), (found) => ({
      kind: service,
      ...found
    }))
  })
)

const isHttp = (text: string): boolean => {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === ""
}
