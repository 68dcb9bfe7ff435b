/**
 * Reads Graph's error objects.
 *
 * Decides what the code and the message of an error are; reads any JSON and never fails. The wire spells codes in several
 * cases and writes `innerError` where the documentation says `innererror`: https://learn.microsoft.com/graph/errors.
 */
import { type JsonObject, readObject, readText } from "@punctual/core/http"

export interface GraphFailure {
  /** Graph's own word as it was written; empty where there was none. */
  readonly code: string
  /** The same in lower case, to compare with. */
  readonly word: string
  /** One line, at most 300 characters, of what Graph said. */
  readonly message: string
  /** "SubscriptionCountReached": answered as 429, but waiting does not help. */
  readonly isLimitReached: boolean
}

export const readFailure = (json: JsonObject | null): GraphFailure => {
  // Some captures are the bare error, without the member around it.
  const error = readObject(json ?? {}, "error") ?? json ?? {}
  const code = (readText(error, "code") ?? "").slice(0, codeLengthMax)
  const message = oneLine(readText(error, "message") ?? "")
  return {
    code,
    word: code.toLowerCase(),
    message,
    isLimitReached: message.includes("SubscriptionCountReached")
  }
}

const codeLengthMax = 100
const messageLengthMax = 300

const oneLine = (text: string): string =>
  text
    .slice(0, messageLengthMax)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .trim()
