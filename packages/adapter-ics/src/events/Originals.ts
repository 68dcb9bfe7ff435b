/**
 * Which occurrences of a series a RECURRENCE-ID or an EXDATE means.
 * Decides it by instant, whatever zone the value is written in; by local date where the value or the series is one.
 */
import type { Moment } from "./Moment.ts"
import { dayMillis, timeOfDay } from "../time/Values.ts"
import type { FileEvent } from "./FileEvent.ts"
import { type Layout, laidAmong, laidOut } from "./Layout.ts"

export interface Originals {
  /** The starts that a value means; empty where the series has none there. */
  readonly of: (moment: Moment) => ReadonlyArray<number>
}

/** `extras` are starts beside the rule's. `asked`: all values that will be asked for, so that they are looked up at once. */
export const originalsIn = (
  series: FileEvent,
  layout: Layout,
  extras: ReadonlySet<number>,
  asked: ReadonlyArray<Moment>
): Originals => {
  const candidates = (moment: Moment): ReadonlyArray<number> => [...new Set(candidatesOf(moment, series))]
  const timed = asked.filter((moment) => !isByDate(moment, series)).flatMap(candidates)
  const laid = laidAmong(layout, [...new Set(timed)])
  const dates = new Map<number, ReadonlyArray<number>>()
  const onDate = (day: number): ReadonlyArray<number> => {
    const known = dates.get(day)
    if (known !== undefined) return known
    const [from, to] = [layout.clock.instantOf(day), layout.clock.instantOf(day + dayMillis)]
    const found = [
      ...laidOut(layout, from, to, perDayMax).map(({ start }) => start),
      ...[...extras].filter((start) => start >= from && start < to)
    ]
    dates.set(day, found)
    return found
  }
  return {
    of: (moment) => {
      if (!isByDate(moment, series)) {
        const found = candidates(moment).find((instant) => laid.has(instant) || extras.has(instant))
        return found === undefined ? [] : [found]
      }
      for (const day of daysOf(moment, series)) {
        const found = onDate(day)
        if (found.length > 0) return found
      }
      return []
    }
  }
}

const perDayMax = 1440

const isByDate = (moment: Moment, { isAllDay }: FileEvent): boolean => isAllDay || moment.kind === "date"

/** A value without a zone beside a start that has one is mostly meant in that one. */
const candidatesOf = (moment: Moment, { start }: FileEvent): ReadonlyArray<number> =>
  moment.zoned === "floating" ? [start.clock.instantOf(moment.reading), moment.instant] : [moment.instant]

/** The date as it is written, and where that is UTC's, the date that it is in the series' zone. */
const daysOf = (moment: Moment, { book, start }: FileEvent): ReadonlyArray<number> => {
  const written = moment.reading - timeOfDay(moment.reading)
  if (moment.zoned !== "utc") return [written]
  const there = start.clock.readingOf(moment.instant)
  if (book.isDatesZoneTold) return [there - timeOfDay(there)]
  // Nobody said in which zone its days are: a midnight of one ahead of UTC lies on the day before there.
  return [timeOfDay(moment.reading) >= dayMillis / 2 ? written + dayMillis : written]
}
