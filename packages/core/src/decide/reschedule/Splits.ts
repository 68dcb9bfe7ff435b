/**
 * A series split by "this and following": the old one ends at the cut, and a new one with an id and a UID of its own goes
 * on from there.
 * Decides which new series goes on with which old one (the same organizer, the same link or subject, and the next date
 * fits; of several the one most like it), and on which of its dates each old date falls, also over several cuts that are
 * seen at once. Once the new one is decided, it is nobody's heir any more.
 */
import { occurrenceId } from "../../domain/DeterministicIds.ts"
import type { MeetingKey } from "../../domain/Ids.ts"
import type { Intent } from "../../domain/Intent.ts"
import { dateOfMeeting, occurrenceMeetingKey, seriesOfMeeting } from "../../domain/MeetingKey.ts"
import type { Series } from "../../domain/Series.ts"
import type { Slice } from "../../domain/Slice.ts"
import type { Instant, LocalDate } from "../../domain/Time.ts"
import { dayMillis, formatDay, parseDate } from "../../recurrence/CivilDate.ts"
import { datesFrom, occurrenceOn } from "../../recurrence/Expand.ts"
import type { RecurringSeries } from "../../recurrence/Rule.ts"
import type { Heir, Split } from "./Heirs.ts"

export interface Splits {
  readonly heirs: ReadonlyMap<MeetingKey, Heir>
  readonly added: ReadonlyArray<Intent>
  readonly splits: ReadonlyArray<Split>
}

/** Dates of a series that are matched with those of the one before it: a daily one for more than a year. */
const datesMax = 400

/** A pause in a pattern that is still looked back over: a yearly one. */
const lookBackDays = 370

/** A series made longer ago than this was not split off just now. */
const madeWithinMillis = 31 * dayMillis

/** Series that may have been split off: not decided yet, made lately, with an organizer. */
export const youngSeries = (slice: Pick<Slice, "series">, now: Instant): ReadonlyArray<Series> =>
  slice.series.filter(
    ({ createdAt, decidedTiming, isCancelled, isDeleted, organizer, timing }) =>
      !isDeleted &&
      !isCancelled &&
      organizer !== null &&
      timing !== null &&
      decidedTiming === null &&
      createdAt > now - madeWithinMillis
  )

export const splits = (slice: Slice, named: ReadonlySet<MeetingKey>, now: Instant): Splits => {
  const heirs = new Map<MeetingKey, Heir>()
  const added: Array<Intent> = []
  const found: Array<Split> = []
  for (const cut of cutsOf(slice, now)) {
    const { old, young } = cut
    const more = intentsOf([...slice.intents, ...added], cut)
    let passed = 0
    for (const meeting of named) {
      // What came to the old one by the cut before goes on with it.
      const called = heirs.get(meeting)?.meeting ?? meeting
      if (seriesOfMeeting(called) !== old.key || (dateOfMeeting(called) ?? "") < cut.from) continue
      const heir = heirFor(slice, cut, called)
      if (heir === null) heirs.delete(meeting)
      else {
        heirs.set(meeting, heir)
        passed += 1
      }
    }
    if (more.length + passed === 0) continue
    added.push(...more)
    found.push({ from: old.key, to: young.key })
  }
  return { heirs, added, splits: found }
}

/** By the first date of what goes on: where that was split again, its own cut comes after the one that it came from. */
const cutsOf = (slice: Slice, now: Instant): ReadonlyArray<Cut> => {
  const cuts = new Map(bestCuts(slice, now).map((cut) => [cut.old.id, cut]))
  return [...cuts.values()].map((cut) => {
    const next = cuts.get(cut.young.id)
    // Of one that was split again all dates count, as they were: those from its own cut on are handed on from there.
    return next === undefined ? cut : { ...cut, since: datesFrom(next.former, firstDate(cut.young), datesMax) }
  })
}

/**
 * An old series goes on as one, and a young one goes on with one. People have several meetings of one name: of those that fit,
 * the ones that have most in common belong together.
 */
const bestCuts = (slice: Slice, now: Instant): ReadonlyArray<Cut> => {
  const pairs = youngSeries(slice, now)
    .toSorted((a, b) => (firstDate(a) < firstDate(b) ? -1 : 1))
    .flatMap((young) =>
      slice.series
        .filter((old) => old.key !== young.key && isAlike(old, young))
        .flatMap((old) => cutOf(old, young) ?? [])
        .toSorted((a, b) => (a.from < b.from ? 1 : -1))
    )
  const taken = new Set<Series>()
  const goneOn = new Set<Series>()
  return pairs
    .toSorted((a, b) => inCommon(b) - inCommon(a))
    .filter(({ old, young }) => {
      if (goneOn.has(old) || taken.has(young)) return false
      goneOn.add(old)
      taken.add(young)
      return true
    })
    .toSorted((a, b) => (firstDate(a.young) < firstDate(b.young) ? -1 : 1))
}

