/**
 * What a bot service's answer means for a launch.
 *
 * Decides by the HTTP status, the same for every service: 2xx has the bot; 408, 425, 429 and 5xx may be tried again;
 * everything else is final. What only one service says differently stands in its own file.
 */
import type { LaunchOutcome } from "@punctual/core"
import { networkCode, retryAfterMillis } from "@punctual/core/http"
import type { Answer, Unanswered } from "../http/client/Answer.ts"
import { serviceWords } from "./ServiceWords.ts"

/** `now` turns a date in `Retry-After` into a wait; what was `given` with the call is not repeated in its outcome. */
export const outcomeOf = (answer: Answer, now: number, given: () => ReadonlyArray<string>): LaunchOutcome => {
  const { status } = answer
  if (status >= 200 && status < 300) return { kind: "accepted", externalId: externalIdOf(answer.text), isReplay: false }
  const words = serviceWords(answer.text, given())
  const message = `the bot service answered ${status}${words === null ? "" : `: ${words}`}`
  if (isTemporary(status)) {
    return {
      kind: "retry",
      afterMillis: retryAfterMillis(answer.retryAfter, answer.date, now),
      // With these it says itself that it did not take the request; a 408 or a 5xx may come after the bot was made.
      definite: untaken.has(status),
      message
    }
  }
  return { kind: "rejected", message: status < 400 ? `${message}, a redirect, which is not followed` : message }
}

const retryable: ReadonlySet<number> = new Set([408, 425, 429])
const untaken: ReadonlySet<number> = new Set([425, 429])

/** The same request may be answered otherwise later. */
export const isTemporary = (status: number): boolean => retryable.has(status) || status >= 500

/** No answer at all. Where no connection came about, no bot can have either. */
export const unanswered = (error: Unanswered): LaunchOutcome => {
  const code = networkCode(error)
  return {
    kind: "retry",
    afterMillis: null,
    definite: code !== null && unconnected.has(code),
    message: code === null ? "the bot service did not answer" : `the bot service did not answer (${code})`
  }
}

const unconnected: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH"
])

const externalIdLengthMax = 256

/** `bot_id`, else `id`, of a JSON answer. */
export const externalIdOf = (text: string): string | null => {
  const members = membersOf(text)
  const id = members["bot_id"] ?? members["id"]
  if (typeof id !== "string" && typeof id !== "number") return null
  const name = String(id)
  return name === "" || name.length > externalIdLengthMax || /\p{Cc}/u.test(name) ? null : name
}

/** By hand: thousands are read in a second, of which nothing else is looked at. */
const membersOf = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
  } catch {
    return {}
  }
}
