/**
 * Events with one iCalendar UID: copies of one meeting on different calendars, or several meetings of one calendar.
 * Decides which rows are which meeting. UIDs join copies on different calendars, never two events of one calendar that
 * start at different times: of those the one with the least provider id keeps the UID's key, the others are meetings of
 * their own, and stay so while they live. A copy on another calendar joins the one with its provider id, which is the same
 * event of a mailbox that was connected twice, else the one with its start, else the one that it was a copy of, else the
 * first. Where another calendar has a series of the UID, a single event is its occurrence of that time:
 * it was made into the series, or out of it, and one of the two calendars has yet to tell.
 */
import type { Bot } from "../../domain/Bot.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { EventId, MeetingKey, SeriesKey } from "../../domain/Ids.ts"
import { dateOfMeeting, seriesOfMeeting, singleMeetingKey } from "../../domain/MeetingKey.ts"
import type { Slice } from "../../domain/Slice.ts"
import { type StateIndex, byRank, indexState } from "../state/StateIndex.ts"
import { goesOn } from "../occurrences/BeyondWindow.ts"
import { occurrenceFor } from "./Conversions.ts"
import { copyDates, mayBeDatedOtherwise } from "./CopyDates.ts"
import { type Heir, heirAt } from "./Heirs.ts"

/** Whether rows may be other meetings than they are stored as: a quick look at what is nearly always so. */
export const mayDiffer = ({ events, series }: Pick<Slice, "events" | "series">): boolean => {
  if (mayBeDatedOtherwise({ events, series })) return true
  const starts = new Map<MeetingKey, number>()
  const recurring = new Set<string>(series.map(({ key }) => key))
  for (const { family, iCalUid, isDeleted, meeting, seriesKey, start } of events) {
    if (meeting !== family) return true
    if (iCalUid === null || seriesKey !== null || isDeleted) continue
    if (recurring.has(family)) return true
    const other = starts.get(family)
    if (other === undefined) starts.set(family, start)
    else if (other !== start) return true
  }
  return false
}

/**
 * Names that rows of the slice are about to get, of which it holds nothing: a bot may stand under one since the row was last
 * called so.
 */
export const namesUnread = (slice: Slice): ReadonlyArray<MeetingKey> => {
  if (!mayDiffer(slice)) return []
  const known = new Set(slice.events.map(({ meeting }) => meeting))
  const given = families(slice, indexState(slice)).meetings.values()
  return [...new Set(given)].filter((meeting) => !known.has(meeting))
}

/** Events under the meetings that they are now. */
export const underNames = (
  { events }: Pick<Slice, "events">,
  meetings: ReadonlyMap<EventId, MeetingKey>
): ReadonlyArray<CalendarEvent> =>
  meetings.size === 0
    ? events
    : events.map((row) => {
        const meeting = meetings.get(row.id)
        if (meeting === undefined) return row
        return { ...row, meeting, originalDate: row.seriesKey === null ? row.originalDate : dateOfMeeting(meeting) }
      })

/** Rows under the meetings that they are now. */
export interface Families {
  readonly meetings: ReadonlyMap<EventId, MeetingKey>
  readonly heirs: ReadonlyMap<MeetingKey, Heir>
  readonly heirOfBot: (bot: Bot) => Heir | null
}

export const families = (stored: Slice, index: StateIndex): Families => {
  const meetings = new Map(copyDates(stored, index))
  const slice = { ...stored, events: underNames(stored, meetings) }
  const live = new Map<EventId, CalendarEvent>()
  const held = new Map<MeetingKey, Array<CalendarEvent>>()
  const occurrences = new Map<EventId, Heir>()
  for (const rows of familiesOf(slice, index)) {
    for (const [row, single] of told(rows)) {
      const occurrence = single === row.family ? occurrenceElsewhere(slice, index, row) : null
      const meeting = occurrence?.meeting ?? single
      live.set(row.id, row)
      held.set(row.meeting, [...(held.get(row.meeting) ?? []), row])
      if (occurrence !== null) occurrences.set(row.id, occurrence)
      if (meeting !== row.meeting) meetings.set(row.id, meeting)
    }
  }
  // Called by the occurrence that it was elsewhere, and gone: should it come back, it need not be that one.
  for (const { family, id, isDeleted, meeting, seriesKey } of slice.events) {
    if (isDeleted && seriesKey === null && seriesOfMeeting(meeting) !== null) meetings.set(id, family)
  }
  const copyAs = (row: CalendarEvent | undefined): Heir | null => {
    const meeting = row === undefined ? undefined : meetings.get(row.id)
    return row === undefined || meeting === undefined ? null : { ...heirAt(row), meeting }
  }
  const heirAs = (row: CalendarEvent | undefined): Heir | null => {
    const copy = copyAs(row)
    return copy === null ? null : (occurrences.get(copy.eventId) ?? copy)
  }
  const heirs = new Map<MeetingKey, Heir>()
  const copies = new Map<MeetingKey, Heir | null>()
  for (const [meeting, rows] of held) {
    const anchor = anchorOf(index.bots.get(meeting) ?? [], rows)
    const heir = heirAs(anchor)
    if (heir !== null) heirs.set(meeting, heir)
    copies.set(meeting, copyAs(anchor))
  }
  return {
    meetings,
    heirs,
    heirOfBot: (bot) => {
      const row = live.get(bot.eventId)
      const isOwn = row?.meeting === bot.meeting
      if (bot.status === "Scheduled") return isOwn ? heirAs(row) : (heirs.get(bot.meeting) ?? null)
      // One that was handed over is in the meeting as the copies have it that still stand, whatever that is called.
      return isOwn ? copyAs(row) : (copies.get(bot.meeting) ?? null)
    }
  }
}

