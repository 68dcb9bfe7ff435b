/**
 * A part of an event that may hold its link, as an adapter hands it over: a text, and how that was written.
 * It decides nothing: which parts an event has and which are believed first is the adapter's knowledge, what in them is a
 * link is decided in `Link.ts`.
 */

export interface LinkField {
  readonly text: string
  /**
   * "address": the whole value is one address where it looks like one. "text": prose. "mail": prose that mail software has
   * wrapped. "html": markup.
   */
  readonly form: "address" | "text" | "mail" | "html"
  /** Someone cut the text at this length, so a link that runs to its end may be half a link. */
  readonly isCut: boolean
}

/** Of any field this much is read: bodies are written by strangers, and some hold a film. */
const fieldCharactersMax = 4_000_000

/** The part of a field that is read. */
export const readPart = (field: LinkField): LinkField =>
  field.text.length <= fieldCharactersMax
    ? field
    : { ...field, text: field.text.slice(0, fieldCharactersMax), isCut: true }
