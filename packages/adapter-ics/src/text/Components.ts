/**
 * A component of a calendar file, from its content lines.
 * Decides what a line costs that is no property (itself), which properties are kept (those that somebody reads), and how much
 * of an entry is read at all.
 */
import { hash } from "node:crypto"
import type { Slices } from "./Slices.ts"
import type { Problems } from "./Problem.ts"
import { type ContentLine, contentLines, lineBytesMax } from "./ContentLines.ts"
import type { FileBytes } from "./FileBytes.ts"
import { type Property, parseLine } from "./Property.ts"

export interface Component {
  /** In capitals. */
  readonly name: string
  readonly line: number
  readonly properties: ReadonlyArray<Property>
  readonly components: ReadonlyArray<Component>
}

export interface OpenComponent extends Component {
  readonly properties: Array<Property>
  readonly components: Array<Component>
}

/** Where in a file an entry stands: from its BEGIN to behind its END. */
export interface FileEntry {
  readonly line: number
  readonly from: number
  readonly to: number
  /** As it is written; null where it has none. */
  readonly uid: string | null
}

/** The first property of a name, or null. */
export const firstOf = ({ properties }: Component, name: string): Property | null =>
  properties.find((property) => property.name === name) ?? null

export const allOf = ({ properties }: Component, name: string): ReadonlyArray<Property> =>
  properties.filter((property) => property.name === name)

/** What an entry is called by: as it is written, where it is no longer than names are (RFC 7986 §5.3). */
export const uidOf = (text: string): string | null => {
  const uid = text.trim()
  if (uid === "") return null
  return uid.length <= uidCharactersMax ? uid : `${uid.slice(0, 100)}-${hash("sha256", uid.toLowerCase(), "hex")}`
}

const uidCharactersMax = 255

/** A text of the file in a sentence of ours: in one line, and cut. */
export const shown = (text: string): string => {
  const line = text.slice(0, 2 * shownCharactersMax).replaceAll(/\p{C}/gu, " ")
  return line.length > shownCharactersMax ? `${line.slice(0, shownCharactersMax)}…` : line
}

const shownCharactersMax = 60

/** BEGIN or END of a component; the name in capitals. */
export interface Bracket {
  readonly isBegin: boolean
  readonly name: string
  /** As it is written. */
  readonly given: string
}

/** Null for whatever is none. */
export const bracketOf = (line: ContentLine): Bracket | null => {
  if (!/^[BE]/i.test(line.head)) return null
  const [, word, given] = /^(BEGIN|END)\s*:\s*([^\s]+)\s*$/i.exec(line.text) ?? []
  if (word === undefined || given === undefined) return null
  return { isBegin: word.length === "BEGIN".length, name: given.toUpperCase(), given }
}

export interface EntryRead {
  readonly component: Component
  /** False: some of it is too large to be read, so that what it says is not known. */
  readonly isWhole: boolean
}

/** One entry by itself, with its own properties; what stands within it is looked through for lines that are none. */
export function* readEntry(file: FileBytes, entry: FileEntry, problems: Problems): Slices<EntryRead> {
  const component: OpenComponent = { name: "VEVENT", line: entry.line, properties: [], components: [] }
  const within: Array<string> = []
  let isWhole = true
  let characters = 0
  let done = entry.from
  // Of bytes that were given back it would be an entry that says nothing.
  if (entry.to > file.bytes.length) throw new Error("an entry is read of bytes that are no longer there")
  for (const line of contentLines(file, entry.from, entry.to, entry.line)) {
    const bracket = bracketOf(line)
    if (bracket?.isBegin === true) within.push(bracket.name)
    else if (bracket !== null) {
      if (within.includes(bracket.name)) within.length = within.lastIndexOf(bracket.name)
    } else if (within.length === 1) {
      const { isLost, property } = addLine(component, line, problems)
      isWhole &&= !isLost
      characters += property?.value.length ?? 0
    } else checkLine(line, problems)
    if (characters > entryCharactersMax) {
      problems.add(entry.line, `This entry holds more than ${entryCharactersMax} characters, and was left out.`)
      return { component, isWhole: false }
    }
    if (line.end - done < sayEvery) continue
    yield line.end - done
    done = line.end
  }
  yield entry.to - done
  return { component, isWhole }
}

const sayEvery = 16 * 1024

/** Of the values of one entry. */
const entryCharactersMax = 8 * 1024 * 1024

interface Added {
  readonly property: Property | null
  /** It says something that is not known. */
  readonly isLost: boolean
}

/** Puts a line that is a property of interest among those of a component. */
export const addLine = (component: OpenComponent, line: ContentLine, problems: Problems): Added => {
  const name = nameOf(line) ?? checkLine(line, problems)
  if (name === null || !isRead(name)) return nothing
  const { isMended, property } = parseLine(line.text, line.number)
  if (property === null) {
    problems.add(
      line.number,
      `${name} can't be read and was left out: a name, parameters, a colon and a value are expected.`
    )
    return nothing
  }
  if (isMended) {
    problems.add(line.number, `${name} has quotation marks that enclose its value; it was read without them.`)
  }
  if (line.isCut) {
    problems.add(line.number, `${name} is longer than ${lineBytesMax} bytes; what lies beyond was left out.`)
    if (!prose.has(name)) return { property: null, isLost: true }
  }
  component.properties.push(property)
  return { property, isLost: false }
}

const nothing: Added = { property: null, isLost: false }

/** The name of a property, told by how its line begins; null: all of it has to be looked at. */
const nameOf = ({ head }: ContentLine): string | null => {
  const name = namePattern.exec(head)?.[0]?.toUpperCase() ?? null
  return name === null || addressSchemes.has(name) ? null : name
}

/** The name; null, with a word: the line is no property. */
export const checkLine = (line: ContentLine, problems: Problems): string | null => {
  if (nameOf(line) !== null) return nameOf(line)
  const name = namePattern.exec(line.text)?.[0]?.toUpperCase()
  if (name !== undefined && !addressSchemes.has(name)) return name
  problems.add(
    line.number,
    `"${shown(line.text)}" is no property and was left out: a line that goes on with the one before it begins with a blank.`
  )
  return null
}

const namePattern = /^[A-Za-z0-9.-]+(?=[;:])/

/** The rest of a text that was not folded looks like a property where an address begins it. */
const addressSchemes: ReadonlySet<string> = new Set(["HTTP", "HTTPS", "MAILTO", "TEL"])

/** Whose end may be missing without anything being taken for something else. */
const prose: ReadonlySet<string> = new Set(["DESCRIPTION", "X-ALT-DESC", "LOCATION", "SUMMARY"])

const isRead = (name: string): boolean => read.has(name) || name.startsWith("X-MICROSOFT-")

const read: ReadonlySet<string> = new Set(
  (
    "METHOD X-WR-CALNAME X-WR-TIMEZONE TZ TZID X-LIC-LOCATION TZOFFSETFROM TZOFFSETTO " +
    "UID RECURRENCE-ID SEQUENCE DTSTAMP CREATED LAST-MODIFIED DTSTART DTEND DURATION RRULE RDATE EXDATE EXRULE " +
    "SUMMARY STATUS CLASS TRANSP CATEGORIES ORGANIZER ATTENDEE " +
    "CONFERENCE X-GOOGLE-CONFERENCE URL LOCATION DESCRIPTION X-ALT-DESC"
  ).split(" ")
)
