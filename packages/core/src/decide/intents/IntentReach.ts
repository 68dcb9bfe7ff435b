/**
 * Which meetings the standing intents of a state cover, computed once for all of its meetings.
 * Decides which virtual occurrences are judged. Never decides whether one gets a bot.
 */
import type { CalendarEvent } from "../../domain/Event.ts"
import type { MeetingKey, SeriesKey } from "../../domain/Ids.ts"
import type { Instant, LocalDate, Span } from "../../domain/Time.ts"
import { dayMillis, parseDate } from "../../recurrence/CivilDate.ts"
import { type LastDates, coversDate, lastDateOf } from "./SeriesSpan.ts"
import { nextOccurrences } from "./NextOccurrences.ts"
import { takesPlace } from "../occurrences/CopyRank.ts"
import { dateOfMeeting, seriesOfMeeting } from "../../domain/MeetingKey.ts"
import { callerSpan } from "./CallerLink.ts"
import { hintedOccurrence } from "../occurrences/CallerHints.ts"
import { virtualOccurrenceOn, virtualOccurrences } from "../occurrences/BeyondWindow.ts"
import { type StateIndex, byRank } from "../state/StateIndex.ts"

export interface Reach {
  readonly lastDates: LastDates
  /** By recurring intent: the meetings it wants now. */
  readonly next: ReadonlyMap<string, ReadonlySet<MeetingKey>>
  readonly nextEvents: ReadonlyArray<CalendarEvent>
}

/**
 * Virtual occurrences expanded for one series intent, at most: the greatest limit of a request (366), and three more
 * because expansion begins a day early.
 */
const virtualMax = 366 + 3

/** Worked out for all intents of a state at an instant. */
export const reach = (index: StateIndex, now: Instant): Reach => {
  const lastDates = new Map<string, LocalDate | null>()
  for (const intents of index.seriesIntents.values()) {
    for (const intent of intents) lastDates.set(intent.id, lastDateOf(index, intent))
  }
  const next = new Map<string, ReadonlySet<MeetingKey>>()
  const nextEvents: Array<CalendarEvent> = []
  for (const intents of index.recurringIntents.values()) {
    for (const intent of intents) {
      const events = nextOccurrences(index, intent, lastDates, now)
      next.set(intent.id, new Set(events.map((event) => event.meeting)))
      nextEvents.push(...events)
    }
  }
  return { lastDates, next, nextEvents }
}

/**
 * The virtual occurrences that an intent or a bot names, by meeting: every copy of each, in order of rank. A meeting
 * that a calendar lists as taking place has none: what is listed goes first.
 */
export const virtualCopies = (
  index: StateIndex,
  reached: Reach,
  now: Instant
): ReadonlyMap<MeetingKey, ReadonlyArray<CalendarEvent>> => {
  const far = new Map<MeetingKey, Array<CalendarEvent>>()
  const seen = new Set<string>()
  const add = (event: CalendarEvent | null): void => {
    if (event === null || seen.has(event.id)) return
    if (index.copies.get(event.meeting)?.some((copy) => takesPlace(index, copy)) === true) return
    seen.add(event.id)
    const copies = far.get(event.meeting)
    if (copies === undefined) far.set(event.meeting, [event])
    else copies.push(event)
  }
  for (const [key, intents] of index.seriesIntents) {
    const rows = index.seriesByKey.get(key) ?? []
    for (const intent of intents) {
      const lastDate = reached.lastDates.get(intent.id) ?? null
      // A day early: no zone is further than that from UTC.
      const from = (parseDate(intent.fromDate) - 1) * dayMillis
      for (const series of rows) {
        for (const event of virtualOccurrences(index, series, from > now ? from : now, virtualMax)) {
          if (!coversDate(intent, lastDate, event.originalDate ?? "")) continue
          // Windows of calendars differ, so expansion may have stopped short of other copies: take every copy of the
          // date.
          if (rows.length === 1) add(event)
          else addDate(index, event.meeting, add)
        }
      }
    }
  }
  for (const event of reached.nextEvents) addDate(index, event.meeting, add)
  for (const [meeting, intents] of index.eventIntents) {
    addDate(index, meeting, add)
    addGiven(index, meeting, callerSpan(intents), add)
  }
  for (const [meeting, bots] of index.bots) {
    if (bots.some(({ status }) => status !== "Cancelled")) addDate(index, meeting, add)
  }
  const order = byRank(index.ranks)
  for (const copies of far.values()) if (copies.length > 1) copies.sort(order)
  return far
}

/** The occurrence of a series whose rule is not understood, at the time that the caller gave with the intent. */
const addGiven = (
  index: StateIndex,
  meeting: MeetingKey,
  span: Span | null,
  add: (event: CalendarEvent | null) => void
): void => {
  const date = dateOfMeeting(meeting)
  const key: SeriesKey | null = seriesOfMeeting(meeting)
  if (date === null || key === null || span === null) return
  for (const series of index.seriesByKey.get(key) ?? []) add(hintedOccurrence(index, series, date, span))
}

const addDate = (index: StateIndex, meeting: MeetingKey, add: (event: CalendarEvent | null) => void): void => {
  const date = dateOfMeeting(meeting)
  const key: SeriesKey | null = seriesOfMeeting(meeting)
  if (date === null || key === null) return
  for (const series of index.seriesByKey.get(key) ?? []) add(virtualOccurrenceOn(index, series, date))
}
