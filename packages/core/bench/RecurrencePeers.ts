/**
 * The contenders of the recurrence benchmark: each builds one of the guide's five rules once and then answers for any
 * instant. Decides how each library is asked, always in the way that costs it least: searches are given the narrowest
 * window that holds the answer, and those that know no zones get ours converted by a ready table. Never measures.
 */
import ICAL from "ical.js"
import { createRequire } from "node:module"
import { DateTime, RRuleSet } from "rrule-rust"
import { RRuleTemporal } from "rrule-temporal"
import type * as RRuleLibrary from "rrule"
import { type RecurringSeries, type Rule, expand, next, parseRule } from "../src/recurrence/index.ts"
import { type ZoneTable, boundFor } from "./RecurrenceBound.ts"

// As Node takes it: a CommonJS module whose names no static import sees.
const { RRule } = createRequire(import.meta.url)("rrule") as typeof RRuleLibrary

export interface BenchRule {
  readonly name: string
  readonly rrule: string
  /** Local start in the zone, `yyyy-mm-ddThh:mm:ss`: five years before the instants that are asked about. */
  readonly start: string
}

export const zone = "America/New_York"

export const rules: ReadonlyArray<BenchRule> = [
  { name: "daily", rrule: "FREQ=DAILY", start: "2021-01-04T10:00:00" },
  { name: "weekly MO,WE,FR", rrule: "FREQ=WEEKLY;BYDAY=MO,WE,FR", start: "2021-01-04T10:00:00" },
  { name: "every 2nd TU", rrule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", start: "2021-01-05T10:00:00" },
  { name: "monthly 1MO", rrule: "FREQ=MONTHLY;BYDAY=1MO", start: "2021-01-04T10:00:00" },
  { name: "yearly 15 Mar", rrule: "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=15", start: "2021-03-15T10:00:00" }
]

/** One library with one rule built. `first` is the start of the next occurrence, `many` the next `count` occurrences. */
export interface Contender {
  readonly first: (after: number) => number
  readonly many: (after: number, count: number) => ReadonlyArray<Found>
}

/** An occurrence in the library's own terms, so that nobody pays for a conversion that a caller would not ask for. */
export type Found = number | { readonly start: number } | { readonly epochMilliseconds: number }

export const startOf = (found: Found): number =>
  typeof found === "number" ? found : "start" in found ? found.start : found.epochMilliseconds

export interface Library {
  readonly name: string
  /** Its answers are compared but need not agree: the figures say how often they do. */
  readonly mayErr?: boolean
  readonly build: (rule: BenchRule, table: ZoneTable) => Contender
}

const dayMillis = 86_400_000
const readingOf = (start: string): number => Date.parse(`${start}Z`)

/** Any `count` occurrences of these rules lie within this: a year each for the yearly one. */
const spanMillis = ({ rrule }: BenchRule, count: number): number =>
  count *
  (rrule.startsWith("FREQ=YEARLY")
    ? 366
    : rrule.startsWith("FREQ=MONTHLY")
      ? 35
      : rrule.includes("INTERVAL")
        ? 14
        : 7) *
  dayMillis

const ours: Library = {
  name: "punctual",
  build: ({ rrule, start }) => {
    const [startDate = "", time = ""] = start.split("T")
    const timed = { startDate, startTime: readingOf(`1970-01-01T${time}`), zone, durationMillis: 1_800_000 }
    const series: RecurringSeries = { ...timed, rule: parseRule(rrule, timed) as Rule }
    return {
      first: (after) => next(series, after)?.start ?? Number.NaN,
      many: (after, count) => expand(series, after + 1, Infinity, count)
    }
  }
}

/** What a service calls: whole occurrences, as they come. */
const oursWhole: Library = {
  name: "punctual (rule read from text each time)",
  build: ({ rrule, start }) => {
    const [startDate = "", time = ""] = start.split("T")
    const timed = { startDate, startTime: readingOf(`1970-01-01T${time}`), zone, durationMillis: 1_800_000 }
    const series: RecurringSeries = { ...timed, rule: { kind: "text", rrule } }
    return {
      first: (after) => next(series, after)?.start ?? Number.NaN,
      many: (after, count) => expand(series, after + 1, Infinity, count)
    }
  }
}

const bound: Library = {
  name: "integer lower bound",
  build: (rule, table) => boundFor(rule.name, readingOf(rule.start), table)
}

const rruleNaive: Library = {
  name: "rrule 2.8.1 (naive: TZID)",
  mayErr: true,
  build: ({ rrule, start }) => {
    const rule = new RRule({ ...RRule.parseString(rrule), dtstart: new Date(readingOf(start)), tzid: zone }, true)
    const span = spanMillis({ name: "", rrule, start }, 53)
    return {
      first: (after) => rule.after(new Date(after))?.getTime() ?? Number.NaN,
      many: (after, count) =>
        rule
          .between(new Date(after), new Date(after + span), false, (_, i) => i < count)
          .slice(0, count)
          .map((date) => date.getTime())
    }
  }
}

const rruleFloating: Library = {
  name: "rrule 2.8.1 (floating, zone outside)",
  build: (bench, table) => {
    const rule = new RRule({ ...RRule.parseString(bench.rrule), dtstart: new Date(readingOf(bench.start)) }, true)
    const span = spanMillis(bench, 53)
    return {
      first: (after) => table.instantOf(rule.after(new Date(table.readingOf(after)))?.getTime() ?? Number.NaN),
      many: (after, count) => {
        const from = table.readingOf(after)
        return rule
          .between(new Date(from), new Date(from + span), false, (_, i) => i < count)
          .slice(0, count)
          .map((date) => table.instantOf(date.getTime()))
      }
    }
  }
}

const rruleTemporal: Library = {
  name: "rrule-temporal 2.2.8",
  build: (bench) => {
    const compact = bench.start.replaceAll(/[-:]/g, "")
    const rule = new RRuleTemporal({ rruleString: `DTSTART;TZID=${zone}:${compact}\nRRULE:${bench.rrule}` })
    const span = spanMillis(bench, 53)
    return {
      first: (after) => rule.next(new Date(after))?.epochMilliseconds ?? Number.NaN,
      many: (after, count) => rule.between(new Date(after), new Date(after + span)).slice(0, count)
    }
  }
}

const rruleRust: Library = {
  name: "rrule-rust 3.1.1 (cache off)",
  build: (bench, table) => {
    const compact = bench.start.replaceAll(/[-:]/g, "")
    const set = RRuleSet.fromString(`DTSTART;TZID=${zone}:${compact}\nRRULE:${bench.rrule}`)
    // Its cache answers the same call again; nobody asks the same twice here.
    set.cache.disable()
    const at = (instant: number) => {
      const date = new Date(table.readingOf(instant))
      return DateTime.local(
        date.getUTCFullYear(),
        date.getUTCMonth() + 1,
        date.getUTCDate(),
        date.getUTCHours(),
        date.getUTCMinutes(),
        date.getUTCSeconds()
      )
    }
    const between = (after: number, count: number): ReadonlyArray<number> =>
      set
        .between(at(after), at(after + spanMillis(bench, count + 1)))
        .slice(0, count)
        .map(({ year, month, day, time }) =>
          table.instantOf(Date.UTC(year, month - 1, day, time?.hour, time?.minute, time?.second))
        )
    return { first: (after) => between(after, 1)[0] ?? Number.NaN, many: between }
  }
}

const ical: Library = {
  name: "ical.js 2.2.1 (floating, zone outside)",
  build: ({ rrule, start }, table) => {
    const recur = ICAL.Recur.fromString(rrule)
    const from = ICAL.Time.fromDateTimeString(start)
    const many = (after: number, count: number): Array<number> => {
      const reading = table.readingOf(after)
      const found: Array<number> = []
      const iterator = recur.iterator(from)
      for (let time = iterator.next(); time !== null && found.length < count; time = iterator.next()) {
        const millis = Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second)
        if (millis > reading) found.push(table.instantOf(millis))
      }
      return found
    }
    return { first: (after) => many(after, 1)[0] ?? Number.NaN, many }
  }
}

export const libraries: ReadonlyArray<Library> = [
  bound,
  ours,
  oursWhole,
  rruleTemporal,
  rruleRust,
  rruleFloating,
  ical,
  rruleNaive
]
