/**
 * Finds where addresses begin and end in text. It decides nothing about them: most are foreign.
 *
 * Every address has a slash, so the search goes from slash to slash and looks back from each: over a scheme, or over the
 * host that someone typed without one. Addresses do not overlap: one ends, at the latest, where the next begins. Together
 * that makes the time linear, whatever the text.
 */
import { isTypedHost } from "./Platforms.ts"

/** The addresses in a text, in order. A text that was cut (`isCut`) has none that runs to its last character. */
export function* linksInText(text: string, isCut: boolean): Generator<string> {
  let runEnd = 0
  let start = findStart(text, 0, text.length)
  while (start !== null) {
    // Several addresses may share a run; its end is looked for once.
    if (start.at >= runEnd) runEnd = endOfRun(text, start.at)
    const next = findStart(text, start.slash + 1, runEnd)
    const end = next?.at ?? runEnd
    const isWhole = !isCut || end < text.length
    if (isWhole) yield unfolded(text, start.at) ?? `${start.isTyped ? "https://" : ""}${text.slice(start.at, end)}`
    start = next ?? findStart(text, end, text.length)
  }
}

/** RFC 3986 appendix C: how far the closing bracket of `<https://…>` may be. */
const foldedCharactersMax = 4096

interface Start {
  readonly at: number
  /** The first slash of the address. */
  readonly slash: number
  /** Typed without a scheme. */
  readonly isTyped: boolean
}

/** The first address that begins at `from` or later and has its first slash before `to`. */
const findStart = (text: string, from: number, to: number): Start | null => {
  let slash = text.indexOf("/", from)
  while (slash >= 0 && slash < to) {
    const start = text.charAt(slash - 1) === ":" ? schemeBefore(text, slash, from) : hostBefore(text, slash, from)
    if (start !== null) return start
    slash = text.indexOf("/", slash + 1)
  }
  return null
}

const schemes = ["https:/", "http:/", "zoommtg:/", "msteams:/"]
const schemeCharactersMax = "zoommtg:/".length

/** A scheme whose ":" stands right before the slash; that two slashes must follow most of them is judged later. */
const schemeBefore = (text: string, slash: number, from: number): Start | null => {
  const before = text.slice(Math.max(from, slash + 1 - schemeCharactersMax), slash + 1).toLowerCase()
  const scheme = schemes.find((scheme) => before.endsWith(scheme))
  if (scheme === undefined) return null
  const at = slash + 1 - scheme.length
  return insideAddress.test(text.charAt(at - 1)) ? null : { at, slash, isTyped: false }
}

/** A host that is written without a scheme and right before the slash. */
const hostBefore = (text: string, slash: number, from: number): Start | null => {
  let at = slash
  while (at > from && isHostCharacter(text.charCodeAt(at - 1))) at -= 1
  if (at === slash || insideTypedHost.test(text.charAt(at - 1)) || endsForeignHost(text, at)) return null
  return isTypedHost(text.slice(at, slash).toLowerCase()) ? { at, slash, isTyped: true } : null
}

/**
 * Whether what precedes is the beginning of a host with letters beyond ASCII: in `https://ⓐcme.zoom.us/` nobody typed
 * `cme.zoom.us`. The way back ends at a slash, so no character is passed twice on the way to two hosts.
 */
const endsForeignHost = (text: string, from: number): boolean => {
  let at = from
  while (at > 0 && (isHostCharacter(text.charCodeAt(at - 1)) || text.charCodeAt(at - 1) > asciiMax)) at -= 1
  return at < from && text.startsWith("//", at - 2)
}

const asciiMax = 0x7f

/** Before a scheme, these mean that the address is a part of another one. */
const insideAddress = /[a-z0-9/?&#%@=_~+-]/i

/** The same before a host: also what makes it a mail address or a file's path. */
const insideTypedHost = /[a-z0-9_.@/:%?#&=+~\\-]/i

/** Letters, digits, "." and "-". */
const isHostCharacter = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x30 && code <= 0x39) ||
  code === 0x2d ||
  code === 0x2e

/** Printable ASCII except white space and < > " ` | \ ^. */
const addressRun = /[!#-;=?-[\]_a-{}~]*/y

const endOfRun = (text: string, from: number): number => {
  addressRun.lastIndex = from
  addressRun.test(text)
  return addressRun.lastIndex
}

/** An address in angle brackets that mail has folded over several lines, in one piece again; null where nothing is. */
const unfolded = (text: string, at: number): string | null => {
  if (!/<(?:url:)?$/i.test(text.slice(Math.max(0, at - "<url:".length), at))) return null
  const ahead = text.slice(at, at + foldedCharactersMax)
  const close = ahead.search(/[<>]/)
  const bracketed = ahead.slice(0, close)
  if (close < 0 || ahead.charAt(close) !== ">" || !/[\r\n]/.test(bracketed)) return null
  const whole = bracketed
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .join("")
  return whole.slice(0, endOfRun(whole, 0))
}
