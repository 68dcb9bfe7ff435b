/** Fields as an adapter would hand them over, one call each, for tests to put together. */
import type { LinkField } from "../../src/links/index.ts"

const field =
  (form: LinkField["form"]) =>
  (text: string, isCut = false): ReadonlyArray<LinkField> => [{ text, form, isCut }]

/** A field that is meant for an address, such as a conference's entry point. */
export const address = field("address")
/** A line of text, such as a subject or a place. */
export const line = field("text")
/** A plain body. */
export const mail = field("mail")
/** A body in markup. */
export const html = field("html")
