/**
 * The parts of an RRULE value, RFC 5545 §3.3.10, read and checked.
 *
 * Decides which texts are rules at all: `rrule` takes them apart, and what it lets pass though the RFC forbids it
 * (unknown weekdays, numbers out of range, parts that may not stand together) is refused here, with the part named. Never
 * expands a rule.
 */
import * as rruleModule from "rrule"
import type { Options } from "rrule"
import { dayMillis, dayOf, monthLength } from "./CivilDate.ts"

/** In the order of `rrule`'s own numbers, from the longest period to the shortest. */
export const frequencies = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"] as const
export type Frequency = (typeof frequencies)[number]

/** A weekday, 0 for Monday, and which one of the month or year: 0 for each, negative from the end. */
export interface OrdinalDay {
  readonly weekday: number
  readonly ordinal: number
}

/** `instant` where the text ends in Z; else a reading of the series' own clocks, or a whole local date. */
export type Until = { readonly kind: "instant" | "reading" | "date"; readonly millis: number }

/** A rule's parts; a list is empty where the rule does not have the part. */
export interface RuleParts {
  readonly kind: "parts"
  readonly frequency: Frequency
  readonly interval: number
  readonly count: number | null
  readonly until: Until | null
  /** 0 for Monday, which is also what stands for a rule without WKST. */
  readonly weekStart: number
  readonly setPositions: ReadonlyArray<number>
  readonly months: ReadonlyArray<number>
  readonly weekNumbers: ReadonlyArray<number>
  readonly yearDays: ReadonlyArray<number>
  readonly monthDays: ReadonlyArray<number>
  readonly days: ReadonlyArray<OrdinalDay>
  readonly hours: ReadonlyArray<number>
  readonly minutes: ReadonlyArray<number>
  readonly seconds: ReadonlyArray<number>
}

/** Why a text is no rule; `part` names the part at fault, or is empty when the whole is. */
export interface TextRejection {
  readonly kind: "rejected"
  readonly reason:
    | "too long"
    | "not a rule"
    | "unknown part"
    | "part twice"
    | "out of range"
    | "parts do not go together"
  readonly part: string
}

/**
 * Node takes `rrule` for CommonJS and puts its names under `default`; bundlers take the module they find beside it.
 *
 * Imported outright, not by a door of its own: it is 9 of the 20 ms that the door of recurrence takes to open (40 are
 * allowed), a later import would need promises, and with it `expand` takes every rule there is.
 */
export const rruleLibrary =
  "RRule" in rruleModule ? rruleModule : (rruleModule as { default: typeof rruleModule }).default

/** Reads the value of an RRULE property, with or without its `RRULE:`, in any case. */
export const parseParts = (text: string): RuleParts | TextRejection => {
  if (text.length > ruleLengthMax) return rejected("too long", "")
  const value = bareRule(text)
  const written = new Map<string, string>()
  for (const part of value.split(";")) {
    const [, name = "", list = ""] = /^([A-Z]+)=([-+A-Z0-9,]+)$/.exec(part) ?? []
    if (name === "") return rejected("not a rule", part)
    if (written.has(name)) return rejected("part twice", name)
    const shape = shapes[name]
    if (shape === undefined) return rejected("unknown part", name)
    if (!list.split(",").every(shape) || (single.has(name) && list.includes(","))) return rejected("out of range", name)
    written.set(name, list)
  }
  if (!written.has("FREQ")) return rejected("not a rule", "FREQ")
  const until = written.get("UNTIL")
  const parts = partsOf(rruleLibrary.RRule.parseString(value), until === undefined ? null : parseUntil(until))
  return discord(parts, written) ?? parts
}

/** The text without property name, spaces and closing semicolons, in capitals. */
export const bareRule = (text: string): string =>
  text
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, "")
    .replace(/;+$/, "")

/** Longer than any rule that lists all days of a year (about 1,900 characters). */
const ruleLengthMax = 4096

/** Repetitions in the hundreds of thousands are no meeting's; the bound keeps every count cheap to walk. */
const countMax = 100_000
const intervalMax = 100_000

const rejected = (reason: TextRejection["reason"], part: string): TextRejection => ({ kind: "rejected", reason, part })

type Shape = (item: string) => boolean

const whole =
  (min: number, max: number): Shape =>
  (item) =>
    /^\d{1,6}$/.test(item) && Number(item) >= min && Number(item) <= max

/** From `-max` to `max`, zero left out. */
const fromEitherEnd =
  (max: number): Shape =>
  (item) =>
    /^[-+]?\d{1,3}$/.test(item) && Number(item) !== 0 && Math.abs(Number(item)) <= max

