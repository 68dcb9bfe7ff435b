/**
 * Reads one construct of HTML that starts with "<", the way browsers do: https://html.spec.whatwg.org/#tokenization.
 * Says where it ends and what it is; what it means for links is decided in `Html.ts`.
 */

export type Markup =
  | {
      readonly kind: "tag"
      readonly name: string
      readonly isEnd: boolean
      readonly href: string | null
      readonly end: number
    }
  /** Comments, declarations and the like: shown to nobody. */
  | { readonly kind: "hidden"; readonly end: number }
  /** A "<" that is only a character. */
  | { readonly kind: "text"; readonly end: number }

/** What starts at `at`, where a "<" stands; null when the document ends within it, and with it all that follows. */
export const readMarkup = (html: string, at: number): Markup | null => {
  // `<https://…>` is how plain-text mail writes links; some of it reaches HTML unescaped.
  if (startsAddress.test(html.slice(at, at + "<https://".length))) return { kind: "text", end: at + 1 }
  if (html.startsWith("<!--", at)) return hiddenUpTo(html, "-->", at + "<!".length)
  const next = html.charAt(at + 1)
  if (isLetter(next)) return readTag(html, at + 1, false)
  if (next === "/" && isLetter(html.charAt(at + 2))) return readTag(html, at + 2, true)
  if (next === "/" || next === "!" || next === "?") return hiddenUpTo(html, ">", at + 1)
  return { kind: "text", end: at + 1 }
}

/** Where the next end tag of this name starts; the document's end where there is none. */
export const endTagOf = (name: string, html: string, from: number): number => {
  const endTag = new RegExp(`</${name}(?=[\\t\\n\\f\\r />])`, "gi")
  endTag.lastIndex = from
  return endTag.exec(html)?.index ?? html.length
}

const startsAddress = /^<https?:\/\//i

const isLetter = (text: string): boolean => /^[a-z]/i.test(text)

const hiddenUpTo = (html: string, closing: string, from: number): Markup | null => {
  const at = html.indexOf(closing, from)
  return at < 0 ? null : { kind: "hidden", end: at + closing.length }
}

/** Every attribute is read, since a ">" inside a quoted value does not end the tag. Of two `href` the first counts. */
const readTag = (html: string, nameAt: number, isEnd: boolean): Markup | null => {
  let at = past(tagName, html, nameAt)
  const name = html.slice(nameAt, at).toLowerCase()
  let href: string | null = null
  for (;;) {
    at = past(betweenAttributes, html, at)
    if (at >= html.length) return null
    if (html.charAt(at) === ">") return { kind: "tag", name, isEnd, href, end: at + 1 }
    const attributeEnd = past(attributeName, html, at)
    const attribute = html.slice(at, attributeEnd).toLowerCase()
    const value = readValue(html, past(space, html, attributeEnd))
    if (value === null) return null
    if (attribute === "href") href ??= value.text
    at = value.end
  }
}

/** What follows an attribute's name: `="…"`, `='…'`, a bare word, or nothing; null when a quote is never closed. */
const readValue = (html: string, from: number): { readonly text: string; readonly end: number } | null => {
  if (html.charAt(from) !== "=") return { text: "", end: from }
  const at = past(space, html, from + 1)
  const quote = html.charAt(at)
  if (quote !== '"' && quote !== "'") {
    const end = past(bareValue, html, at)
    return { text: html.slice(at, end), end }
  }
  const close = html.indexOf(quote, at + 1)
  return close < 0 ? null : { text: html.slice(at + 1, close), end: close + 1 }
}

const tagName = /[^\t\n\f\r />]*/y
const betweenAttributes = /[\t\n\f\r /]*/y
const attributeName = /=?[^\t\n\f\r />=]*/y
const space = /[\t\n\f\r ]*/y
const bareValue = /[^\t\n\f\r >]*/y

/** Where the run that the pattern (sticky, matching the empty run too) describes ends. */
const past = (run: RegExp, html: string, from: number): number => {
  run.lastIndex = from
  return run.test(html) ? run.lastIndex : from
}
