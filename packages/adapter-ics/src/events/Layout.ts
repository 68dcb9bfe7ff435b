/**
 * How a series lies on the clocks of its zone.
 * Decides which rule the core is given: RRULE as RFC 5545 has it, UNTIL in the terms of the series' own start. The core
 * alone lays out what repeats; where the file defines a zone that is no known one's, it lays out what clocks show.
 */
import { type RecurringSeries, type Rule, type TextRejection, expand, next, parseRule } from "@punctual/core/recurrence"
import type { Problems } from "../text/Problem.ts"
import { shown } from "../text/Components.ts"
import type { Property } from "../text/Property.ts"
import { dateText, dayMillis, localDateOf, parseDateOrTime, timeOfDay, timeText } from "../time/Values.ts"
import type { Clock } from "../zones/Clock.ts"
import type { FileEvent } from "./FileEvent.ts"

export interface Layout {
  readonly timing: RecurringSeries
  readonly clock: Clock
  /** Known to have no occurrence, so that nobody looks for one again. */
  readonly isBarren?: true
  /** There is a rule, and what it says is not known: what is laid out is what is known beside it. */
  readonly isRuleUnread?: true
}

export interface Laid {
  readonly start: number
  readonly end: number
}

/** Occurrences of the rule that start in `[from, until)`. */
export const laidOut = (
  { clock, isBarren, timing }: Layout,
  from: number,
  until: number,
  limit: number
): ReadonlyArray<Laid> => {
  if (isBarren === true) return []
  if (clock.isKnown) return expand(timing, from, until, limit)
  return expand(timing, from - dayMillis, until + dayMillis, limit)
    .map(({ start }) => clock.instantOf(start))
    .filter((start) => start >= from && start < until)
    .map((start) => ({ start, end: start + timing.durationMillis }))
}

/** The first start after an instant, or null. */
export const nextLaid = ({ clock, isBarren, timing }: Layout, after: number): number | null => {
  if (isBarren === true) return null
  if (clock.isKnown) return next(timing, after)?.start ?? null
  let found = next(timing, after - dayMillis)
  while (found !== null && clock.instantOf(found.start) <= after) found = next(timing, found.start)
  return found === null ? null : clock.instantOf(found.start)
}

/** Those of some instants at which the rule has an occurrence. */
export const laidAmong = (layout: Layout, instants: ReadonlyArray<number>): ReadonlySet<number> => {
  if (instants.length <= askedOneByOne) {
    return new Set(instants.filter((instant) => laidOut(layout, instant, instant + 1, 1).length > 0))
  }
  const sorted = [...instants].toSorted((a, b) => a - b)
  const all = laidOut(layout, sorted[0] ?? 0, (sorted.at(-1) ?? 0) + 1, laidMax).map(({ start }) => start)
  const starts = new Set(all)
  return new Set(instants.filter((instant) => starts.has(instant)))
}

const askedOneByOne = 4
/** Of one series, looked through at once. */
const laidMax = 100_000

/** What a series with this rule keeps to; without a rule (dates alone), its start alone. Null, with a word: no rule. */
export const layoutOf = (event: FileEvent, problems: Problems): Layout | null => {
  const [property, ...others] = event.rules
  for (const { line } of others) {
    problems.add(line, "A second RRULE of one event is not read: make an event of its own of it.")
  }
  const text = property === undefined ? onlyItsStart : ruleTextOf(property, event)
  const rule = parseRule(text, startOf(event))
  if (rule.kind === "rejected") {
    if (property !== undefined) problems.add(property.line, rejection(rule))
    const known = event.extraDates.length === 0 ? null : withRule(event, parseRule(onlyItsStart, startOf(event)))
    return known === null ? null : { ...known, isRuleUnread: true }
  }
  const layout = withRule(event, rule)
  if (layout !== null && property !== undefined && hasNoDate(layout.timing)) {
    problems.add(property.line, "RRULE names no date that there is: the event never takes place by it.")
    return event.extraDates.length === 0 ? { ...layout, isBarren: true } : layout
  }
  return layout
}

/** A rule in one of the common patterns always has a date; of any other it is asked once, for whoever shares it. */
const hasNoDate = (timing: RecurringSeries): boolean => {
  const { rule, startDate, startTime, zone } = timing
  if (rule.kind !== "text") return false
  const key = [rule.rrule, startDate, startTime, zone].join(" ")
  const known = barren.get(key)
  if (known !== undefined) return known
  const found = next(timing, -Infinity) === null
  if (barren.size >= barrenMax) barren.clear()
  barren.set(key, found)
  return found
}

const barren = new Map<string, boolean>()
const barrenMax = 1000

export const onlyItsStart = "FREQ=DAILY;COUNT=1"

const withRule = (event: FileEvent, rule: Rule | TextRejection): Layout | null =>
  rule.kind === "rejected"
    ? null
    : {
        clock: event.start.clock,
        timing: {
          ...startOf(event),
          rule,
          durationMillis: event.durationMillis,
          ...(event.isAllDay ? { isAllDay: true } : {})
        }
      }

export const startOf = ({ start }: FileEvent) => ({
  startDate: localDateOf(start.reading),
  startTime: timeOfDay(start.reading),
  zone: start.clock.zone
})

const rejection = ({ part, reason }: TextRejection): string =>
  `RRULE can't be read${part === "" ? "" : ` at "${shown(part)}"`} (${reason}); the event is shown once, at its start.`

const ruleTextOf = ({ value }: Property, event: FileEvent): string =>
  value
    .replaceAll(/\s+/g, "")
    .split(";")
    .filter((part) => part !== "" && !/^(X-[^=]*=.*|RSCALE=GREGORIAN|SKIP=OMIT)$/i.test(part))
    .map((part) => (/^UNTIL=/i.test(part) ? untilText(part, event) : part.replace(/,+$/, "")))
    .join(";")

const untilText = (part: string, { book, isAllDay, start }: FileEvent): string => {
  const until = parseDateOrTime(part.slice("UNTIL=".length))
  if (until === null) return part
  const { reading } = until
  if (until.kind === "date") return `UNTIL=${dateText(reading)}`
  if (isAllDay) {
    if (!until.isUtc) return `UNTIL=${dateText(reading)}`
    return `UNTIL=${dateText(book.isDatesZoneTold ? start.clock.readingOf(reading) : nearestMidnight(reading))}`
  }
  // A clock that the file alone knows is laid out by what it shows.
  if (until.isUtc && !start.clock.isKnown) return `UNTIL=${timeText(start.clock.readingOf(reading), true)}`
  return `UNTIL=${timeText(reading, until.isUtc || !start.clock.isKnown)}`
}

/** A last date told as the instant of its midnight somewhere: which date that is, where nobody says which zone. */
const nearestMidnight = (instant: number): number => {
  const time = timeOfDay(instant)
  const isMidnight = time % 900_000 === 0
  return isMidnight && time >= dayMillis / 2 ? instant + dayMillis : instant
}
