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
  const send: Client["any"] = async (method, path, body, headers = {}) => {
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
  const any: Client["any"] = (...request) => untilRead(() => send(...request))
  const ok: Client["ok"] = async (method, path, body) => {
    const { json, status, text } = await any(method, path, body)
    if (status < 200 || status > 299) throw new Error(`${method} ${path} answered ${status}: ${text}`)
    return json
  }
  return { any, ok }
}

/** A machine on which one of so many is not sent within five seconds is of no use. */
const sendsMax = 10

/** A request that came too slowly, as it may on a busy machine, is answered 408 and was not read: it is sent again. */
export const untilRead = async <A extends { readonly status: number }>(send: () => Promise<A>): Promise<A> => {
  for (let sends = 1; ; sends++) {
    const answer = await send()
    if (answer.status !== 408 || sends === sendsMax) return answer
  }
}
