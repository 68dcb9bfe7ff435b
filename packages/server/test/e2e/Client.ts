/**
 * A client of the running server. Says which request it was when an answer is not the one hoped for.
 */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look at documented members of answers of every shape
  readonly json: any
  readonly text: string
}

export interface Client {
  readonly any: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>
  ) => Promise<Answer>
  /** The body of an answer that must be 2xx. */
  readonly ok: (method: string, path: string, body?: unknown) => Promise<Answer["json"]>
}

export const clientOf = (url: string, key: string | null): Client => {
  const any: Client["any"] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(key !== null && { authorization: `Token ${key}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers
      },
      ...(body !== undefined && { body: JSON.stringify(body) })
    })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get("content-type") ?? "")
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined }
  }
  const ok: Client["ok"] = async (method, path, body) => {
    const { json, status, text } = await any(method, path, body)
    if (status < 200 || status > 299) throw new Error(`${method} ${path} answered ${status}: ${text}`)
    return json
  }
  return { any, ok }
}
