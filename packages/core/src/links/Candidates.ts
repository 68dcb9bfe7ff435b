/**
 * What in a field could be an address, in the order in which it stands there. It judges none: see `Canonical.ts`.
 */
import { startsLikeApp } from "./AppScheme.ts"
import { readHtml } from "./Html.ts"
import { type LinkField, readPart } from "./LinkField.ts"
import { linksInText } from "./TextLinks.ts"

/** The candidates of one field, read no further than asked. */
export function* candidatesOf(field: LinkField): Generator<string> {
  const { form, isCut, text } = readPart(field)
  switch (form) {
    case "address": {
      const whole = text.trim()
      if (/^https?:\/\/\S+$/i.test(whole)) yield whole
      else yield* linksInText(text, isCut)
      return
    }
    case "text":
      yield* linksInText(text, isCut)
      return
    case "mail":
      yield* linksInText(withoutSoftBreaks(text), isCut)
      return
    case "html":
      for (const part of readHtml(text)) {
        if (part.kind === "text") yield* linksInText(part.text, isCut && part.isLast)
        else if (/^https?:\/\//i.test(part.text) || startsLikeApp(part.text)) yield part.text
      }
  }
}

/**
 * Quoted-printable that leaked into a text: "=" at the end of a line continues it, "=3D" is "=". A "=" before it is no
 * such break but a row of them drawn as a ruler, which would swallow the start of the next line.
 */
const withoutSoftBreaks = (text: string): string =>
  softBreak.test(text) ? text.replaceAll(new RegExp(softBreak, "g"), "").replaceAll(/=3D/gi, "=") : text

const softBreak = /(?<!=)=\r?\n/
