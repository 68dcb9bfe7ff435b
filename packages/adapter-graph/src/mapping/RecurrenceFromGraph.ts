/**
 * Microsoft Graph's patternedRecurrence as a rule.
 *
 * Decides what its members mean and when they mean nothing. Takes any JSON: what cannot be read becomes a rejection that
 * names the member, and nothing throws. Members that a pattern or range does not use are ignored whatever they hold:
 * Graph fills them with zeros and with dates of the year 1.
 *
 * Source: resources `patternedRecurrence`, `recurrencePattern` and `recurrenceRange` of the Graph v1.0 reference.
 */
import {
  type Index,
  type LocalDate,
  type Pattern,
  type Range,
  type Recurrence,
  type Weekday,
  isLocalDate,
  weekdays
} from "@punctual/core/recurrence"

/** What Graph says of a recurring series besides its times of day. */
export interface GraphRecurrence {
  readonly kind: "rule"
  readonly rule: Recurrence
  /** `range.startDate`: the date from which the pattern is in force. */
  readonly startDate: LocalDate
  /** `range.recurrenceTimeZone` as Graph has it: a Windows or IANA name, custom, or empty. See `resolveZones`. */
  readonly zoneName: string
}

export interface GraphRejection {
  readonly kind: "rejected"
  readonly reason: "missing" | "unknown" | "out of range"
  /** The member at fault, as a path from the recurrence. */
  readonly member: string
}

/** Reads a patternedRecurrence: a rule, or the first thing that is wrong with it. */
export const ruleFromGraph = (json: unknown): GraphRecurrence | GraphRejection => {
  const recurrence = membersOf(json)
  const pattern = readPattern(membersOf(recurrence["pattern"]))
  if (pattern.kind === "rejected") return pattern
  const range = membersOf(recurrence["range"])
  const startDate = readDate(range["startDate"])
  if (startDate === null) return missingOr(range["startDate"], "range.startDate")
  const read = readRange(range)
  if (read.kind === "rejected") return read
  const zone = range["recurrenceTimeZone"]
  const rule: Recurrence = { kind: "pattern", pattern, range: read }
  return { kind: "rule", rule, startDate, zoneName: typeof zone === "string" ? zone : "" }
}

type Members = { readonly [name: string]: unknown }

/** The members of an object, and none of anything else. */
const membersOf = (json: unknown): Members =>
  // An object that is no array may be asked for any member; what comes back is looked at before it is used.
  typeof json === "object" && json !== null && !Array.isArray(json) ? (json as Members) : {}

const readPattern = (pattern: Members): Pattern | GraphRejection => {
  const kind = patternKinds.get(lower(pattern["type"]))
  if (kind === undefined) return missingOr(pattern["type"], "pattern.type", "unknown")
  const interval = whole(pattern["interval"], intervalMax)
  if (interval === null) return missingOr(pattern["interval"], "pattern.interval")
  if (kind === "daily") return { kind, interval }
  if (kind === "weekly") {
    const days = readDays(pattern["daysOfWeek"])
    const weekStart = weekdayNames.get(lower(pattern["firstDayOfWeek"] ?? "sunday"))
    if (weekStart === undefined) return missingOr(pattern["firstDayOfWeek"], "pattern.firstDayOfWeek", "unknown")
    return "kind" in days ? days : { kind, interval, days: days.list, weekStart }
  }
  const month = whole(pattern["month"], 12)
  const isYearly = kind === "absoluteYearly" || kind === "relativeYearly"
  if (isYearly && month === null) return missingOr(pattern["month"], "pattern.month")
  if (kind === "absoluteMonthly" || kind === "absoluteYearly") {
    const dayOfMonth = whole(pattern["dayOfMonth"], 31)
    if (dayOfMonth === null) return missingOr(pattern["dayOfMonth"], "pattern.dayOfMonth")
    return kind === "absoluteMonthly"
      ? { kind, interval, dayOfMonth }
      : { kind, interval, month: month ?? 1, dayOfMonth }
  }
  const days = readDays(pattern["daysOfWeek"])
  if ("kind" in days) return days
  const index = indices.get(lower(pattern["index"] ?? "first"))
  if (index === undefined) return missingOr(pattern["index"], "pattern.index", "unknown")
  return kind === "relativeMonthly"
    ? { kind, interval, days: days.list, index }
    : { kind, interval, month: month ?? 1, days: days.list, index }
}

const readRange = (range: Members): Range | GraphRejection => {
  switch (lower(range["type"])) {
    case "noend":
      return { kind: "noEnd" }
    case "numbered": {
      const count = whole(range["numberOfOccurrences"], int32Max)
      return count === null
        ? missingOr(range["numberOfOccurrences"], "range.numberOfOccurrences")
        : { kind: "numbered", count }
    }
    case "enddate": {
      const endDate = readDate(range["endDate"])
      // The year 1 is how Graph writes "no date", which this range cannot do without.
      const isUnset = endDate === null || endDate < firstRealDate
      return isUnset ? missingOr(range["endDate"], "range.endDate") : { kind: "endDate", endDate }
    }
    default:
      return missingOr(range["type"], "range.type", "unknown")
  }
}

/** Monday first and each once, in whatever order and case they come; none is a fault. */
const readDays = (json: unknown): { readonly list: ReadonlyArray<Weekday> } | GraphRejection => {
  const member = "pattern.daysOfWeek"
  if (!Array.isArray(json) || json.length === 0) return missingOr(json, member)
  const found = new Set(json.map((day) => weekdayNames.get(lower(day))))
  return found.has(undefined)
    ? { kind: "rejected", reason: "unknown", member }
    : { list: weekdays.filter((day) => found.has(day)) }
}

const readDate = (json: unknown): LocalDate | null => (typeof json === "string" && isLocalDate(json) ? json : null)

const whole = (json: unknown, max: number): number | null =>
  typeof json === "number" && Number.isInteger(json) && json >= 1 && json <= max ? json : null

const lower = (json: unknown): string => (typeof json === "string" ? json.toLowerCase() : "")

const missingOr = (
  json: unknown,
  member: string,
  reason: "unknown" | "out of range" = "out of range"
): GraphRejection => ({ kind: "rejected", reason: json === undefined || json === null ? "missing" : reason, member })

/** Graph's integers. */
const int32Max = 2_147_483_647

/** Outlook allows 99 months and 999 days; the bound keeps month numbers exact in any case. */
const intervalMax = 100_000

const firstRealDate: LocalDate = "0002-01-01"

/** Graph writes these names in lower case and takes them in any. */
const byLowerCase = <A>(entries: ReadonlyArray<readonly [name: string, value: A]>): ReadonlyMap<string, A> =>
  new Map(entries.map(([name, value]) => [name.toLowerCase(), value]))

const patternKinds = byLowerCase<Pattern["kind"]>(
  (["daily", "weekly", "absoluteMonthly", "relativeMonthly", "absoluteYearly", "relativeYearly"] as const).map(
    (kind) => [kind, kind]
  )
)

const weekdayNames = byLowerCase<Weekday>([
  ["monday", "MO"],
  ["tuesday", "TU"],
  ["wednesday", "WE"],
  ["thursday", "TH"],
  ["friday", "FR"],
  ["saturday", "SA"],
  ["sunday", "SU"]
])

const indices = byLowerCase<Index>([
  ["first", 1],
  ["second", 2],
  ["third", 3],
  ["fourth", 4],
  ["last", -1]
])
