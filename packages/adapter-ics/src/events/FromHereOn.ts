/**
 * Changes that hold for an occurrence and all later ones (RANGE=THISANDFUTURE).
 * Decides where a series is parted: the part before ends there, the part from there on has the changed content, and the
 * rule moved as far as that occurrence was. A rule that can't be moved so is laid out, as far as is said.
 */
import {
  type Pattern,
  type RecurringSeries,
  type Rule,
  type Weekday,
  parseRule,
  ruleText,
  weekdays
} from "@punctual/core/recurrence"
import type { Problems } from "../text/Problem.ts"
import { dateText, dayMillis, localDateOf, parseDateOrTime, timeOfDay, timeText } from "../time/Values.ts"
import type { FileEvent } from "./FileEvent.ts"
import { laidOut, onlyItsStart } from "./Layout.ts"
import type { Piece } from "./Piece.ts"
import { instantText } from "./Told.ts"

export const splitAt = (whole: Piece, problems: Problems): ReadonlyArray<Piece> => {
  const cuts = [...whole.changes].filter(([, { onward }]) => onward !== null).toSorted(([a], [b]) => a - b)
  const pieces: Array<Piece> = []
  // Each part is moved against the series as it first was, since that is what the originals are told in.
  let current = whole
  let until: number | null = null
  for (const [cut, { onward }] of cuts.toReversed()) {
    if (onward !== null) pieces.unshift(...onwardPiece(whole, cut, until, onward, problems))
    until = cut
  }
  if (until !== null) current = before(whole, until)
  return [current, ...pieces]
}

/** Occurrences laid out where a rule can't be moved. */
const laidOutMax = 400

const before = (whole: Piece, until: number): Piece => ({
  ...whole,
  layout: { ...whole.layout, timing: endingBefore(whole.layout.timing, whole, until) },
  changes: new Map([...whole.changes].filter(([original]) => original < until)),
  extras: new Map([...whole.extras].filter(([start]) => start < until)),
  takenOut: new Set([...whole.takenOut].filter((start) => start < until))
})

const endingBefore = (timing: RecurringSeries, { layout, source }: Piece, until: number): RecurringSeries => {
  const reading = layout.clock.readingOf(until)
  const last = source.isAllDay
    ? dateText(reading - dayMillis)
    : timeText((layout.clock.isKnown ? until : reading) - 1000, true)
  const bare = ruleText(timing).replaceAll(/;?(COUNT|UNTIL)=[^;]*/gi, "")
  return { ...timing, rule: ruleOr(parseRule(`${bare};UNTIL=${last}`, timing), timing.rule) }
}

const ruleOr = (parsed: ReturnType<typeof parseRule>, otherwise: Rule): Rule =>
  parsed.kind === "rejected" ? otherwise : parsed

const onwardPiece = (
  whole: Piece,
  cut: number,
  until: number | null,
  onward: FileEvent,
  problems: Problems
): ReadonlyArray<Piece> => {
  const { layout } = whole
  const own = layout.clock.readingOf(cut)
  const moved = onward.start.reading - own
  const days = Math.floor(onward.start.reading / dayMillis) - Math.floor(own / dayMillis)
  const passed = laidOut(layout, -Infinity, cut, countMax).length
  const rule = movedRule(layout.timing, days, moved, passed)
  const relocate = (instant: number): number => onward.start.clock.instantOf(layout.clock.readingOf(instant) + moved)
  const within = (instant: number): boolean => instant >= cut && (until === null || instant < until)
  const source: FileEvent = { ...onward, rules: whole.source.rules, recurrence: null }
  const timing: RecurringSeries = {
    ...layout.timing,
    startDate: localDateOf(onward.start.reading),
    startTime: timeOfDay(onward.start.reading),
    zone: onward.start.clock.zone,
    durationMillis: onward.durationMillis,
    rule: rule ?? { kind: "text", rrule: onlyItsStart }
  }
  const extras = [...whole.extras].filter(([start]) => within(start))
  const piece: Piece = {
    source,
    layout: { clock: onward.start.clock, timing },
    providerId: `${whole.providerId}/${instantText(cut)}`,
    changes: new Map(
      [...whole.changes]
        .filter(([original, { single }]) => within(original) && single !== null)
        .map(([original, { single }]) => [relocate(original), { single, onward: null }])
    ),
    extras: new Map(rule === null ? [...extras, ...laidOutFrom(whole, cut, until, relocate, onward)] : extras),
    takenOut: new Set([...whole.takenOut].filter(within).map(relocate))
  }
  if (rule === null) {
    problems.add(
      onward.line,
      `This change moves a series to other days than its rule can say; ${laidOutMax} occurrences from here on are known.`
    )
  }
  return [until === null ? piece : before(piece, relocate(until))]
}

const countMax = 100_000

const laidOutFrom = (
  { layout }: Piece,
  cut: number,
  until: number | null,
  relocate: (instant: number) => number,
  { durationMillis }: FileEvent
): ReadonlyArray<readonly [number, number]> =>
  laidOut(layout, cut, until ?? Infinity, laidOutMax)
    .slice(1)
    .map(({ start }) => [relocate(start), durationMillis])

/** The rule so many days later, without what has passed; null where no rule says that. */
const movedRule = (timing: RecurringSeries, days: number, moved: number, passed: number): Rule | null => {
  const { rule } = timing
  if (rule.kind === "text") return days === 0 ? movedText(rule.rrule, moved, passed) : null
  const pattern = movedPattern(rule.pattern, days)
  if (pattern === null) return null
  const { range } = rule
  switch (range.kind) {
    case "noEnd":
      return { ...rule, pattern }
    case "numbered":
      return { ...rule, pattern, range: { kind: "numbered", count: Math.max(1, range.count - passed) } }
    case "endDate": {
      const end = parseDateOrTime(range.endDate)?.reading ?? 0
      return { ...rule, pattern, range: { kind: "endDate", endDate: localDateOf(end + days * dayMillis) } }
    }
  }
}

const movedText = (rrule: string, moved: number, passed: number): Rule => ({
  kind: "text",
  rrule: rrule
    .replace(/COUNT=(\d+)/i, (_, count: string) => `COUNT=${Math.max(1, Number(count) - passed)}`)
    .replace(/UNTIL=(\d{8}T\d{6})(Z?)/i, (_, until: string, zulu: string) => {
      const reading = parseDateOrTime(until)?.reading ?? 0
      return `UNTIL=${timeText(reading + moved, zulu !== "")}`
    })
})

const movedPattern = (pattern: Pattern, days: number): Pattern | null => {
  if (days === 0 || pattern.kind === "daily") return pattern
  switch (pattern.kind) {
    case "weekly": {
      const later = (day: Weekday): Weekday => weekdays[(((weekdays.indexOf(day) + days) % 7) + 7) % 7] ?? day
      return { ...pattern, days: pattern.days.map(later), weekStart: later(pattern.weekStart) }
    }
    case "absoluteMonthly":
    case "absoluteYearly": {
      const dayOfMonth = pattern.dayOfMonth + days
      // Within the shortest month: elsewhere the move crosses into another.
      return pattern.dayOfMonth <= 28 && dayOfMonth >= 1 && dayOfMonth <= 28 ? { ...pattern, dayOfMonth } : null
    }
    default:
      return null
  }
}
