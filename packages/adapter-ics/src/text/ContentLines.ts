/**
 * The content lines of a calendar file (RFC 5545 §3.1), unfolded, each with the number of its first line.
 * Decides where a line ends: a blank at the beginning folds, and so does "=" at the end of a quoted-printable value
 * (vCalendar 1.0). Folds are taken out of the bytes, since writers fold within a character too; then a line is UTF-8 where its
 * bytes are, else Windows-1252. Decides nothing of what a line says.
 */
import { isUtf8 } from "node:buffer"
import { type FileBytes, hasMark, markBytes } from "./FileBytes.ts"

export interface ContentLine {
  /** Counted from 1. */
  readonly number: number
  /** Of its first byte, and of the first one after it. */
  readonly at: number
  readonly end: number
  /** How it begins, as far as that is ASCII. */
  readonly head: string
  /** It is longer than `lineBytesMax`, and what lies beyond was left out. */
  readonly isCut: boolean
  /** Made when it is asked for. */
  readonly text: string
}

/** Of one line, so that a body of a million characters fits in any script. */
export const lineBytesMax = 3 * 1024 * 1024

/** From a place at which a line begins, whose number is told, to another. */
export function* contentLines(
  file: FileBytes,
  from: number = file.begin,
  to: number = file.bytes.length,
  first = 1
): Generator<ContentLine> {
  const { bytes, indent, lineEnd } = file
  let number = first - 1
  let open: OpenLine | null = null
  for (let at = from; at < to;) {
    const found = bytes.indexOf(lineEnd, at)
    const last = found < 0 || found >= to ? to : found
    const next = last === to ? to : last + 1
    const begin = Math.min(at + indent, last)
    const end = withoutReturns(bytes, begin, last)
    number++
    // An empty line says nothing, also within a folded one.
    if (begin === end) {
      at = next
      continue
    }
    const isFolded = isBlank(bytes[begin])
    if (open !== null && (isFolded || open.isSoftBroken())) open.goOn(isFolded ? begin + 1 : begin, end, next)
    else {
      if (open?.isSaying() === true) yield open
      open = new OpenLine(bytes, number, at, hasMark(bytes, begin) ? begin + markBytes : begin, end, next)
    }
    at = next
  }
  if (open?.isSaying() === true) yield open
}

const withoutReturns = (bytes: Buffer, from: number, end: number): number => {
  let last = end
  while (last > from && bytes[last - 1] === 13) last--
  return last
}

const isBlank = (code: number | undefined): boolean => code === 32 || code === 9

const equals = 61

/** What is looked at of a line before all of it is. */
const headBytes = 64

/** Where the parameters of a vCalendar property end at the latest. */
const parametersMax = 500

class OpenLine implements ContentLine {
  readonly number: number
  readonly at: number
  end: number
  isCut = false
  private readonly bytes: Buffer
  /** Where it begins and ends, piece by piece. */
  private readonly places: Array<number>
  private length: number
  /** Where its last bytes end, whether they are kept or not. */
  private last: number
  private made: string | null = null
  private isEncoded: boolean | null = null

  constructor(bytes: Buffer, number: number, at: number, from: number, to: number, end: number) {
    this.bytes = bytes
    this.number = number
    this.at = at
    this.places = [from, to]
    this.length = to - from
    this.last = to
    this.end = end
    this.cut()
  }

  goOn(from: number, to: number, end: number): void {
    this.end = end
    const isJoined = this.isSoftBroken()
    this.last = to
    if (this.isCut) return
    if (isJoined) {
      this.places.push((this.places.pop() ?? 0) - 1)
      this.length -= 1
    }
    this.places.push(from, to)
    this.length += to - from
    this.cut()
  }

  /** Whether a quoted-printable value goes on. */
  isSoftBroken(): boolean {
    if (this.bytes[this.last - 1] !== equals) return false
    if (this.isEncoded !== null) return this.isEncoded
    const begin = this.decoded(parametersMax)
    const isEncoded = /^[^:]*;ENCODING=QUOTED-PRINTABLE\b/i.test(begin)
    if (begin.includes(":") || this.length >= parametersMax) this.isEncoded = isEncoded
    return isEncoded
  }

  isSaying(): boolean {
    return (this.bytes[this.places[0] ?? 0] ?? 0) > 32 || this.text.trim() !== ""
  }

  get head(): string {
    const [from = 0, to = 0] = this.places
    return this.bytes.toString("latin1", from, Math.min(to, from + headBytes))
  }

  get text(): string {
    return (this.made ??= this.decoded(Infinity))
  }

  private cut(): void {
    if (this.length <= lineBytesMax) return
    this.isCut = true
    let end = (this.places.pop() ?? 0) - (this.length - lineBytesMax)
    // Not within a character, which has four bytes at most.
    for (let back = 0; back < 3 && ((this.bytes[end] ?? 0) & 0xc0) === 0x80; back++) end--
    this.places.push(end)
  }

  private decoded(bytesMax: number): string {
    const [from = 0, to = 0] = this.places
    if (this.places.length === 2) return textOf(this.bytes.subarray(from, Math.min(to, from + bytesMax)))
    const pieces: Array<Buffer> = []
    let length = 0
    for (let place = 0; place < this.places.length && length < bytesMax; place += 2) {
      const piece = this.bytes.subarray(this.places[place], this.places[place + 1])
      pieces.push(piece)
      length += piece.length
    }
    return textOf(Buffer.concat(pieces))
  }
}

const textOf = (bytes: Buffer): string => {
  const text = bytes.toString("utf8")
  // What is no UTF-8 leaves a mark; so does one that stands there.
  return !text.includes("\uFFFD") || isUtf8(bytes) ? text : windows.decode(bytes)
}

const windows = new TextDecoder("windows-1252")
