/**
 * A definite answer of Microsoft Graph, and what it says.
 *
 * Decides which refusals mean that something is not there, and which that a cursor has expired. Says what a refusal
 * means where the operation knows nothing more particular. The words are Graph's: https://learn.microsoft.com/graph/errors.
 */
import { type CalendarError, Forbidden, Unavailable } from "@punctual/core"
import { type GraphFailure, readFailure } from "./Failure.ts"
import type { JsonObject } from "@punctual/core/http"
import { noMailboxOf } from "./NoMailbox.ts"

/** A definite answer. `json` is empty where the answer had no body. */
export interface GraphReply {
  readonly status: number
  readonly json: JsonObject
  /** Null for a 2xx. */
  readonly failure: GraphFailure | null
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
  const failure = reply.failure ?? readFailure(null)
  const { code } = failure
  const noMailbox = noMailboxOf(failure)
  if (noMailbox !== null) return noMailbox
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

const absentWords: ReadonlySet<string> = new Set([
  "erroritemnotfound",
  "itemnotfound",
  "errorfoldernotfound",
  "errorcalendarnotfound",
  "errorobjectnotfound"
])

const expiredWords: ReadonlySet<string> = new Set(["syncstatenotfound", "resyncrequired", "syncstateinvalid"])
