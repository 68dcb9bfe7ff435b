/**
 * The demo's HTTP: JSON out, JSON in, a clear word when an answer is not the one hoped for.
 */
export interface Answer {
  readonly status: number
  /** Whatever JSON came back: the demo reads documented members only. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the demo is a client like any other and has no schema at hand
  readonly body: any
}

/** Any status. */
export const ask = async (
  method: string,
  url: string,
  options: { readonly key?: string; readonly body?: unknown } = {}
): Promise<Answer> => {
  const response = await fetch(url, {
    method,
    headers: {
      ...(options.key === undefined ? {} : { authorization: `Token ${options.key}` }),
      ...(options.body === undefined ? {} : { "content-type": "application/json" })
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) })
  })
  const text = await response.text()
  return { status: response.status, body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text }
}

/** A 2xx answer's body, or an error that says what came instead. */
export const demand = async (
  method: string,
  url: string,
  options: { readonly key?: string; readonly body?: unknown } = {}
): Promise<Answer["body"]> => {
  const { body, status } = await ask(method, url, options)
  if (status < 200 || status > 299) throw new Error(`${method} ${url} answered ${status}: ${JSON.stringify(body)}`)
  return body
}

/** Looks until there is something, and says how long that took. */
export const until = async <A>(
  what: string,
  millisMax: number,
  look: () => Promise<A | null>
): Promise<{ readonly value: A; readonly millis: number }> => {
  const started = performance.now()
  for (;;) {
    const value = await look()
    const millis = Math.round(performance.now() - started)
    if (value !== null) return { value, millis }
    if (millis > millisMax) throw new Error(`waited ${Math.round(millis / 1000)} s in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, lookMillis))
  }
}

const lookMillis = 25