/** How much a young series has kept of the old one, of what a change from a date on may change. */
const inCommon = ({ old, young }: Cut): number =>
  [
    old.subject === young.subject,
    old.link !== null && old.link.url === young.link?.url,
    old.timing?.startTime === young.timing?.startTime,
    old.timing?.durationMillis === young.timing?.durationMillis
  ].filter(Boolean).length

const firstDate = ({ timing }: Series): LocalDate => timing?.startDate ?? ""

const isAlike = (old: Series, young: Series): boolean =>
  old.calendarId === young.calendarId &&
  old.organizer === young.organizer &&
  (old.subject === young.subject || (old.link !== null && old.link.url === young.link?.url))

/** Where an old series ends and a young one goes on: the dates from the cut on, as they were and as they are. */
interface Cut {
  readonly old: Series
  readonly young: Series
  readonly former: RecurringSeries
  readonly from: LocalDate
  readonly dates: ReadonlyArray<LocalDate>
  readonly since: ReadonlyArray<LocalDate>
}

const cutOf = (old: Series, young: Series): Cut | null => {
  if (old.timing === null || young.timing === null || old.isDeleted) return null
  const since = datesFrom(young.timing, young.timing.startDate, datesMax)
  const [first] = since
  // It goes on itself: this is another meeting of the same people.
  if (first === undefined || datesFrom(old.timing, first, 1).length > 0) return null
  const last = datesFrom(old.timing, formatDay(parseDate(first) - lookBackDays), datesMax).at(-1)
  if (last === undefined) return null
  const decided = old.decidedTiming
  const former = decided !== null && datesFrom(decided, first, 1).length > 0 ? decided : endless(old.timing)
  const dates = datesFrom(former, formatDay(parseDate(last) + 1), datesMax)
  const [from, following] = dates
  if (from === undefined || (following !== undefined && first >= following)) return null
  return { old, young, former, from, dates, since }
}

const endless = (timing: RecurringSeries): RecurringSeries => ({
  ...timing,
  rule:
    timing.rule.kind === "pattern"
      ? { ...timing.rule, range: { kind: "noEnd" } }
      : { ...timing.rule, rrule: timing.rule.rrule.replaceAll(/;?\b(?:UNTIL|COUNT)=[^;\r\n]*/gu, "") }
})

/** The date of the new series that stands for one of the old; undefined: it lies before the cut, or is none of them. */
const dateSince = ({ dates, since }: Cut, date: LocalDate): LocalDate | undefined => {
  const place = dates.indexOf(date)
  return place === -1 ? undefined : since[place]
}

/** Null: the new series has no such date. */
const heirFor = (slice: Slice, cut: Cut, meeting: MeetingKey): Heir | null => {
  const date = dateSince(cut, dateOfMeeting(meeting) ?? "")
  if (date === undefined) return null
  const { calendarId, id, key, timing } = cut.young
  const eventId = occurrenceId(id, date)
  const listed = slice.events.find((row) => row.id === eventId)
  const expected = timing === null ? null : occurrenceOn(timing, date)
  const start = listed?.start ?? expected?.start ?? null
  return { meeting: occurrenceMeetingKey(key, date), eventId, calendarId, start }
}

/** What was asked for all of the old series, for the new one from the cut on. What the user asked of that one stands. */
const intentsOf = (intents: ReadonlyArray<Intent>, cut: Cut): ReadonlyArray<Intent> => {
  const { former, from, old, since, young } = cut
  const [begin = ""] = since
  /** The new date on or after which an end or a beginning falls; null: none. */
  const onOrAfter = (date: LocalDate): LocalDate | null => {
    const place = cut.dates.findIndex((each) => each >= date)
    return place === -1 ? null : (since[place] ?? null)
  }
  const known = new Set(intents.map(({ id }) => id))
  return intents.flatMap((intent): ReadonlyArray<Intent> => {
    if ("meeting" in intent || intent.series !== old.key) return []
    if (intent.kind === "series-exclusion") {
      const fromDate = intent.fromDate <= from ? begin : onOrAfter(intent.fromDate)
      const id = `series-exclusion:${fromDate ?? ""}:${young.key}`
      return fromDate === null || known.has(id) ? [] : [{ ...intent, id, series: young.key, fromDate }]
    }
    const id = `${intent.kind}:${young.key}`
    if (known.has(id) || (intent.beforeDate !== null && intent.beforeDate <= from)) return []
    const fromDate = intent.fromDate <= from ? begin : onOrAfter(intent.fromDate)
    if (fromDate === null) return []
    const beforeDate = intent.beforeDate === null ? null : onOrAfter(intent.beforeDate)
    const passed = { id, series: young.key, fromDate, beforeDate }
    if (intent.kind === "recurring") return [{ ...intent, ...passed }]
    const gone = datesFrom(former, intent.fromDate, intent.dateCount).filter((date) => date < from).length
    return intent.dateCount > gone ? [{ ...intent, ...passed, dateCount: intent.dateCount - gone }] : []
  })
}
