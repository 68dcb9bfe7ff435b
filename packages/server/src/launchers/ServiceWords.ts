/**
 * What a bot service said of a call that it did not take, for a person: part of a bot's status message, and of the log.
 *
 * Decides which words of an answer are its reason, and that what the service was given and is not to be told is not repeated:
 * services quote the request that they refuse, with keys, passcodes, configurations, names and subjects in it.
 */
import { Option, Redacted, Schema } from "effect"
import type { LaunchRequest } from "@punctual/core"

/** Longer reasons are cut: the rest is in the service's own log. */
const wordsLengthMax = 200
/** A shorter text that was given is no secret, and would be found in many words. */
const givenLengthMin = 6

/** Members that services keep a reason in, the clearest first. */
const names = ["message", "detail", "error", "title", "non_field_errors", "errors"] as const

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Json))

/** Null: the answer gives no reason. */
export const serviceWords = (text: string, given: ReadonlyArray<string>): string | null => {
  const json = Option.getOrUndefined(decode(text))
  const reason = json === undefined ? plain(text) : reasonIn(json)
  if (reason === null) return null
  const line = without(reason, given)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
  if (line === "") return null
  return line.length > wordsLengthMax ? `${line.slice(0, wordsLengthMax)}…` : line
}

/** A page for browsers says nothing to a reader of logs. */
const plain = (text: string): string | null => (/^\s*</.test(text) ? null : text)

const depthMax = 3

const reasonIn = (json: unknown, depth = 0): string | null => {
  if (typeof json === "string") return json
  if (depth === depthMax || typeof json !== "object" || json === null) return null
  if (Array.isArray(json)) return reasonIn(json[0], depth + 1)
  const members = json as Readonly<Record<string, unknown>>
  for (const name of names) {
    const reason = name in members ? reasonIn(members[name], depth + 1) : null
    if (reason !== null && reason.trim() !== "") return reason
  }
  return depth === 0 ? firstOf(members) : null
}

/** `{"meeting_url": ["Enter a valid URL."]}`: the member is part of the reason. */
const firstOf = (members: Readonly<Record<string, unknown>>): string | null => {
  for (const [name, value] of Object.entries(members)) {
    const said: unknown = Array.isArray(value) ? value[0] : null
    if (typeof said === "string") return `${name}: ${said}`
  }
  return null
}

const without = (text: string, given: ReadonlyArray<string>): string => {
  let left = text
  for (const each of given) {
    if (each.length < givenLengthMin) continue
    for (const form of new Set([each, encodeURIComponent(each)])) left = left.replaceAll(form, "…")
  }
  return left
}

/** The texts of a launch that are nobody else's business, the longest first: what contains another goes before it. */
export const givenWith = (request: LaunchRequest, secret: Redacted.Redacted): ReadonlyArray<string> =>
  [
    Redacted.value(secret),
    request.botName,
    request.event.summary,
    ...textsIn(request.link),
    ...textsIn(request.config),
    ...textsIn(request.customAttributes)
  ].toSorted((a, b) => b.length - a.length)

const textsIn = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (typeof value !== "object" || value === null) return []
  return Object.values(value).flatMap(textsIn)
}