const shapes: { readonly [part: string]: Shape | undefined } = {
  FREQ: (item) => frequencies.some((frequency) => frequency === item),
  INTERVAL: whole(1, intervalMax),
  COUNT: whole(1, countMax),
  UNTIL: (item) => parseUntil(item) !== null,
  WKST: (item) => /^(MO|TU|WE|TH|FR|SA|SU)$/.test(item),
  BYSETPOS: fromEitherEnd(366),
  BYMONTH: whole(1, 12),
  BYWEEKNO: fromEitherEnd(53),
  BYYEARDAY: fromEitherEnd(366),
  BYMONTHDAY: fromEitherEnd(31),
  BYDAY: (item) => /^([-+]?(0?[1-9]|[1-4]\d|5[0-3]))?(MO|TU|WE|TH|FR|SA|SU)$/.test(item),
  BYHOUR: whole(0, 23),
  BYMINUTE: whole(0, 59),
  BYSECOND: whole(0, 59)
}

/** Parts that take one value. */
const single = new Set(["FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"])

/** What RFC 5545 forbids to stand together, or null. */
const discord = (parts: RuleParts, written: ReadonlyMap<string, string>): TextRejection | null => {
  const { frequency } = parts
  const clash = (part: string): TextRejection => rejected("parts do not go together", part)
  if (parts.count !== null && parts.until !== null) return clash("COUNT")
  if (parts.weekNumbers.length > 0 && frequency !== "YEARLY") return clash("BYWEEKNO")
  if (parts.yearDays.length > 0 && ["MONTHLY", "WEEKLY", "DAILY"].includes(frequency)) return clash("BYYEARDAY")
  if (parts.monthDays.length > 0 && frequency === "WEEKLY") return clash("BYMONTHDAY")
  const ordinals = parts.days.some(({ ordinal }) => ordinal !== 0)
  if (ordinals && (!["MONTHLY", "YEARLY"].includes(frequency) || parts.weekNumbers.length > 0)) return clash("BYDAY")
  const others = [...written.keys()].some((name) => name.startsWith("BY") && name !== "BYSETPOS")
  return parts.setPositions.length > 0 && !others ? clash("BYSETPOS") : null
}

const partsOf = (options: Partial<Options>, until: Until | null): RuleParts => ({
  kind: "parts",
  frequency: frequencies[options.freq ?? 0] ?? "YEARLY",
  interval: options.interval ?? 1,
  count: options.count ?? null,
  until,
  weekStart: ordinalDay(options.wkst ?? 0).weekday,
  setPositions: listOf(options.bysetpos),
  months: listOf(options.bymonth),
  weekNumbers: listOf(options.byweekno),
  yearDays: listOf(options.byyearday),
  monthDays: listOf(options.bymonthday),
  days: Array.isArray(options.byweekday) ? options.byweekday.map(ordinalDay) : [],
  hours: listOf(options.byhour),
  minutes: listOf(options.byminute),
  seconds: listOf(options.bysecond)
})

/** `yyyymmdd`, `yyyymmddThhmmss` or the latter with a Z. */
const parseUntil = (text: string): Until | null => {
  const [, year, month, day, time, hour = 0, minute = 0, second = 0, zulu] =
    /^(\d{4})(\d\d)(\d\d)(T(\d\d)(\d\d)(\d\d)(Z)?)?$/.exec(text) ?? []
  const [y, m, d] = [Number(year), Number(month), Number(day)]
  // NaN, from a text of another form, fails the first comparison.
  if (!(y >= 1 && m >= 1 && m <= 12 && d >= 1 && d <= monthLength(y, m))) return null
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  const millis = dayOf(y, m, d) * dayMillis + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000
  return { kind: time === undefined ? "date" : zulu === undefined ? "reading" : "instant", millis }
}

/** In rising order and each once, however the text has them. */
const listOf = (value: number | ReadonlyArray<number> | null | undefined): ReadonlyArray<number> =>
  value == null ? [] : [...new Set(typeof value === "number" ? [value] : value)].toSorted((a, b) => a - b)

/** `rrule` gives a weekday as its number, its name or an object of its own. */
const ordinalDay = (day: number | string | { readonly weekday: number; readonly n?: number | undefined }): OrdinalDay =>
  typeof day === "object"
    ? { weekday: day.weekday, ordinal: day.n ?? 0 }
    : { weekday: typeof day === "number" ? day : 0, ordinal: 0 }
