/**
 * The components of a calendar file, one within the other, from its content lines.
 * Decides what a line costs that is no property (itself), what an entry costs that does not end (itself, at the end of the
 * file), and which properties are kept: those that somebody reads.
 */
import type { Problems } from "./Problem.ts"
import { contentLines } from "./ContentLines.ts"
import { type Property, parseLine } from "./Property.ts"

export interface Component {
  /** In capitals. */
  readonly name: string
  readonly line: number
  readonly properties: ReadonlyArray<Property>
  readonly components: ReadonlyArray<Component>
}

interface Open extends Component {
  readonly properties: Array<Property>
  readonly components: Array<Component>
}

/** The calendars of a file, in order. */
export const readComponents = (text: string, problems: Problems): ReadonlyArray<Component> => {
  const calendars: Array<Component> = []
  const stack: Array<Open> = []
  const close = (): void => {
    const closed = stack.pop()
    if (closed === undefined) return
    const parent = stack.at(-1)
    if (parent === undefined) calendars.push(closed)
    else if (kept.has(closed.name)) parent.components.push(closed)
  }
  for (const { number, text: line } of contentLines(text)) {
    const [, word, given = ""] = /^(BEGIN|END)\s*:\s*([^\s]+)\s*$/i.exec(line) ?? []
    const name = given.toUpperCase()
    if (word === undefined) {
      const inner = stack.at(-1)
      if (inner !== undefined) addLine(inner, line, number, problems)
    } else if (word.toUpperCase() === "BEGIN") {
      if (stack.length === 0 && name !== "VCALENDAR") continue
      // An entry can't stand within an entry: the one before it lacks its end.
      while (entries.has(name) && stack.some((open) => open.name !== "VCALENDAR")) {
        problems.add(stack.at(-1)?.line ?? null, unended(stack.at(-1)?.name ?? name))
        close()
      }
      stack.push({ name, line: number, properties: [], components: [] })
    } else if (stack.some((open) => open.name === name)) {
      while (stack.at(-1)?.name !== name) {
        problems.add(stack.at(-1)?.line ?? null, unended(stack.at(-1)?.name ?? name))
        close()
      }
      close()
    } else if (stack.length > 0) {
      problems.add(number, `END:${shown(given)} ends nothing that began, and was left out.`)
    }
  }
  cutShort(stack, calendars, problems)
  return calendars
}

/** The first property of a name, or null. */
export const firstOf = ({ properties }: Component, name: string): Property | null =>
  properties.find((property) => property.name === name) ?? null

export const allOf = ({ properties }: Component, name: string): ReadonlyArray<Property> =>
  properties.filter((property) => property.name === name)

/** A text of the file in a sentence of ours: in one line, and cut. */
export const shown = (text: string): string => {
  const line = text.replaceAll(/\p{C}/gu, " ")
  return line.length > shownCharactersMax ? `${line.slice(0, shownCharactersMax)}…` : line
}

const shownCharactersMax = 60

/** What has a time of its own or tells zones; whatever else stands in a calendar is passed over. */
const kept: ReadonlySet<string> = new Set(["VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"])

const entries: ReadonlySet<string> = new Set(["VCALENDAR", "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE"])

/** What ends where the file ends is lost, but for the calendar itself. */
const cutShort = (stack: Array<Open>, calendars: Array<Component>, problems: Problems): void => {
  const [calendar, entry] = stack
  if (calendar === undefined) return
  if (entry !== undefined && kept.has(entry.name)) {
    problems.add(
      entry.line,
      `The file ends within this ${entry.name}, which was left out: export or download it again.`
    )
  } else problems.add(calendar.line, "The file ends before its calendar does: export or download it again.")
  calendars.push(calendar)
}

const unended = (name: string): string =>
  `This ${name} has no END:${name}; it was taken to end where the next entry begins.`

const addLine = (component: Open, text: string, line: number, problems: Problems): void => {
  const name = /^[A-Za-z0-9.-]+(?=[;:])/.exec(text)?.[0]?.toUpperCase()
  if (name === undefined || addressSchemes.has(name)) {
    problems.add(
      line,
      `"${shown(text)}" is no property and was left out: a line that goes on with the one before it begins with a blank.`
    )
    return
  }
  if (!isRead(name)) return
  const { isMended, property } = parseLine(text, line)
  if (property === null) {
    problems.add(line, `${name} can't be read and was left out: a name, parameters, a colon and a value are expected.`)
    return
  }
  if (isMended) {
    problems.add(line, `${name} has quotation marks that enclose its value; it was read without them.`)
  }
  component.properties.push(property)
}

/** The rest of a text that was not folded looks like a property where an address begins it. */
const addressSchemes: ReadonlySet<string> = new Set(["HTTP", "HTTPS", "MAILTO", "TEL"])

const isRead = (name: string): boolean => read.has(name) || name.startsWith("X-MICROSOFT-")

const read: ReadonlySet<string> = new Set(
  (
    "METHOD X-WR-CALNAME X-WR-TIMEZONE TZ TZID X-LIC-LOCATION TZOFFSETFROM TZOFFSETTO " +
    "UID RECURRENCE-ID SEQUENCE DTSTAMP CREATED LAST-MODIFIED DTSTART DTEND DURATION RRULE RDATE EXDATE EXRULE " +
    "SUMMARY STATUS CLASS TRANSP CATEGORIES ORGANIZER ATTENDEE " +
    "CONFERENCE X-GOOGLE-CONFERENCE URL LOCATION DESCRIPTION X-ALT-DESC"
  ).split(" ")
)
