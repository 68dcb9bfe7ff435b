/**
 * What a bot service's answer means for a launch.
 *
 * Decides by the HTTP status, the same for every service: 2xx has the bot; 408, 425, 429 and 5xx may be tried again;
 * everything else is final. What only one service says differently stands in its own file.
 */
import { Option, Schema } from "effect"
import type { HttpClientError } from "effect/http"
import type { LaunchOutcome } from "@punctual/core"
import { networkCode, retryAfterMillis } from "@punctual/core/http"
import type { Answer } from "../http/client/Answer.ts"
import { serviceWords } from "./ServiceWords.ts"

/** `now` turns a date in `Retry-After` into a wait; what was `given` with the call is not repeated in its outcome. */
export const outcomeOf = (answer: Answer, now: number, given: ReadonlyArray<string>): LaunchOutcome => {
  const { status } = answer
  if (status >= 200 && status < 300) return { kind: "accepted", externalId: externalIdOf(answer.text), isReplay: false }
  const words = serviceWords(answer.text, given)
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
export const unanswered = (error: HttpClientError.HttpClientError): LaunchOutcome => {
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

const Ids = Schema.fromJsonString(
  Schema.Struct({ bot_id: Schema.optionalKey(Schema.Unknown), id: Schema.optionalKey(Schema.Unknown) })
)
const decodeIds = Schema.decodeUnknownOption(Ids)

const externalIdLengthMax = 256

/** `bot_id`, else `id`, of a JSON answer. */
export const externalIdOf = (text: string): string | null => {
  const ids = Option.getOrNull(decodeIds(text))
  const id = ids?.bot_id ?? ids?.id
  if (typeof id !== "string" && typeof id !== "number") return null
  const name = String(id)
  return name === "" || name.length > externalIdLengthMax || /\p{Cc}/u.test(name) ? null : name
}
