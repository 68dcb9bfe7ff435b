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
  /** Undefined: no body. A text is sent as it is, anything else as JSON. */
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

/** A page of the sign-in. */
export const webPage = (status: number, body: string): Reply => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
  body: `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Sign in (simulated)</title></head><body>${body}</body></html>\n`
})

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }

export const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (letter) => entities[letter] ?? letter)

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
