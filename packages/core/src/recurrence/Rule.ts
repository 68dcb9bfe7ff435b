/**
 * What a recurring meeting repeats by, as plain data: the common patterns and ranges in
 * the terms of RFC 5545, and a rule kept as text for whatever lies outside them.
 *
 * The common patterns are the six that calendars offer in their menus: daily, weekly, and
 * monthly or yearly by date or by weekday. They differ from RFC 5545 in one thing: a date
 * that a month lacks is that month's last day, where RFC 5545 skips the month. An adapter
 * whose provider skips hands over text instead.
 *
 * Decides the shapes and their limits. Never computes a date and never reads a zone.
 */

/** A calendar date without a zone, `"yyyy-mm-dd"`, years 0001 to 9999. */
export type LocalDate = string

/** A day of the week, by its RFC 5545 abbreviation. */
export type Weekday = "MO" | "TU" | "WE" | "TH" | "FR" | "SA" | "SU"

/** Which of a month's matching days is meant: first to fourth, or the last. */
export type Index = 1 | 2 | 3 | 4 | -1

/** Every `interval` days, counted from the series' start date. */
export interface Daily {
  readonly kind: "daily"
  readonly interval: number
}

/**
 * On the given days of every `interval`-th week. Weeks begin on `weekStart`; the week
 * that holds the start date is the first. `days` is not empty.
 */
export interface Weekly {
  readonly kind: "weekly"
  readonly interval: number
  readonly days: ReadonlyArray<Weekday>
  readonly weekStart: Weekday
}

/**
 * On a day of every `interval`-th month, counted from the month of the start date. In a
 * month too short for `dayOfMonth` (1 to 31) it is the last day.
 */
export interface AbsoluteMonthly {
  readonly kind: "absoluteMonthly"
  readonly interval: number
  readonly dayOfMonth: number
}

/**
 * On the `index`-th day, among all days of the month that fall on one of `days`, of
 * every `interval`-th month.
 */
export interface RelativeMonthly {
  readonly kind: "relativeMonthly"
  readonly interval: number
  readonly days: ReadonlyArray<Weekday>
  readonly index: Index
}

/** On a date of every `interval`-th year; `month` is 1 to 12, and 29 February becomes 28 in common years. */
export interface AbsoluteYearly {
  readonly kind: "absoluteYearly"
  readonly interval: number
  readonly month: number
  readonly dayOfMonth: number
}

/** On the `index`-th matching day of one month of every `interval`-th year. */
export interface RelativeYearly {
  readonly kind: "relativeYearly"
  readonly interval: number
  readonly month: number
  readonly days: ReadonlyArray<Weekday>
  readonly index: Index
}

export type Pattern = Daily | Weekly | AbsoluteMonthly | RelativeMonthly | AbsoluteYearly | RelativeYearly

/** How long the pattern goes on. `endDate` is the last local date allowed; `count` counts dates on the pattern. */
export type Range =
  | { readonly kind: "noEnd" }
  | { readonly kind: "numbered"; readonly count: number }
  | { readonly kind: "endDate"; readonly endDate: LocalDate }

/** One of the common patterns over one of the ranges. */
export interface Recurrence {
  readonly kind: "pattern"
  readonly pattern: Pattern
  readonly range: Range
}

/** A rule outside the common patterns: the value of an RRULE property, RFC 5545 §3.3.10. */
export interface TextRule {
  readonly kind: "text"
  readonly rrule: string
}

export type Rule = Recurrence | TextRule

/** What expansion needs to know of a series. */
export interface RecurringSeries {
  readonly rule: Rule
  /** The date of the series' start in its zone. It need not be on the pattern; then it is no occurrence. */
  readonly startDate: LocalDate
  /** Milliseconds since local midnight. */
  readonly startTime: number
  readonly durationMillis: number
  /** A resolved IANA id. */
  readonly zone: string
  readonly isAllDay?: boolean
  /** All-day: the zone by whose midnights original dates may be told, where `zone` is the one that days are laid in. */
  readonly dateZone?: string
}

/** One time a series takes place. Instants are UTC epoch milliseconds. */
export interface Occurrence {
  /** The original local date in the series' zone. It identifies the occurrence, also once it was moved. */
  readonly date: LocalDate
  readonly start: number
  readonly end: number
}
