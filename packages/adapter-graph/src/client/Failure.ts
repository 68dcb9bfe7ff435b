/**
 * Graph's error objects, and what they say beyond their status.
 *
 * Decides which codes mean the same; reads any JSON and never fails. The wire spells codes in several cases and writes
 * `innerError` where the documentation says `innererror`: https://learn.microsoft.com/graph/errors.
 */
import { type CalendarError, Forbidden, Unavailable } from "@punctual/core"
import type { JsonObject } from "./Body.ts"
import { readObject, readText } from "../mapping/Reading.ts"
import type { GraphReply } from "./GraphClient.ts"

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

/** Graph confirms that what was asked for is not there. A 404 in other words (a proxy's, a mailbox's) confirms nothing. */
export const isAbsent = (reply: GraphReply): boolean =>
  (reply.status === 404 && absentWords.has(reply.failure?.word ?? "")) ||
  // An id that cannot exist names nothing.
  (reply.status === 400 && reply.failure?.word === "errorinvalididmalformed")

/** The sync state is forgotten, in any of the ways Graph has of saying so. */
export const isCursorExpired = (reply: GraphReply): boolean =>
  reply.status === 410 || (reply.status >= 400 && expiredWords.has(reply.failure?.word ?? ""))

/** What a definite refusal means where the operation has nothing more particular to say about it. */
export const refusalOf = (reply: GraphReply): CalendarError["reason"] => {
  const { code, message, word } = reply.failure ?? readFailure(null)
  if (word === "mailboxnotenabledforrestapi" || message.includes("inactive, soft-deleted")) {
    return new Forbidden({
      message:
        "Microsoft has no online mailbox for this account: it is inactive, deleted, or on the organisation's own server."
    })
  }
  if (reply.status === 403) {
    return new Forbidden({
      message:
        `Microsoft Graph denied access (${code === "" ? "403" : code}). ` +
        "Check that Calendars.Read and User.Read were granted, and that the organisation allows this app."
    })
  }
  const said = code === "" ? String(reply.status) : `${reply.status} ${code}`
  return new Unavailable({ message: `Microsoft Graph refused the request (${said}).` })
}

const codeLengthMax = 100
const messageLengthMax = 300

const absentWords: ReadonlySet<string> = new Set([
  "erroritemnotfound",
  "itemnotfound",
  "errorfoldernotfound",
  "errorcalendarnotfound",
  "errorobjectnotfound"
])

const expiredWords: ReadonlySet<string> = new Set(["syncstatenotfound", "resyncrequired", "syncstateinvalid"])

const oneLine = (text: string): string =>
  text
    .slice(0, messageLengthMax)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .trim()
