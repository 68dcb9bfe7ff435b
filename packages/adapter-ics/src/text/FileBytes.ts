/**
 * The bytes of a calendar file, ready to be read by lines.
 * Decides what stands before the first line, how lines end, and that UTF-16 (told by its mark) becomes UTF-8. Keeps the bytes
 * as they are: a text of all of them would take up to twice as much, and no one line needs it.
 */
import type { Slices } from "./Slices.ts"

export interface FileBytes {
  readonly bytes: Buffer
  /** Where the first line begins. */
  readonly begin: number
  /** Blanks that stand before every line. */
  readonly indent: number
  /** LF; CR in files that have no LF at all. */
  readonly lineEnd: number
}

export function* fileBytes(given: Uint8Array): Slices<FileBytes> {
  const encoding = given[0] === 0xff && given[1] === 0xfe ? "utf-16le" : "utf-16be"
  const isUtf16 = encoding === "utf-16le" || (given[0] === 0xfe && given[1] === 0xff)
  const bytes = isUtf16
    ? yield* recoded(given, encoding)
    : Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  const lineEnd = bytes.includes(lineFeed) ? lineFeed : carriageReturn
  const mark = hasMark(bytes, 0) ? markBytes : 0
  const head = bytes.toString("latin1", mark, mark + indentMax)
  const indent = /^[ \t]+(?=BEGIN:)/i.exec(head)?.[0] ?? ""
  const isEach = indent !== "" && !hasLineWithout(bytes, mark, lineEnd, Buffer.from(indent))
  return { bytes, begin: mark + (isEach ? 0 : indent.length), indent: isEach ? indent.length : 0, lineEnd }
}

/** Of UTF-8; files that were put together have one before each. */
export const hasMark = (bytes: Buffer, at: number): boolean =>
  bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf

export const markBytes = 3

const lineFeed = 10
const carriageReturn = 13
const indentMax = 200
const pieceBytes = 64 * 1024

function* recoded(given: Uint8Array, encoding: string): Slices<Buffer> {
  const decoder = new TextDecoder(encoding)
  // Three bytes at most for two, and for what the end lacks. What of it is not written to is never taken.
  const bytes = Buffer.from(new ArrayBuffer(Math.ceil(given.length / 2) * 3 + 3))
  let size = 0
  for (let at = 0; at < given.length; at += pieceBytes) {
    size += bytes.write(decoder.decode(given.subarray(at, at + pieceBytes), { stream: true }), size)
    yield pieceBytes / 8
  }
  size += bytes.write(decoder.decode(), size)
  return bytes.subarray(0, size)
}

const hasLineWithout = (bytes: Buffer, begin: number, lineEnd: number, indent: Buffer): boolean => {
  for (let at = begin; at < bytes.length;) {
    const next = bytes.indexOf(lineEnd, at)
    const end = next < 0 ? bytes.length : next
    const isIndented = bytes.compare(indent, 0, indent.length, at, Math.min(at + indent.length, end)) === 0
    if (!isIndented && bytes.toString("latin1", at, end).trim() !== "") return true
    at = end + 1
  }
  return false
}
