/**
 * What a zone's clocks show, whether the runtime knows the zone or the file defines it.
 * Decides which known zone keeps the same time as a definition, so that the core can lay out what repeats in it.
 */
import { offsetZone, toInstant, toLocal } from "@punctual/core/recurrence"
import { dayMillis, localDateOf, parseDateOrTime, timeOfDay } from "../time/Values.ts"
import type { Definition } from "./Definition.ts"

export interface Clock {
  /** An IANA id; of a definition that is no known zone's, "UTC". */
  readonly zone: string
  /** False: the file alone says how these clocks go. */
  readonly isKnown: boolean
  readonly instantOf: (reading: number) => number
  readonly readingOf: (instant: number) => number
}

export const zoneClock = (zone: string): Clock => ({
  zone,
  isKnown: true,
  instantOf: (reading) => toInstant(zone, localDateOf(reading), timeOfDay(reading)) ?? reading,
  readingOf: (instant) => {
    const local = toLocal(zone, instant)
    return local === null ? instant : (parseDateOrTime(local.date)?.reading ?? 0) + local.time
  }
})

export const utcClock: Clock = {
  zone: "UTC",
  isKnown: true,
  instantOf: (reading) => reading,
  readingOf: (instant) => instant
}

/** The clock of a definition at a date; `places` are asked first. */
export const definedClock = (definition: Definition, reading: number, places: ReadonlyArray<string>): Clock => {
  const zone = sameZone(definition, reading, places)
  return zone === null
    ? {
        zone: "UTC",
        isKnown: false,
        instantOf: definition.instantOf,
        readingOf: (instant) => instant + definition.offsetAt(instant)
      }
    : zoneClock(zone)
}

/** How long a zone must agree with a definition, from half a year before the date. */
const comparedDays = 900
const stepDays = 7

const sameZone = (definition: Definition, reading: number, places: ReadonlyArray<string>): string | null => {
  const from = reading - 180 * dayMillis
  const told = Array.from({ length: comparedDays / stepDays }, (_, step) => {
    const instant = from + step * stepDays * dayMillis
    return { instant, offset: definition.offsetAt(instant) }
  })
  const first = told[0]?.offset ?? 0
  if (told.every(({ offset }) => offset === first)) return offsetZone(first / 60_000)
  const agrees = (zone: string): boolean => told.every(({ instant, offset }) => offsetIn(zone, instant) === offset)
  return places.find(agrees) ?? usual.find(agrees) ?? Intl.supportedValuesOf("timeZone").find(agrees) ?? null
}

const offsetIn = (zone: string, instant: number): number => {
  const local = toLocal(zone, instant)
  return local === null ? Number.NaN : (parseDateOrTime(local.date)?.reading ?? 0) + local.time - instant
}

/** Asked before all others, since several zones keep the same time. */
const usual: ReadonlyArray<string> = [
  "America/New_York",
  "America/Chicago",
  "America/Denver",
  "America/Los_Angeles",
  "Europe/London",
  "Europe/Berlin",
  "Europe/Helsinki",
  "Australia/Sydney",
  "America/Halifax"
]
