/**
 * A zone as a calendar file defines it (VTIMEZONE, RFC 5545 §3.6.5).
 * Decides what its clocks show at a date, and for which dates it says so: a definition that is empty, begins later, or
 * lists changes of clocks that end earlier is not whole for a date. Rules are laid out by the core.
 */
import { type RecurringSeries, expand, parseRule } from "@punctual/core/recurrence"
import { type Component, allOf, firstOf } from "../text/Components.ts"
import { dayMillis, localDateOf, offsetMillis, parseDateOrTime, timeOfDay, timeText } from "../time/Values.ts"

export interface Definition {
  readonly name: string
  /** The place that the definition says it is made from. */
  readonly place: string | null
  readonly isEmpty: boolean
  /** Whether it says what the clocks show at a local reading. */
  readonly isWholeAt: (reading: number) => boolean
  /** The instant of a local reading: first of two, and forward over a gap, as the core has it. */
  readonly instantOf: (reading: number) => number
  readonly offsetAt: (instant: number) => number
}

/** When clocks change, and to what. */
interface Change {
  readonly at: number
  readonly before: number
  readonly after: number
}

interface Observance {
  readonly before: number
  readonly after: number
  /** Local readings of the old offset. */
  readonly first: number
  readonly listed: ReadonlyArray<number>
  readonly rules: ReadonlyArray<{ readonly series: RecurringSeries; readonly isEndless: boolean }>
}

export const definitionOf = (component: Component): Definition => {
  const observances = component.components.map(observanceOf).filter((observance) => observance !== null)
  const finite = changesOf(observances, (observance) => listedReadings(observance))
  const endless = observances.flatMap((observance) =>
    observance.rules.filter(({ isEndless }) => isEndless).map(({ series }) => ({ observance, series }))
  )
  const years = new Map<number, ReadonlyArray<Change>>()
  /** All changes near a year, and the last ones before them. */
  const around = (millis: number): ReadonlyArray<Change> => {
    const year = new Date(Math.min(Math.max(millis, -instantMax), instantMax)).getUTCFullYear()
    const known = years.get(year)
    if (known !== undefined) return known
    const [from, to] = [Date.UTC(year - 1, 0, 1), Date.UTC(year + 2, 0, 1)]
    const ruled = endless.flatMap(({ observance, series }) =>
      expand(series, from, to, changesMax).map(({ start }) => changeAt(observance, start))
    )
    const changes = [...finite, ...ruled].toSorted((a, b) => a.at - b.at)
    years.set(year, changes)
    return changes
  }
  const before = finite[0]?.before ?? 0
  const after = (millis: number, hasCome: (change: Change) => boolean): number =>
    around(millis).findLast(hasCome)?.after ?? before
  const firstAt = finite[0]?.at ?? Infinity
  const isSteady = new Set(observances.map((observance) => observance.after)).size === 1
  return {
    name: firstOf(component, "TZID")?.value.trim() ?? "",
    place: firstOf(component, "X-LIC-LOCATION")?.value.trim() ?? null,
    isEmpty: observances.length === 0,
    isWholeAt: (reading) =>
      reading - before >= firstAt && (isSteady || endless.length > 0 || !isPastTheList(finite, reading)),
    instantOf: (reading) =>
      reading - after(reading, ({ after: later, at, before: earlier }) => reading >= at + Math.max(earlier, later)),
    offsetAt: (instant) => after(instant, ({ at }) => instant >= at)
  }
}

const instantMax = 8_640_000_000_000_000

/** Of one rule in three years; and of a rule that ends. */
const changesMax = 100
const listedMax = 1000

/** No season of any zone is shorter, beside the breaks that some make for Ramadan. */
const seasonMillis = 120 * dayMillis
const yearMillis = 400 * dayMillis

/** A list of changes ends with a season, unless the one before lies so far back that clocks change no more. */
const isPastTheList = (changes: ReadonlyArray<Change>, reading: number): boolean => {
  const last = changes.at(-1)
  if (last === undefined) return true
  const isStanding = last.at - (changes.at(-2)?.at ?? -Infinity) > yearMillis
  return !isStanding && reading - last.at > seasonMillis
}

const changeAt = ({ after, before }: Observance, reading: number): Change => ({ at: reading - before, before, after })

const changesOf = (
  observances: ReadonlyArray<Observance>,
  readings: (observance: Observance) => ReadonlyArray<number>
): ReadonlyArray<Change> =>
  observances
    .flatMap((observance) => readings(observance).map((reading) => changeAt(observance, reading)))
    .toSorted((a, b) => a.at - b.at)

/** The first, those listed, and those of rules that end. */
const listedReadings = ({ first, listed, rules }: Observance): ReadonlyArray<number> => [
  ...new Set([
    first,
    ...listed,
    ...rules.flatMap(({ isEndless, series }) =>
      isEndless ? [] : expand(series, -Infinity, Infinity, listedMax).map(({ start }) => start)
    )
  ])
]

const observanceOf = (component: Component): Observance | null => {
  const before = offsetMillis(firstOf(component, "TZOFFSETFROM")?.value ?? "")
  const after = offsetMillis(firstOf(component, "TZOFFSETTO")?.value ?? "")
  const first = parseDateOrTime(firstOf(component, "DTSTART")?.value ?? "")
  if (before === null || after === null || first === null) return null
  const listed = allOf(component, "RDATE").flatMap(({ value }) =>
    value.split(",").flatMap((text) => parseDateOrTime(text.split("/")[0] ?? "")?.reading ?? [])
  )
  const rules = allOf(component, "RRULE").flatMap(({ value }) => {
    const series = seriesOf(value, first.reading, before)
    return series === null ? [] : [{ series, isEndless: !/\b(COUNT|UNTIL)=/i.test(value) }]
  })
  return { before, after, first: first.reading, listed, rules }
}

/** Onsets as readings of the old offset, laid out as if they were UTC; UNTIL is told in real UTC. */
const seriesOf = (rule: string, first: number, before: number): RecurringSeries | null => {
  const start = { startDate: localDateOf(first), startTime: timeOfDay(first), zone: "UTC" }
  const text = rule.replace(/UNTIL=(\d{8}T\d{6}Z)/i, (whole, until: string) => {
    const parsed = parseDateOrTime(until)
    return parsed === null ? whole : `UNTIL=${timeText(parsed.reading + before, true)}`
  })
  const parsed = parseRule(text, start)
  return parsed.kind === "rejected" ? null : { ...start, rule: parsed, durationMillis: 0 }
}
