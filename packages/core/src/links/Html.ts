/**
 * What of an HTML body a reader can see or follow: the targets of links, and text. Comments, scripts, styles and every
 * attribute but `href` are nobody's invitation. It decides no link, and keeps no document in memory: one pass, in order.
 */
import { decodeEntities } from "./Entities.ts"
import { endTagOf, readMarkup } from "./Tag.ts"

export type HtmlPart =
  /** The target of `<a>` or `<area>`. */
  | { readonly kind: "target"; readonly text: string }
  /** Text that nothing but inline elements interrupts. `isLast`: the document ends here. */
  | { readonly kind: "text"; readonly text: string; readonly isLast: boolean }

/** The parts in document order: a link's target comes before the text that shows it. */
export function* readHtml(html: string): Generator<HtmlPart> {
  let shown = ""
  let templates = 0
  let at = 0
  while (at < html.length) {
    const open = html.indexOf("<", at)
    if (templates === 0) shown += html.slice(at, open < 0 ? html.length : open)
    if (open < 0) break
    const markup = readMarkup(html, open)
    // The document ends inside a tag or comment: nothing of it is ever shown.
    if (markup === null) break
    at = markup.end
    if (markup.kind === "text" && templates === 0) shown += "<"
    if (markup.kind !== "tag") continue
    if (markup.name === "template") templates = Math.max(0, templates + (markup.isEnd ? -1 : 1))
    if (!markup.isEnd && unread.has(markup.name)) at = endTagOf(markup.name, html, at)
    if (inline.has(markup.name)) continue
    if (mayHoldLink(shown)) yield { kind: "text", text: decodeEntities(shown), isLast: false }
    shown = ""
    if (markup.href !== null && templates === 0 && !markup.isEnd && anchors.has(markup.name)) {
      yield {
        kind: "target",
        text: decodeEntities(markup.href)
          .replace(/[\t\n\r]/g, "")
          .trim()
      }
    }
  }
  if (mayHoldLink(shown)) yield { kind: "text", text: decodeEntities(shown), isLast: true }
}

/** Whether a body that does not say what it is looks like HTML. */
export const looksLikeHtml = (content: string): boolean => /<[a-z/!]/i.test(content)

/** Every link has a slash, which may be spelled as a character reference. */
const mayHoldLink = (text: string): boolean => text.includes("/") || text.includes("&")

const anchors = new Set(["a", "area"])

/** Elements whose content browsers do not read as markup and do not show. */
const unread = new Set(["script", "style", "title", "noscript"])

/** Elements that do not interrupt a word. */
const inline = new Set(
  (
    "abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark nobr q s samp small span strike strong " +
    "sub sup time tt u var wbr"
  ).split(" ")
)
