/**
 * What of a calendar file's event may hold its meeting link, in the order in which it is believed.
 * Decides how each property is written: those made for links as addresses, prose as prose, markup as HTML. Finds no link.
 */
import { type LinkField, looksLikeHtml } from "@punctual/core/links"
import { type Component, allOf } from "../text/Components.ts"
import { type Property, textOf } from "../text/Property.ts"

export const linkFieldsOf = (event: Component): ReadonlyArray<LinkField> => [
  ...conferences(event).map(address),
  ...event.properties.filter(({ name }) => isVendorsLink(name)).map(address),
  ...allOf(event, "LOCATION").flatMap((location) => [text(location), ...alternative(location)]),
  ...allOf(event, "URL").map(address),
  ...allOf(event, "X-ALT-DESC").map((property) => prose(property, property.parameters["FMTTYPE"] ?? "text/html")),
  ...allOf(event, "DESCRIPTION").flatMap((description) => [
    prose(description, description.parameters["FMTTYPE"] ?? ""),
    ...alternative(description)
  ]),
  ...allOf(event, "SUMMARY").map(text)
]

/** Those for seeing each other first: a telephone number is no link, but some have links of their own for it. */
const conferences = (event: Component): ReadonlyArray<Property> => {
  const all = event.properties.filter(({ name }) => name === "CONFERENCE" || name === "X-GOOGLE-CONFERENCE")
  const isVideo = ({ parameters }: Property): boolean => /\bVIDEO\b/i.test(parameters["FEATURE"] ?? "")
  return [...all.filter(isVideo), ...all.filter((property) => !isVideo(property))]
}

/** X-MICROSOFT-SKYPETEAMSMEETINGURL, X-MICROSOFT-ONLINEMEETINGCONFLINK, -EXTERNALLINK, -INFORMATION. */
const isVendorsLink = (name: string): boolean =>
  name.startsWith("X-MICROSOFT-") && /URL|LINK|ONLINEMEETINGINFORMATION/.test(name)

const field = (form: LinkField["form"], value: string): LinkField => ({ form, text: value, isCut: false })

const address = (property: Property): LinkField => field("address", textOf(property).trim())

const text = (property: Property): LinkField => {
  const value = textOf(property)
  return field(looksLikeHtml(value) ? "html" : "text", value)
}

const prose = (property: Property, type: string): LinkField => {
  const value = textOf(property)
  const isHtml = /html/i.test(type) || looksLikeHtml(value)
  return field(isHtml ? "html" : "mail", value)
}

/** Another form of the same text: within the parameter as a data address, or where its address leads. */
const alternative = ({ parameters }: Property): ReadonlyArray<LinkField> => {
  const told = parameters["ALTREP"]
  if (told === undefined || told === "") return []
  const [, type = "", isBase64, data = ""] = /^data:([^,;]*(?:;charset=[^,;]*)?)(;base64)?,(.*)$/is.exec(told) ?? []
  if (data === "") return [field("address", told)]
  const content = isBase64 === undefined ? decoded(data) : Buffer.from(data, "base64").toString("utf8")
  return [field(/html/i.test(type) || looksLikeHtml(content) ? "html" : "text", content)]
}

const decoded = (data: string): string => {
  try {
    return decodeURIComponent(data)
  } catch {
    // A percent sign that encodes nothing: what stands there is the text.
    return data
  }
}
