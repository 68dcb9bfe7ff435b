/**
 * The fake AWS without a socket: given to an SDK client as its request handler, so that requests are built, signed and
 * read as ever and no time passes but the fake's.
 * Decides nothing; what is answered is decided in Aws.ts.
 */
import { Readable } from "node:stream"
import type { Aws } from "./Aws.ts"

/** Of the SDK's own request, what is looked at. */
export interface SdkRequest {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, string | Array<string> | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface SdkResponse {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readable
}

export interface InProcessHandler {
  readonly metadata: { readonly handlerProtocol: string }
  readonly handle: (
    request: SdkRequest,
    options?: { readonly abortSignal?: AbortSignal }
  ) => Promise<{ readonly response: SdkResponse }>
  readonly updateHttpClientConfig: () => void
  readonly httpHandlerConfigs: () => Readonly<Record<string, never>>
}

export const inProcess = (aws: Pick<Aws, "handle">): InProcessHandler => ({
  metadata: { handlerProtocol: "http/1.1" },
  handle: async (request, options = {}) => {
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(request.query ?? {})) {
      for (const each of Array.isArray(value) ? value : [value ?? ""]) query.append(name, each)
    }
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value])
    )
    const { body: sent } = request
    const body = typeof sent === "string" ? sent : new TextDecoder().decode(sent as Uint8Array | undefined)
    const closed = options.abortSignal ?? new AbortController().signal
    const reply = await Promise.race([
      aws.handle({ method: request.method, path: request.path, query, headers, body }, closed),
      aborted(closed)
    ])
    if (reply.kind === "silence") return aborted(closed)
    if (reply.kind === "reset")
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET", name: "TimeoutError" })
    return {
      response: { statusCode: reply.status, headers: reply.headers, body: Readable.from([Buffer.from(reply.body)]) }
    }
  },
  updateHttpClientConfig: () => undefined,
  httpHandlerConfigs: () => ({})
})

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const fail = (): void => reject(Object.assign(new Error("Request aborted"), { name: "AbortError" }))
    if (signal.aborted) fail()
    else signal.addEventListener("abort", fail, { once: true })
  })
