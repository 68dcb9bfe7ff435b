/**
 * Google's event → the fields that may hold its link, in the order in which they are believed.
 *
 * Decides how each is written, and where the organizer's own text ends. Of a conference only the way in by video counts:
 * `more` is a list of telephone numbers. Finds no link itself.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events (`conferenceData`, `hangoutLink`)
 */
import { type LinkField, looksLikeHtml } from "@punctual/core/links"
import { type JsonObject, readObject, readObjects, readText } from "@punctual/core/http"

export const linkFieldsOf = (json: JsonObject): ReadonlyArray<LinkField> => {
  const [own, googles] = cutAtRuler(readText(json, "description") ?? "")
  return [
    ...videoAddresses(json).map((text) => field("address", text)),
    ...texts(readText(json, "hangoutLink"), "address"),
    ...texts(readText(json, "location"), "text"),
    ...prose(own),
    ...texts(readText(json, "summary"), "text"),
    ...prose(googles)
  ]
}

const videoAddresses = (json: JsonObject): ReadonlyArray<string> =>
  readObjects(readObject(json, "conferenceData") ?? {}, "entryPoints")
    .filter((entry) => readText(entry, "entryPointType") === "video")
    .flatMap((entry) => readText(entry, "uri") ?? [])

/** Google writes its own block beneath a ruler ("Please do not edit this section"): copied along, it may be another meeting's. */
const cutAtRuler = (description: string): readonly [own: string, googles: string] => {
  const place = description.search(/-::~:~::~/)
  return place === -1 ? [description, ""] : [description.slice(0, place), description.slice(place)]
}

const field = (form: LinkField["form"], text: string): LinkField => ({ text, form, isCut: false })

const texts = (text: string | null, form: LinkField["form"]): ReadonlyArray<LinkField> =>
  text === null || text === "" ? [] : [field(form, text)]

/** Nothing says whether a description is HTML or text. */
const prose = (text: string): ReadonlyArray<LinkField> => texts(text, looksLikeHtml(text) ? "html" : "mail")
