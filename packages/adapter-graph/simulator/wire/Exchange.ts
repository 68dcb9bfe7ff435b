/**
 * One request and its reply, as data: what the rules are functions of, and what they return.
 *
 * Decides how a query, a Prefer header and a path are read, and how Graph words its refusals. It opens no socket.
 */
import { guidFrom } from "../world/Chance.ts"
import { secondsInstant } from "../world/Dates.ts"
import type { AccessToken, Mailbox, World } from "../world/World.ts"

export interface Request {
  readonly method: string
  /** Scheme, host and port under which the client reached the simulator; links in answers begin with it. */
  readonly origin: string
  /** As sent, still percent-encoded, without the query. */
  readonly path: string
  readonly query: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Requests of the same app to the same mailbox that are being served right now, this one included. */
  readonly inFlight: number
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Sent as JSON; a string is sent as it is; null is no body at all. */
  readonly body: unknown
  /** What the wire does to it. */
  readonly transport?: Transport
}

export type Transport =
  | { readonly type: "reset" }
  | { readonly type: "hang" }
  | { readonly type: "truncated" }
  | { readonly type: "delay"; readonly millis: number }
  | { readonly type: "slowBody"; readonly millis: number }

/** The rules either answer, or first want addresses validated by whoever can open a socket. */
export type Outcome =
  | { readonly _tag: "Reply"; readonly world: World; readonly reply: Reply }
  | { readonly _tag: "Validate"; readonly world: World; readonly validation: Validation }

export interface Validation {
  readonly urls: ReadonlyArray<string>
  readonly token: string
  readonly withinMillis: number
  /** Call with what the addresses said, and the world as it is then. */
  readonly resume: (world: World, result: ValidationResult, now: number) => Outcome
}

export type ValidationResult = "ok" | "timeout" | "refused"

/** What a rule of Graph is given: the request, read, and who asks. */
export interface Call {
  readonly world: World
  readonly now: number
  readonly request: Request
  readonly query: URLSearchParams
  readonly prefer: Prefer
  readonly mailbox: Mailbox
  readonly token: AccessToken
  /** The path after /v1.0 and /me (or /users/{id}), decoded. */
  readonly segments: ReadonlyArray<string>
}

export interface Prefer {
  readonly immutableIds: boolean
  readonly timeZone: string
  readonly textBody: boolean
  readonly pageSize: number | null
}

export const replied = (world: World, reply: Reply): Outcome => ({ _tag: "Reply", world, reply })

/** 200 with JSON. */
export const ok = (body: unknown, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status: 200,
  headers,
  body
})

/** A refusal in Graph's shape. `innerError` says when and which request, as captures of real ones do. */
export const refusal = (
  call: Pick<Call, "world" | "now" | "request">,
  status: number,
  code: string,
  message: string
): Reply => ({
  status,
  headers: {},
  body: { error: { code, message, innerError: innerError(call) } }
})

/** A refusal without innerError, as some come. */
export const bareRefusal = (status: number, code: string, message: string): Reply => ({
  status,
  headers: {},
  body: { error: { code, message } }
})

export const notFound = (call: Pick<Call, "world" | "now" | "request">): Reply =>
  refusal(call, 404, "ErrorItemNotFound", "The specified object was not found in the store.")

export const accessDenied = (call: Pick<Call, "world" | "now" | "request">): Reply =>
  refusal(call, 403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")

const innerError = (call: Pick<Call, "world" | "now" | "request">): Readonly<Record<string, string>> => {
  const requestId = requestIdOf(call.world)
  return {
    date: secondsInstant(call.now).slice(0, 19),
    "request-id": requestId,
    "client-request-id": call.request.headers["client-request-id"] ?? requestId
  }
}

export const requestIdOf = (world: World): string => guidFrom(`request ${world.tick}`)

/** Whether the token carries a scope, or one that includes it. */
export const hasScope = (token: AccessToken, ...anyOf: ReadonlyArray<string>): boolean =>
  token.scopes.some((scope) => anyOf.some((wanted) => wanted.toLowerCase() === scope.toLowerCase()))

/** Members of a Prefer header; several may share one line. Unknown ones are passed over, as RFC 7240 asks. */
export const parsePrefer = (header: string | undefined): Prefer => {
  const values: Record<string, string> = {}
  for (const match of (header ?? "").matchAll(/([\w.-]+)\s*(?:=\s*(?:"([^"]*)"|([^",;\s]*)))?/g)) {
    values[(match[1] ?? "").toLowerCase()] = match[2] ?? match[3] ?? ""
  }
  const size = Number(values["odata.maxpagesize"])
  return {
    immutableIds: values["idtype"]?.toLowerCase() === "immutableid",
    timeZone: values["outlook.timezone"] ?? "UTC",
    textBody: values["outlook.body-content-type"]?.toLowerCase() === "text",
    pageSize: Number.isInteger(size) && size > 0 ? size : null
  }
}

/** Path segments, decoded; OData keys in parentheses become segments of their own. */
export const segmentsOf = (path: string): ReadonlyArray<string> =>
  path
    .split("/")
    .filter((segment) => segment !== "")
    .flatMap((segment) => {
      const decoded = percentDecoded(segment).replace(/^microsoft\.graph\./, "")
      const keyed = /^([A-Za-z]+)\('(.*)'\)$/.exec(decoded)
      return keyed === null ? [decoded.replace(/\(\)$/, "")] : [keyed[1] ?? "", (keyed[2] ?? "").replaceAll("''", "'")]
    })

/** The value of a query parameter whatever its case, or null. */
export const parameter = (query: URLSearchParams, name: string): string | null => {
  for (const [key, value] of query) if (key.toLowerCase() === name.toLowerCase()) return value
  return null
}

/** A body as a JSON object, or null. */
export const jsonObject = (text: string): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : null
  } catch {
    return null // not JSON
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const percentDecoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment // a stray percent sign; the id will then not be found
  }
}