/**
 * The copy that what is about a meeting was meant for: its last bot's, else in the first calendar by rank the one that was
 * made first, since whatever was said before the others came can only be about that one.
 */
const anchorOf = (bots: ReadonlyArray<Bot>, rows: ReadonlyArray<CalendarEvent>): CalendarEvent | undefined => {
  const newest = bots.toSorted((a, b) => (a.id < b.id ? 1 : -1))
  for (const { eventId } of newest) {
    const row = rows.find(({ id }) => id === eventId)
    if (row !== undefined) return row
  }
  const [first] = rows
  const beside = rows.filter(({ calendarId }) => calendarId === first?.calendarId)
  return beside.toSorted((a, b) => a.createdAt - b.createdAt)[0]
}

/** Meetings of their own that take place in calendars that count, by their UIDs, each family by rank. */
const familiesOf = (slice: Slice, index: StateIndex): ReadonlyArray<ReadonlyArray<CalendarEvent>> => {
  const order = byRank(index.ranks)
  const once = new Map(slice.events.map((row) => [row.id, row])).values()
  const rows = [...once].filter(
    ({ calendarId, isDeleted, isVirtual, seriesKey }) =>
      seriesKey === null && !isDeleted && !isVirtual && index.standing.has(calendarId)
  )
  const recurring = new Set<string>(index.seriesByKey.keys())
  return [...Map.groupBy(rows, ({ family }) => family).entries()]
    .filter(([uid, family]) => family.length > 1 || recurring.has(uid) || family.some(({ meeting }) => meeting !== uid))
    .map(([, family]) => family)
    .map((family) => family.toSorted((a, b) => order({ ...a, id: a.providerId }, { ...b, id: b.providerId })))
}

const told = (rows: ReadonlyArray<CalendarEvent>): ReadonlyArray<readonly [CalendarEvent, MeetingKey]> => {
  const known: Array<{ readonly row: CalendarEvent; readonly meeting: MeetingKey }> = []
  const isTaken = ({ calendarId, start }: CalendarEvent, meeting: MeetingKey): boolean =>
    known.some((each) => each.meeting === meeting && each.row.calendarId === calendarId && each.row.start !== start)
  const beside = ({ calendarId, start }: CalendarEvent): MeetingKey | undefined =>
    known.find(({ row }) => row.calendarId === calendarId && row.start === start)?.meeting
  // Whatever each calendar has yet to tell of it.
  const asEvent = (row: CalendarEvent): MeetingKey | undefined =>
    known.find((each) => each.row.providerId === row.providerId && !isTaken(row, each.meeting))?.meeting
  const withStart = (row: CalendarEvent): MeetingKey | undefined => {
    const same = known.filter((each) => each.row.start === row.start && !isTaken(row, each.meeting))
    return (same.find(({ meeting }) => meeting === row.meeting) ?? same[0])?.meeting
  }
  // Of two copies one moves first.
  const asBefore = (row: CalendarEvent): MeetingKey | undefined =>
    known.some((each) => each.meeting === row.meeting) && !isTaken(row, row.meeting) ? row.meeting : undefined
  for (const copies of Map.groupBy(rows, ({ calendarId }) => calendarId).values()) {
    // What another calendar has too goes first, then copies of what one has at that time, then who is stored as the UID's,
    // then who has a key of its own, each by provider id.
    const place = (row: CalendarEvent): number => {
      if (asEvent(row) !== undefined) return -1
      return withStart(row) === undefined ? placeOf(row) : 0
    }
    const ordered = copies.map((row) => ({ row, at: place(row) })).toSorted((a, b) => a.at - b.at)
    for (const { row } of ordered) {
      const own = singleMeetingKey(row.id, null)
      const meeting =
        beside(row) ??
        asEvent(row) ??
        withStart(row) ??
        asBefore(row) ??
        (isTaken(row, row.family) || row.meeting === own ? own : row.family)
      known.push({ row, meeting })
    }
  }
  return known.map(({ meeting, row }) => [row, meeting])
}

/** The occurrence that a single event is, of a series that has its UID on another calendar; null: there is none. */
const occurrenceElsewhere = (slice: Slice, index: StateIndex, row: CalendarEvent): Heir | null => {
  // The cast: a series and a single event with one UID have one key.
  const rows = index.seriesByKey.get(row.family as string as SeriesKey) ?? []
  const series = rows.find((each) => each.calendarId !== row.calendarId && goesOn(index, each))
  return series === undefined ? null : occurrenceFor(slice, series, row)
}

const placeOf = ({ family, id, meeting }: CalendarEvent): number =>
  meeting === family ? 1 : meeting === singleMeetingKey(id, null) ? 2 : 3
