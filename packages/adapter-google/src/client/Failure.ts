/**
 * Reads Google's error objects.
 *
 * Decides what is only throttling, whoever's limit it is: Google answers that with 403 and the word `PERMISSION_DENIED`
 * too, so reasons count and that word does not. Reads any JSON and never fails; the reasons stand in `errors`, in
 * `details`, or in both.
 *
 * https://developers.google.com/workspace/calendar/api/guides/errors
 */
import { type JsonObject, readObject, readObjects, readText } from "@punctual/core/http"

export interface GoogleFailure {
  /** Google's own words, such as `rateLimitExceeded` and `RATE_LIMIT_EXCEEDED`. */
  readonly reasons: ReadonlySet<string>
  /** One line, at most 300 characters, of what Google said. */
  readonly message: string
  /** What of the request was at fault, such as `syncToken`. */
  readonly locations: ReadonlySet<string>
  /** Waiting helps. Null: it is about something else. */
  readonly throttled: "mailbox" | "project" | null
}

export const readFailure = (json: JsonObject | null): GoogleFailure => {
  const error = readObject(json ?? {}, "error") ?? {}
  const errors = readObjects(error, "errors")
  const details = readObjects(error, "details")
  const reasons = new Set([...errors, ...details].flatMap((each) => word(each, "reason")))
  const message = oneLine(readText(error, "message") ?? "")
  const isThrottled = [...reasons].some((reason) => rateReasons.has(reason)) && !isClosed(reasons)
  return {
    reasons,
    message,
    locations: new Set(errors.flatMap((each) => word(each, "location"))),
    throttled: !isThrottled ? null : isOfProject(reasons, details, message) ? "project" : "mailbox"
  }
}

/** The first of Google's words, for a sentence; empty where there is none. */
export const firstReason = ({ reasons }: GoogleFailure): string => [...reasons][0] ?? ""

const rateReasons: ReadonlySet<string> = new Set([
  "rateLimitExceeded",
  "userRateLimitExceeded",
  "quotaExceeded",
  "dailyLimitExceeded",
  "RATE_LIMIT_EXCEEDED"
])

/** The API was never switched on: said in the words of usage limits, and no waiting mends it. */
const isClosed = (reasons: ReadonlySet<string>): boolean =>
  reasons.has("accessNotConfigured") || reasons.has("SERVICE_DISABLED")

/** The limit that all mailboxes of a client share. Where Google does not say which it was, it is the mailbox's. */
const isOfProject = (reasons: ReadonlySet<string>, details: ReadonlyArray<JsonObject>, message: string): boolean => {
  const limits = details.flatMap((each) => word(readObject(each, "metadata") ?? {}, "quota_limit"))
  if (limits.length > 0) return !limits.some((limit) => /PerUser/i.test(limit))
  return reasons.has("dailyLimitExceeded") || /limit 'Queries per (?:minute|day)'/.test(message)
}

const wordLengthMax = 100
const messageLengthMax = 300

const word = (object: JsonObject, member: string): ReadonlyArray<string> => {
  const text = readText(object, member)
  return text === null || text === "" ? [] : [text.slice(0, wordLengthMax)]
}

const oneLine = (text: string): string =>
  text
    .slice(0, messageLengthMax)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .trim()
