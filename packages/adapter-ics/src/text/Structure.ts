/**
 * The calendars of a file: what each says at its head, the zones that it defines, and where its entries stand.
 * Decides what an entry costs that does not end: itself, at the end of the file; elsewhere it ends where the next one begins.
 * Reads nothing of an entry but its UID.
 */
import type { Slices } from "./Slices.ts"
import {
  type Bracket,
  type Component,
  type FileEntry,
  type OpenComponent,
  addLine,
  bracketOf,
  checkLine,
  shown,
  uidOf
} from "./Components.ts"
import { type ContentLine, contentLines } from "./ContentLines.ts"
import type { FileBytes } from "./FileBytes.ts"
import type { Problems } from "./Problem.ts"
import { parseLine, textOf } from "./Property.ts"

export interface FileCalendar extends Component {
  /** Events (VEVENT), in order. */
  readonly entries: ReadonlyArray<FileEntry>
}

export interface Structure {
  readonly calendars: ReadonlyArray<FileCalendar>
  /** Null: all of it was looked at. Why not, for a person. */
  readonly fault: string | null
}

interface Open extends OpenComponent {
  /** Of a calendar. */
  readonly entries: Array<FileEntry>
  /** Of an event: where it begins, and its UID. */
  readonly from: number
  uid: string | null
}

/** At most so many events, and as many parts of zones. */
export function* readStructure(file: FileBytes, problems: Problems, componentsMax: number): Slices<Structure> {
  const calendars: Array<FileCalendar> = []
  const stack: Array<Open> = []
  const counts = { events: 0, zones: 0 }
  let done = 0
  for (const line of contentLines(file)) {
    if (line.end - done >= sayEvery) {
      yield (line.end - done) * scanCost
      done = line.end
    }
    const bracket = bracketOf(line)
    if (bracket === null) takeLine(stack, line, problems)
    else if (bracket.isBegin) {
      begin(stack, bracket, line, calendars, problems)
      if (bracket.name === event) counts.events++
      else if (zoneParts.has(bracket.name)) counts.zones++
      if (Math.max(counts.events, counts.zones) > componentsMax) {
        return { calendars: [], fault: `it holds more than ${componentsMax} entries` }
      }
    } else end(stack, bracket, line, calendars, problems)
  }
  cutShort(stack, calendars, problems)
  return { calendars, fault: null }
}

const event = "VEVENT"

/** Lines are looked for, and most are passed over: a fraction of what reading them costs. */
const scanCost = 1 / 8
const sayEvery = 16 * 1024

const takeLine = (stack: ReadonlyArray<Open>, line: ContentLine, problems: Problems): void => {
  const inner = stack.at(-1)
  if (inner === undefined) return
  const open = stack.find(({ name }) => name === event)
  if (open === undefined) {
    if (isKept(inner.name)) addLine(inner, line, problems)
    else checkLine(line, problems)
  } else if (inner === open && open.uid === null && /^UID/i.test(line.head)) {
    const { property } = parseLine(line.text, line.number)
    if (property?.name === "UID") open.uid = uidOf(textOf(property))
  }
}

const begin = (
  stack: Array<Open>,
  { name }: Bracket,
  { at, number }: ContentLine,
  calendars: Array<FileCalendar>,
  problems: Problems
): void => {
  if (stack.length === 0 && name !== calendarName) return
  // An entry can't stand within an entry, nor a calendar in a calendar: the one before it lacks its end.
  while (entries.has(name) && stack.some((open) => open.name !== calendarName || name === calendarName)) {
    problems.add(stack.at(-1)?.line ?? null, unended(stack.at(-1)?.name ?? name))
    close(stack, at, calendars)
  }
  stack.push({ name, line: number, properties: [], components: [], entries: [], from: at, uid: null })
}

const end = (
  stack: Array<Open>,
  { given, name }: Bracket,
  line: ContentLine,
  calendars: Array<FileCalendar>,
  problems: Problems
): void => {
  if (!stack.some((open) => open.name === name)) {
    if (stack.length > 0) problems.add(line.number, `END:${shown(given)} ends nothing that began, and was left out.`)
    return
  }
  while (stack.at(-1)?.name !== name) {
    problems.add(stack.at(-1)?.line ?? null, unended(stack.at(-1)?.name ?? name))
    close(stack, line.at, calendars)
  }
  close(stack, line.end, calendars)
}

const close = (stack: Array<Open>, to: number, calendars: Array<FileCalendar>): void => {
  const closed = stack.pop()
  if (closed === undefined) return
  const parent = stack.at(-1)
  if (parent === undefined) calendars.push(closed)
  else if (closed.name === event) parent.entries.push({ line: closed.line, from: closed.from, to, uid: closed.uid })
  else if (zoneParts.has(closed.name)) parent.components.push(closed)
}

const calendarName = "VCALENDAR"

/** What tells zones. */
const zoneParts: ReadonlySet<string> = new Set(["VTIMEZONE", "STANDARD", "DAYLIGHT"])

const isKept = (name: string): boolean => name === calendarName || zoneParts.has(name)

const entries: ReadonlySet<string> = new Set([calendarName, event, "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE"])

/** What ends where the file ends is lost, but for the calendar itself. */
const cutShort = (stack: ReadonlyArray<Open>, calendars: Array<FileCalendar>, problems: Problems): void => {
  const [calendar, entry] = stack
  if (calendar === undefined) return
  if (entry !== undefined && (entry.name === event || zoneParts.has(entry.name))) {
    problems.add(
      entry.line,
      `The file ends within this ${entry.name}, which was left out: export or download it again.`
    )
  } else problems.add(calendar.line, "The file ends before its calendar does: export or download it again.")
  calendars.push(calendar)
}

const unended = (name: string): string =>
  `This ${name} has no END:${name}; it was taken to end where the next entry begins.`
