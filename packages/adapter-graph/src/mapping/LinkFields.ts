/**
 * Graph's event → the fields that may hold its link, in the order in which they are believed.
 *
 * Decides how each is written, and which may have been cut. Finds no link, and takes nothing for granted: anything may
 * stand in any property.
 *
 * https://learn.microsoft.com/graph/api/resources/event
 */
import { type LinkField, looksLikeHtml } from "@punctual/core/links"

/** Flags and words ("isOnlineMeeting", "Microsoft Teams Meeting") say nothing; only links do. */
export const linkFieldsOf = (event: unknown): ReadonlyArray<LinkField> => [...fieldsOf(event)]

/** The same; null where the item is so bare that having no link in it means nothing. */
export const toldLinkFields = (event: unknown): ReadonlyArray<LinkField> | null =>
  typeof event === "object" && event !== null && telling.some((member) => Object.hasOwn(event, member))
    ? linkFieldsOf(event)
    : null

/** An item that has one of these was asked for as a whole. */
const telling = ["onlineMeeting", "onlineMeetingUrl", "location", "locations", "body"]

/** Graph cuts `bodyPreview`, and Outlook the names of locations, at this length. */
const cutCharacters = 255

function* fieldsOf(event: unknown): Generator<LinkField> {
  yield* address(property(property(event, "onlineMeeting"), "joinUrl"))
  yield* address(property(event, "onlineMeetingUrl"))
  yield* location(property(event, "location"))
  const locations = property(event, "locations")
  if (Array.isArray(locations)) for (const each of locations) yield* location(each)
  yield* body(property(event, "body"))
  yield* text(property(event, "bodyPreview"), true)
  yield* text(property(event, "subject"), false)
}

function* location(value: unknown): Generator<LinkField> {
  yield* text(property(value, "displayName"), true)
  yield* address(property(value, "locationUri"))
  yield* text(property(value, "uniqueId"), true)
}

function* address(value: unknown): Generator<LinkField> {
  if (typeof value === "string") yield { text: value, form: "address", isCut: false }
}

function* text(value: unknown, mayBeCut: boolean): Generator<LinkField> {
  if (typeof value !== "string") return
  yield { text: value, form: "text", isCut: mayBeCut && value.length === cutCharacters }
}

function* body(value: unknown): Generator<LinkField> {
  const content = property(value, "content")
  if (typeof content !== "string") return
  const contentType = property(value, "contentType")
  const said = typeof contentType === "string" ? contentType.trim().toLowerCase() : ""
  const isHtml = said === "html" || (said !== "text" && looksLikeHtml(content))
  yield { text: content, form: isHtml ? "html" : "mail", isCut: false }
}

/** Undefined for whatever has no such property, and for what refuses to be read (a proxy, a getter that throws). */
const property = (value: unknown, name: string): unknown => {
  if (typeof value !== "object" || value === null) return undefined
  try {
    // Any object may be asked for any member; what comes back is looked at before it is used.
    return (value as Readonly<Record<string, unknown>>)[name]
  } catch {
    return undefined
  }
}
