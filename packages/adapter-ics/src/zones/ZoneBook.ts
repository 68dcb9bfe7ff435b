/**
 * Which clock a calendar file means by the name of a zone.
 * Decides the order: a name that says where (IANA's or Windows') wins over what the file defines under it; any other name
 * takes the file's definition where that is whole for the date; without one it says what it says itself. Whatever is
 * guessed beyond that is said in words.
 */
import { offsetZone, resolvePlace, resolveSpoken } from "@punctual/core/recurrence"
import type { Problems } from "../text/Problem.ts"
import { type Component, shown } from "../text/Components.ts"
import { dayMillis } from "../time/Values.ts"
import { type Clock, definedClock, utcClock, zoneClock } from "./Clock.ts"
import { type Definition, definitionOf } from "./Definition.ts"

export interface ZoneBook {
  /** The clock of times in a named zone, for a local reading. */
  readonly named: (name: string, reading: number, line: number) => Clock
  /** The clock of times that name no zone. */
  readonly floating: (line: number) => Clock
  /** The same for dates, which lose nothing by being taken for UTC's. */
  readonly dates: Clock
  /** Whether somebody said which zone floating times are in. */
  readonly isDatesZoneTold: boolean
}

export interface FloatingZone {
  /** What the calendar says (X-WR-TIMEZONE), and its line. */
  readonly header: { readonly name: string; readonly line: number } | null
  /** What whoever asked for the file says. */
  readonly setting: string | null
}

export const makeZoneBook = (
  zones: ReadonlyArray<Component>,
  { header, setting }: FloatingZone,
  problems: Problems
): ZoneBook => {
  const definitions = new Map<string, Definition>()
  for (const definition of zones.map(definitionOf)) {
    const key = keyOf(definition.name)
    if (!definition.isEmpty || !definitions.has(key)) definitions.set(key, definition)
  }
  const clocks = new Map<string, Clock>()
  const remembered = (key: string, make: () => Clock): Clock => {
    const known = clocks.get(key)
    if (known !== undefined) return known
    const clock = make()
    clocks.set(key, clock)
    return clock
  }
  const certain = (name: string, reading: number, places: ReadonlyArray<string>): Clock | null => {
    const place = resolvePlace(name)
    if (place !== null) return zoneClock(place)
    const definition = definitions.get(keyOf(name))
    if (definition?.isWholeAt(reading) === true)
      return definedClock(definition, reading, [...placeOf(definition), ...places])
    const spoken = resolveSpoken(name)
    return spoken === null ? null : zoneClock(spoken)
  }
  const [fallback, fallbackWord] = fallbackOf(header, setting, (name) => certain(name, nowadays, []), problems)
  const guessed = (name: string, line: number): Clock => {
    const definition = definitions.get(keyOf(name))
    const told = (clock: Clock, how: string): Clock => {
      problems.addOnce(
        line,
        `The time zone "${shown(name)}" ${how} Name the zone by area and place, as in Europe/Berlin.`
      )
      return clock
    }
    const place = definition === undefined ? undefined : placeOf(definition)[0]
    if (place !== undefined) return told(zoneClock(place), `is not defined for all dates; ${place} was taken.`)
    const offset = offsetWithin(name)
    if (offset !== null) return told(zoneClock(offset), "is not known; its offset was taken, all year.")
    if (definition !== undefined && !definition.isEmpty) {
      const clock = { ...utcClock, isKnown: false, instantOf: definition.instantOf }
      return told(
        { ...clock, readingOf: (instant) => instant + definition.offsetAt(instant) },
        "is not defined for all dates; the last offset defined was taken."
      )
    }
    return told(fallback, `is not known; its times were read as ${fallback.zone}.`)
  }
  return {
    named: (name, reading, line) =>
      remembered(
        `${name}\n${definitions.has(keyOf(name)) ? Math.floor(reading / spanMillis) : ""}`,
        () => certain(name, reading, placesOf(fallback)) ?? guessed(name, line)
      ),
    floating: (line) => {
      if (fallbackWord !== null) problems.addOnce(line, fallbackWord)
      return fallback
    },
    dates: fallback,
    isDatesZoneTold: fallbackWord === null
  }
}

/** A definition is asked anew for each span of so long. */
const spanMillis = 30 * dayMillis

/** A date at which a zone that is only named in the head has to be defined. */
const nowadays = Date.UTC(2026, 0, 1)

const keyOf = (name: string): string =>
  name
    .trim()
    .replace(/^(["'])(.*)\1$/, "$2")
    .replaceAll("\\", "")
    .toLowerCase()

const placeOf = (definition: Definition): ReadonlyArray<string> => {
  const place = definition.place === null ? null : resolvePlace(definition.place)
  return place === null ? [] : [place]
}

const placesOf = (clock: Clock): ReadonlyArray<string> => (clock.isKnown ? [clock.zone] : [])

/** The offset that stands before a name that is not known: (UTC+01:00) Somewhere. */
const offsetWithin = (name: string): string | null => {
  const [, sign, hours = "0", minutes = "0"] = /^\s*\(?(?:UTC|GMT)\s*([+-])\s*(\d{1,2}):?(\d\d)?/i.exec(name) ?? []
  return sign === undefined ? null : offsetZone((sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)))
}

/** The clock of floating times, and what to say of it: null where somebody said which. */
const fallbackOf = (
  header: FloatingZone["header"],
  setting: string | null,
  clockOf: (name: string) => Clock | null,
  problems: Problems
): readonly [Clock, string | null] => {
  const said = header === null || header.name === "" ? null : clockOf(header.name)
  if (said !== null) return [said, null]
  if (header !== null && header.name !== "") {
    problems.add(header.line, `The calendar's time zone "${shown(header.name)}" is not known, and was not used.`)
  }
  const given = setting === null ? null : clockOf(setting)
  return given === null
    ? [
        utcClock,
        "Times without a zone were read as UTC, since the calendar does not say which zone it means: name the zone when you read it."
      ]
    : [given, null]
}
