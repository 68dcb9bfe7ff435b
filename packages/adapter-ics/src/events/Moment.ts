/**
 * A date or time of an event, in the zone that it is told in.
 * Decides whose clock a value goes by: its own (UTC, TZID), else that of whoever stands behind it, which for an event's
 * further times is its start's.
 */
import type { Problems } from "../text/Problem.ts"
import { shown } from "../text/Components.ts"
import type { Property } from "../text/Property.ts"
import { type Clock, utcClock } from "../zones/Clock.ts"
import type { ZoneBook } from "../zones/ZoneBook.ts"
import { parseDateOrTime } from "../time/Values.ts"

export interface Moment {
  readonly kind: "date" | "time"
  readonly instant: number
  /** What the clock shows. */
  readonly reading: number
  readonly clock: Clock
  /** How its zone is told. */
  readonly zoned: "utc" | "named" | "floating"
}

/** The only value of a property, or null with a word. */
export const momentOf = (property: Property, book: ZoneBook, problems: Problems): Moment | null => {
  const moment = parseMoment(property.value, property, book)
  if (moment === null) problems.add(property.line, unreadable(property, property.value))
  return moment
}

/** All values of a property that may have several; what can't be read is said and left out. */
export const momentsOf = (property: Property, book: ZoneBook, problems: Problems): ReadonlyArray<Moment> =>
  property.value.split(",").flatMap((text) => {
    if (text.trim() === "") return []
    const moment = parseMoment(text, property, book)
    if (moment === null) problems.add(property.line, unreadable(property, text))
    return moment ?? []
  })

export const parseMoment = (text: string, { line, parameters }: Property, book: ZoneBook): Moment | null => {
  const parsed = parseDateOrTime(text)
  if (parsed === null) return null
  const { reading } = parsed
  if (parsed.kind === "date") {
    const clock = book.dates
    return { kind: "date", instant: clock.instantOf(reading), reading, clock, zoned: "floating" }
  }
  if (parsed.isUtc) return { kind: "time", instant: reading, reading, clock: utcClock, zoned: "utc" }
  const name = parameters["TZID"] ?? ""
  if (name.trim() === "") {
    const clock = book.floating(line)
    return { kind: "time", instant: clock.instantOf(reading), reading, clock, zoned: "floating" }
  }
  const clock = book.named(name, reading, line)
  return { kind: "time", instant: clock.instantOf(reading), reading, clock, zoned: "named" }
}

const unreadable = ({ name }: Property, value: string): string =>
  `${name} holds "${shown(value)}", which is no date and no time, and was left out: 20270131 or 20270131T090000Z is expected.`
