/**
 * A request to the simulated Google and its answer, as plain data.
 * Decides how an error is written, in the older of Google's two forms.
 */
export interface Request {
  readonly method: string
  /** Unescaped, a segment each. */
  readonly path: ReadonlyArray<string>
  readonly query: URLSearchParams
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Undefined: no body. */
  readonly body?: unknown
}

/** A notification on its way. */
export interface Parcel {
  readonly address: string
  readonly headers: Readonly<Record<string, string>>
}

export const ok = (body: unknown): Reply => ({ status: 200, body })

export const refused = (
  status: number,
  reason: string,
  message: string,
  { domain = "global", location }: { readonly domain?: string; readonly location?: string } = {}
): Reply => {
  const where = location === undefined ? {} : { locationType: "parameter", location }
  return { status, body: { error: { errors: [{ domain, reason, message, ...where }], code: status, message } } }
}

export const notFound = refused(404, "notFound", "Not Found")

/** The token endpoint's own form. */
export const tokenRefused = (status: number, error: string, description: string): Reply => ({
  status,
  body: { error, error_description: description }
})

/** What only the simulator can read. */
export const sealed = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url")

/** Null: none of ours. */
export const unsealed = (text: string): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"))
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : null
  } catch {
    // Whatever a client sends in its place.
    return null
  }
}
