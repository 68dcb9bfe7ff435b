/**
 * Further dates of a series (RDATE), also with lengths of their own.
 * Decides what of a list can be read.
 */
import type { Problems } from "../text/Problem.ts"
import { shown } from "../text/Components.ts"
import type { Property } from "../text/Property.ts"
import { type Moment, parseMoment } from "./Moment.ts"
import { parseDuration } from "../time/Values.ts"
import type { ZoneBook } from "../zones/ZoneBook.ts"

export interface ExtraDate {
  readonly start: Moment
  /** Null: as long as the series' others. */
  readonly durationMillis: number | null
}

export const extraDatesOf = (property: Property, book: ZoneBook, problems: Problems): ReadonlyArray<ExtraDate> =>
  property.value.split(",").flatMap((text) => {
    if (text.trim() === "") return []
    const [from = "", until] = text.split("/")
    const start = parseMoment(from, property, book)
    const length = until === undefined || start === null ? null : lengthOf(until, start, property, book)
    if (start === null || (until !== undefined && !(length !== null && length > 0))) {
      problems.add(property.line, `RDATE holds "${shown(text)}", which is no date, time or period, and was left out.`)
      return []
    }
    return { start, durationMillis: length }
  })

const lengthOf = (until: string, start: Moment, property: Property, book: ZoneBook): number | null => {
  const length = parseDuration(until)
  if (length !== null) return length
  const end = parseMoment(until, property, book)
  return end === null ? null : end.instant - start.instant
}
