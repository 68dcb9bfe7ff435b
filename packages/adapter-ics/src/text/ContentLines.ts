/**
 * The content lines of a calendar file (RFC 5545 §3.1), unfolded, each with the number of its first line.
 * Decides where a line ends: a blank at the beginning folds, and so does "=" at the end of a quoted-printable value
 * (vCalendar 1.0). Decides nothing of what a line says.
 */

export interface ContentLine {
  /** Counted from 1. */
  readonly number: number
  readonly text: string
}

export function* contentLines(text: string): Generator<ContentLine> {
  let number = 0
  let first = 0
  let open: string | null = null
  for (const line of physicalLines(text)) {
    number++
    // An empty line says nothing, also within a folded one.
    if (line === "") continue
    if (open !== null && isBlank(line.charCodeAt(0))) {
      open = (isSoftBroken(open) ? open.slice(0, -1) : open) + line.slice(1)
      continue
    }
    if (open !== null && isSoftBroken(open)) {
      open = open.slice(0, -1) + line
      continue
    }
    if (open !== null && open.trim() !== "") yield { number: first, text: open }
    open = line
    first = number
  }
  if (open !== null && open.trim() !== "") yield { number: first, text: open }
}

/** Without the byte order mark, and without what stands before every line, or before the first alone. */
function* physicalLines(text: string): Generator<string> {
  // Lines end in LF, with any number of CRs before it; in CR only in files that have no LF at all.
  const feed = text.includes("\n") ? "\n" : "\r"
  const begin = text.charCodeAt(0) === 0xfeff ? 1 : 0
  const indent = /^[ \t]+(?=BEGIN:)/i.exec(text.slice(begin, begin + indentMax))?.[0] ?? ""
  const isIndented = indent !== "" && !hasLineWithout(text, begin, feed, indent)
  for (let at = begin; at < text.length;) {
    const next = text.indexOf(feed, at)
    const end = next < 0 ? text.length : next
    const from = isIndented || at === begin ? Math.min(at + indent.length, end) : at
    yield text.slice(from, withoutReturns(text, from, end))
    at = end + 1
  }
}

const indentMax = 200

const withoutReturns = (text: string, from: number, end: number): number => {
  let last = end
  while (last > from && text.charCodeAt(last - 1) === 13) last--
  return last
}

const hasLineWithout = (text: string, from: number, feed: string, indent: string): boolean => {
  for (let at = from; at < text.length;) {
    const next = text.indexOf(feed, at)
    const end = next < 0 ? text.length : next
    if (!text.startsWith(indent, at) && text.slice(at, end).trim() !== "") return true
    at = end + 1
  }
  return false
}

const isBlank = (code: number): boolean => code === 32 || code === 9

/** Whether a quoted-printable value goes on. */
const isSoftBroken = (line: string): boolean =>
  line.charCodeAt(line.length - 1) === 61 && /^[^:]*;ENCODING=QUOTED-PRINTABLE\b/i.test(line.slice(0, parametersMax))

/** Where the parameters of a vCalendar property end at the latest. */
const parametersMax = 500
