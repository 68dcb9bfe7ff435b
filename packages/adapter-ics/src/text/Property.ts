/**
 * One content line as a property: name, parameters and the value as it is written.
 * Decides how a value is decoded, and that quotation marks which enclose too much are left out. The line is taken apart by
 * ical.js, which is asked for nothing else.
 */
import ICAL from "ical.js"

export interface Property {
  /** In capitals, as the names of parameters are. */
  readonly name: string
  readonly parameters: Readonly<Record<string, string>>
  /** As it is written; see `textOf`. */
  readonly value: string
  readonly line: number
  /** What `textOf` made of it: it is asked for several times, and kept with the event. */
  text?: string
}

/** `mended`: read without its quotation marks. Null: no property at all. */
export interface ParsedLine {
  readonly property: Property | null
  readonly isMended: boolean
}

export const parseLine = (text: string, line: number): ParsedLine => {
  const property = parsed(text, line)
  if (property !== null || !text.includes('"')) return { property, isMended: false }
  const mended = parsed(text.replaceAll('"', ""), line)
  return { property: mended, isMended: mended !== null }
}

/** A value of prose: decoded where it says that it is encoded, and without the backslashes that RFC 5545 writes. */
export const textOf = (property: Property): string => (property.text ??= decodedText(property))

const decodedText = ({ parameters, value }: Property): string => {
  const encoding = (parameters["ENCODING"] ?? "").toUpperCase()
  if (encoding === "QUOTED-PRINTABLE") {
    return charactersOf(quotedPrintable(value), parameters["CHARSET"]).replaceAll(/\\([\\;,:])/g, "$1")
  }
  if (encoding === "BASE64" || encoding === "B")
    return charactersOf(Buffer.from(value, "base64"), parameters["CHARSET"])
  return unescaped(value)
}

/** The texts of a list: commas part them, unless a backslash stands before. */
export const textsOf = (property: Property): ReadonlyArray<string> =>
  property.parameters["ENCODING"] === undefined
    ? (property.value.match(/(?:\\.|[^,\\]|\\$)+/gs) ?? []).map(unescaped)
    : textOf(property).split(",")

export const unescaped = (value: string): string =>
  value.includes("\\")
    ? value.replaceAll(/\\(.)/gs, (whole, character: string) =>
        character === "n" || character === "N" ? "\n" : /[\\;,:"]/.test(character) ? character : whole
      )
    : value

/** Without a table of properties ical.js leaves every value as it stands. */
const asWritten = { property: {}, value: {}, param: ICAL.design.icalendar.param, propertyGroups: false }

const parsed = (text: string, line: number): Property | null => {
  if (!/^[A-Za-z0-9.-]+[;:]/.test(text)) return null
  try {
    // Its types promise any values; without a table of properties there is one, and it is text.
    const [name, given, type, value] = ICAL.parse.property(text, asWritten) as unknown as [
      string,
      Readonly<Record<string, string | ReadonlyArray<string>>>,
      string,
      string
    ]
    const parameters: Record<string, string> = Object.fromEntries(
      Object.entries(given).map(([key, told]) => [key.toUpperCase(), typeof told === "string" ? told : told.join(",")])
    )
    if (type !== "unknown") parameters["VALUE"] = type.toUpperCase()
    return { name: name.toUpperCase(), parameters, value, line }
  } catch {
    // Whatever ical.js says of a line it can't take apart is said in our words, by whoever asked.
    return null
  }
}

const quotedPrintable = (value: string): Buffer => {
  const bytes = Buffer.from(value, "utf8")
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes[at] === 61 ? hexadecimal(bytes[at + 1]) * 16 + hexadecimal(bytes[at + 2]) : Number.NaN
    bytes[length++] = Number.isNaN(code) ? (bytes[at] ?? 0) : code
    if (!Number.isNaN(code)) at += 2
  }
  return bytes.subarray(0, length)
}

const hexadecimal = (code = 0): number => {
  if (code >= 48 && code <= 57) return code - 48
  const letter = code & ~32
  return letter >= 65 && letter <= 70 ? letter - 55 : Number.NaN
}

const charactersOf = (bytes: Uint8Array, charset: string | undefined): string => {
  try {
    return new TextDecoder(charset ?? "utf-8").decode(bytes)
  } catch {
    // A character set of nobody's: most of what people write is the same in all of them.
    return new TextDecoder("utf-8").decode(bytes)
  }
}
