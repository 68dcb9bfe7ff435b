/**
 * What of a calendar takes place in a span of time: singles, occurrences and exceptions.
 *
 * Decides which occurrences exist (cancelled ones do not, moved ones stand where they were moved to) and which items
 * overlap a span. It writes no JSON and changes nothing.
 */
import { overlaps, slotOfDate, slotsBetween } from "./Recurrence.ts"
import type { Exception, Item, Mailbox, Series } from "./World.ts"

export interface Occurrence {
  /** The original local date. */
  readonly date: string
  readonly start: number
  readonly end: number
  readonly exception: Exception | null
}

/** A series' occurrences and exceptions that overlap `[from, to)`, by start. */
export const occurrencesBetween = (series: Series, from: number, to: number): ReadonlyArray<Occurrence> => {
  const gone = new Set(series.cancelled)
  const ordinary = slotsBetween(series, from, to)
    .filter((slot) => !gone.has(slot.date) && series.exceptions[slot.date] === undefined)
    .map((slot) => ({ ...slot, exception: null }))
  const exceptional = Object.values(series.exceptions)
    .filter((exception) => overlaps(exception.start, exception.end, from, to))
    .map((exception) => ({ date: exception.date, start: exception.start, end: exception.end, exception }))
  return [...ordinary, ...exceptional].toSorted(
    (one, other) => one.start - other.start || (one.date < other.date ? -1 : 1)
  )
}

/** The occurrence of one original date, or null if it was cancelled or the rule never named it. */
export const occurrenceOn = (series: Series, date: string): Occurrence | null => {
  if (series.cancelled.includes(date)) return null
  const exception = series.exceptions[date]
  if (exception !== undefined) return { date, start: exception.start, end: exception.end, exception }
  const slot = slotOfDate(series, date)
  return slot === null ? null : { ...slot, exception: null }
}

export const itemsOf = (mailbox: Mailbox, calendar: number): ReadonlyArray<Item> =>
  Object.values(mailbox.items).filter((item) => item.calendar === calendar)
