/**
 * Whether a start lies in the hours of a rule, by the clock on the wall.
 *
 * Decides that a span over midnight belongs to the day it begins on, and that what the wall shows counts on days of more
 * or less than 24 hours too: an hour that is shown twice is the same hour both times.
 */
import type { Hours } from "../domain/JoinRule.ts"
import { dayMillis, weekdayOf } from "../recurrence/CivilDate.ts"

type Day = NonNullable<Hours["days"]>[number]

/** Monday first, as the calendar counts. */
export const dayNames: ReadonlyArray<Day> = ["mo", "tu", "we", "th", "fr", "sa", "su"]

/** `HH:MM` as milliseconds since midnight; null: it is no time of a day. */
export const timeOfDay = (text: string): number | null =>
  /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text) ? (Number(text.slice(0, 2)) * 60 + Number(text.slice(3))) * 60_000 : null

/** Hours, read once. */
export interface HoursSpan {
  /** One bit a day, Monday the lowest. */
  readonly days: number
  readonly from: number
  /** Up to there, exclusive; not after `from`: on the next day. */
  readonly to: number
}

export const hoursSpan = ({ days, from, to }: Hours): HoursSpan => ({
  days: days === undefined ? everyDay : days.reduce((mask, day) => mask | (1 << dayNames.indexOf(day)), 0),
  from: (from === undefined ? null : timeOfDay(from)) ?? 0,
  to: (to === undefined ? null : timeOfDay(to)) ?? dayMillis
})

const everyDay = 127

/** `reading`: what the wall shows, as the epoch milliseconds that it would be in UTC. */
export const isInHours = ({ days, from, to }: HoursSpan, reading: number): boolean => {
  const day = Math.floor(reading / dayMillis)
  const time = reading - day * dayMillis
  if (from < to) return time >= from && time < to && isOneOf(days, day)
  return (time >= from && isOneOf(days, day)) || (time < to && isOneOf(days, day - 1))
}

const isOneOf = (days: number, day: number): boolean => ((days >> weekdayOf(day)) & 1) === 1

/** A reading as a reader knows it: `tu 01:00`. */
export const readingText = (reading: number): string => {
  const day = Math.floor(reading / dayMillis)
  const minutes = Math.floor((reading - day * dayMillis) / 60_000)
  return `${dayNames[weekdayOf(day)]} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

const two = (number: number): string => `${number}`.padStart(2, "0")
