/**
 * Where the next round starts: Google's sync token, and what Google does not keep with it.
 *
 * Decides that a cursor holds its window, since a sync token is not bound to one, and its query, since a token is good for
 * one alone. A cursor of another version, of another query, or that can't be read is an expired one.
 */
import type { Span } from "@punctual/core"
import { parseObject, readName, readText } from "@punctual/core/http"

export interface Cursor {
  readonly token: string
  readonly window: Span
}

/** `query` is the text of the query that the token belongs to. */
export const writeCursor = ({ token, window }: Cursor, query: string): string =>
  Buffer.from(JSON.stringify({ version, token, from: window.from, to: window.to, query })).toString("base64url")

export const readCursor = (text: string, query: string): Cursor | null => {
  const json = text.length > cursorLengthMax ? null : parseObject(Buffer.from(text, "base64url").toString("utf8"))
  if (json === null || json["version"] !== version || readText(json, "query") !== query) return null
  const token = readName(json, "token", cursorLengthMax)
  const { from, to } = json
  return token !== null && isInstant(from) && isInstant(to) && from < to ? { token, window: { from, to } } : null
}

const version = 1

/** Google's tokens were seen up to some hundred characters. */
const cursorLengthMax = 16_384

const isInstant = (value: unknown): value is number => Number.isSafeInteger(value)
