/**
 * A service's address as it is configured.
 * Decides which may be sent a token: https, or plain http to this very machine, where a simulator is.
 */
import { Effect } from "effect"

/** Null: none that may be asked. */
export const serviceUrl = (address: string): URL | null => {
  const url = URL.parse(address)
  if (url === null || url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") return null
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)) ? url : null
}

export const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname)

/** A wrong address is the host's mistake at start, not something a call could answer. `what` begins the sentence. */
export const configuredUrl = (what: string, text: string): Effect.Effect<URL> => {
  const url = serviceUrl(text)
  return url === null
    ? Effect.die(new Error(`${what} must be at an https address, or at http on this machine; "${text}" is neither.`))
    : Effect.succeed(url)
}
