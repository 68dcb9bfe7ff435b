/**
 * Which parts of an event may hold its link, in the order in which they are believed, and how each is written. The shape
 * is Microsoft Graph's `event`; nothing about it is taken for granted, since anything may stand in any property.
 */
import { looksLikeHtml } from "./Html.ts"

export interface Field {
  readonly text: string
  /** "address": the whole value is one address where it looks like one. "mail": text that mail software has wrapped. */
  readonly form: "address" | "text" | "mail" | "html"
  /** Someone cut the text at this length, so a link that runs to its end may be half a link. */
  readonly isCut: boolean
}

/** At least a million characters of a body are read; a body beyond this is read up to here. */
const bodyCharactersMax = 4_000_000

/** Graph cuts `bodyPreview`, and Outlook the names of locations, at this length. */
const cutCharacters = 255

/** Flags and words ("isOnlineMeeting", "Microsoft Teams Meeting") decide nothing; only links do. */
export function* fieldsOf(event: unknown): Generator<Field> {
  yield* address(property(property(event, "onlineMeeting"), "joinUrl"))
  yield* address(property(event, "onlineMeetingUrl"))
  yield* location(property(event, "location"))
  const locations = property(event, "locations")
  if (Array.isArray(locations)) for (const each of locations) yield* location(each)
  yield* body(property(event, "body"))
  yield* text(property(event, "bodyPreview"), true)
  yield* text(property(event, "subject"), false)
}

function* location(value: unknown): Generator<Field> {
  yield* text(property(value, "displayName"), true)
  yield* address(property(value, "locationUri"))
  yield* text(property(value, "uniqueId"), true)
}

function* address(value: unknown): Generator<Field> {
  if (typeof value === "string") yield { text: value, form: "address", isCut: false }
}

function* text(value: unknown, mayBeCut: boolean): Generator<Field> {
  if (typeof value !== "string") return
  yield { text: value, form: "text", isCut: mayBeCut && value.length === cutCharacters }
}

function* body(value: unknown): Generator<Field> {
  const content = property(value, "content")
  if (typeof content !== "string") return
  const contentType = property(value, "contentType")
  const said = typeof contentType === "string" ? contentType.trim().toLowerCase() : ""
  const isHtml = said === "html" || (said !== "text" && looksLikeHtml(content))
  yield {
    text: content.slice(0, bodyCharactersMax),
    form: isHtml ? "html" : "mail",
    isCut: content.length > bodyCharactersMax
  }
}

/** Undefined for whatever has no such property, and for what refuses to be read (a proxy, a getter that throws). */
const property = (value: unknown, name: string): unknown => {
  if (typeof value !== "object" || value === null) return undefined
  try {
    return (value as Readonly<Record<string, unknown>>)[name]
  } catch {
    return undefined
  }
}
