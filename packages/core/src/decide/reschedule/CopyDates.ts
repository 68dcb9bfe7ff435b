/**
 * Copies of one series on calendars that lay its days in different zones: a series of an evening in New York stands in UTC
 * on the day after.
 * Decides which occurrence of the leading copy one of another is: the one that the pattern starts at the same instant. Dates
 * in intents, overrides and bots are the leading copy's, so such an occurrence goes by its date there.
 */
import type { CalendarEvent } from "../../domain/Event.ts"
import type { EventId, MeetingKey, SeriesKey } from "../../domain/Ids.ts"
import { occurrenceMeetingKey } from "../../domain/MeetingKey.ts"
import type { Slice } from "../../domain/Slice.ts"
import { expand } from "../../recurrence/Expand.ts"
import { leadingSeries } from "../occurrences/BeyondWindow.ts"
import type { StateIndex } from "../state/StateIndex.ts"

/** Whether occurrences may go by other dates than they are stored with: a quick look at what is nearly always so. */
export const mayBeDatedOtherwise = ({ events, series }: Pick<Slice, "events" | "series">): boolean =>
  ofSeveralZones(series).size > 0 || events.some(isDatedOtherwise)

/** By occurrence that is called otherwise than it is stored: its meeting. */
export const copyDates = (
  { events, series }: Pick<Slice, "events" | "series">,
  index: StateIndex
): ReadonlyMap<EventId, MeetingKey> => {
  const apart = ofSeveralZones(series)
  const meetings = new Map<EventId, MeetingKey>()
  for (const row of events) {
    const isAffected = row.seriesKey !== null && (apart.has(row.seriesKey) || isDatedOtherwise(row))
    if (row.seriesKey === null || row.isVirtual || !isAffected) continue
    const meeting = meetingOf(index, row, row.seriesKey)
    if (meeting !== row.meeting) meetings.set(row.id, meeting)
  }
  return meetings
}

const meetingOf = (index: StateIndex, row: CalendarEvent, key: SeriesKey): MeetingKey => {
  const { family, originalStart, seriesId } = row
  const leading = leadingSeries(index, key)
  // Nothing of the series goes on that is understood: what it was called stays.
  if (leading === null || leading.timing === null) return row.meeting
  if (leading.id === seriesId || originalStart === null || leading.timing.isAllDay === true) return family
  const [occurrence] = expand(leading.timing, originalStart, originalStart + 1, 1)
  return occurrence === undefined ? family : occurrenceMeetingKey(key, occurrence.date)
}

/** Series with copies whose days are laid in more than one zone, or by a rule that is not understood. */
const ofSeveralZones = (series: Slice["series"]): ReadonlySet<SeriesKey> => {
  const zones = new Map<SeriesKey, string>()
  const apart = new Set<SeriesKey>()
  for (const { key, timing } of series) {
    const zone = timing?.zone ?? ""
    if ((zones.get(key) ?? zone) !== zone) apart.add(key)
    zones.set(key, zone)
  }
  return apart
}

const isDatedOtherwise = ({ family, meeting, seriesKey }: CalendarEvent): boolean =>
  seriesKey !== null && meeting !== family
