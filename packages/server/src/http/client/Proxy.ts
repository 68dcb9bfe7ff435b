/**
 * The way out through a proxy, as `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say it: for calendar providers, bot services and OTLP.
 * Decides that this machine is always reached directly. What AWS's clients call goes its own way.
 */
import * as http from "node:http"

type Variables = Readonly<Record<string, string | undefined>>

/** Node's, since 24.14; older ones know the variables only where they are started with `NODE_USE_ENV_PROXY=1`. */
const setProxy = (http as { readonly setGlobalProxyFromEnv?: (variables: Variables) => () => void })
  .setGlobalProxyFromEnv

const here = ["localhost", "127.0.0.1", "::1"]

/** Undoes it; `none`: no proxy is named; `unsupported`: one is, and this Node.js can't be told. */
export const useProxy = (variables: Variables): (() => void) | "none" | "unsupported" => {
  const named = (name: string) => variables[name] ?? variables[name.toLowerCase()]
  const [httpProxy, httpsProxy] = [named("HTTP_PROXY"), named("HTTPS_PROXY")]
  if (!httpProxy && !httpsProxy) return "none"
  if (setProxy === undefined) return "unsupported"
  const direct = [...(named("NO_PROXY") ?? "").split(","), ...here].filter((host) => host.trim() !== "").join(",")
  return setProxy({
    ...(httpProxy && { HTTP_PROXY: httpProxy }),
    ...(httpsProxy && { HTTPS_PROXY: httpsProxy }),
    NO_PROXY: direct
  })
}
