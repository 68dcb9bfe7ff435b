/**
 * Forms that several settings share: text with a check, addresses that are trusted.
 * Decides which addresses a secret may be sent to: `https` anywhere, `http` on this machine alone.
 */
import { Config, Schema } from "effect"

export const checked = (name: string, isFine: (text: string) => boolean, message: string): Config.Config<string> =>
  Config.schema(Schema.String.check(Schema.makeFilter((text) => (isFine(text) ? undefined : message))), name)

/** `https` anywhere; `http` on this machine alone, for simulators and tests. */
export const isTrusted = (text: string): boolean => {
  const url = URL.parse(text)
  if (url === null || url.username !== "" || url.password !== "" || url.hash !== "") return false
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))
}

export const trustedUrl = (name: string): Config.Config<URL> =>
  checked(name, isTrusted, "Expected an https address, or http on 127.0.0.1 or localhost").pipe(
    Config.map((text) => new URL(text))
  )

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
