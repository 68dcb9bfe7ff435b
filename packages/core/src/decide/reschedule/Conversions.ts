/**
 * A single meeting that became a series in place, under the provider's same id, and the other way about.
 * Decides which meeting inherits: the occurrence with the same start, else the one of the same date; and back, once: a series
 * that was decided to be a single meeting is nobody's predecessor any more, whatever the meeting does then.
 */
import type { Bot } from "../../domain/Bot.ts"
import { occurrenceId } from "../../domain/DeterministicIds.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { MeetingKey, SeriesKey } from "../../domain/Ids.ts"
import type { EventIntent } from "../../domain/Intent.ts"
import { dateOfMeeting, occurrenceMeetingKey, seriesOfMeeting } from "../../domain/MeetingKey.ts"
import type { Series } from "../../domain/Series.ts"
import type { Slice } from "../../domain/Slice.ts"
import { dateIn } from "../../mirror/OriginalDate.ts"
import { expand, isOnPattern } from "../../recurrence/Expand.ts"
import { toLocal } from "../../recurrence/WallClock.ts"
import { asEventIntent } from "../state/KeptIntent.ts"
import { type Heir, heirAt } from "./Heirs.ts"

export interface Conversions {
  readonly heirs: ReadonlyMap<MeetingKey, Heir>
  readonly added: ReadonlyArray<EventIntent>
}

export const conversions = (slice: Slice, named: ReadonlySet<MeetingKey>): Conversions => {
  const retired = slice.events.filter(({ isDeleted, kind }) => isDeleted && kind === "single")
  const gone = slice.series.filter(({ isDeleted }) => isDeleted)
  if (retired.length + gone.length === 0) return { heirs: new Map(), added: [] }
  const standing = new Set(slice.events.flatMap((row) => (row.isDeleted ? [] : [row.meeting])))
  const heirs = new Map<MeetingKey, Heir>()
  for (const row of retired) {
    if (!named.has(row.meeting) || standing.has(row.meeting)) continue
    const series = slice.series.find((each) => !each.isDeleted && isSameThing(each, row))
    const heir = series === undefined ? null : occurrenceFor(slice, series, row)
    if (heir !== null) heirs.set(row.meeting, heir)
  }
  const kept: Array<Bot> = []
  for (const series of gone) {
    const single = series.decidedTiming === null ? undefined : singleOf(slice, series)
    if (single === undefined) continue
    const meeting = predecessor(slice, series.key, single, named)
    if (meeting === null) continue
    heirs.set(meeting, heirAt(single))
    kept.push(...slice.bots.filter((bot) => bot.meeting === meeting && isOfSeries(bot)))
  }
  return { heirs, added: kept.flatMap((bot) => asEventIntent(slice, bot)) }
}

/** The single meeting that a series has become; undefined: it has not, or a calendar has yet to tell. */
export const singleOf = (
  { events, series: known }: Pick<Slice, "events" | "series">,
  series: Series
): CalendarEvent | undefined =>
  !series.isDeleted || known.some(({ isDeleted, key }) => !isDeleted && key === series.key)
    ? undefined
    : events.find((row) => !row.isDeleted && row.kind === "single" && isSameThing(row, series))

interface Thing {
  readonly calendarId: string
  readonly providerId: string
}

const isSameThing = (a: Thing, b: Thing): boolean => a.calendarId === b.calendarId && a.providerId === b.providerId

/** A bot that stood on an intent for all of its series, which is no more. */
const isOfSeries = ({ origin, status }: Bot): boolean =>
  (origin === "series" || origin === "recurring") && status === "Scheduled"

/** The occurrence that a single meeting became. */
export const occurrenceFor = (slice: Slice, series: Series, single: CalendarEvent): Heir | null => {
  const listed = slice.events
    .filter((row) => row.seriesId === series.id && !row.isDeleted)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const sameStart = listed.find(({ start }) => start === single.start)
  if (sameStart !== undefined) return heirAt(sameStart)
  const { timing } = series
  const date = dateIn(series, single.start)
  const sameDate = listed.find(({ originalDate }) => originalDate === date)
  if (sameDate !== undefined) return heirAt(sameDate)
  if (timing === null || !isOnPattern(timing, date)) return null
  return {
    meeting: occurrenceMeetingKey(series.key, date),
    eventId: occurrenceId(series.id, date),
    calendarId: series.calendarId,
    start: expand(timing, single.start, single.start + 1, 1)[0]?.start ?? null
  }
}

/** Of the occurrences that somebody spoke of, the one that the single meeting was. */
const predecessor = (
  slice: Slice,
  key: SeriesKey,
  { start, zone }: CalendarEvent,
  named: ReadonlySet<MeetingKey>
): MeetingKey | null => {
  const own = [...named].filter((meeting) => seriesOfMeeting(meeting) === key).toSorted()
  const starts = new Map([...slice.events, ...slice.bots].map((row) => [row.meeting, row.start]))
  const date = toLocal(zone, start)?.date ?? null
  return (
    own.find((meeting) => starts.get(meeting) === start) ??
    own.find((meeting) => dateOfMeeting(meeting) === date) ??
    null
  )
}
