/**
 * An hour-long meeting of its own, with a link, told a day before; and the occurrence of a series.
 * Decides default members only. An event's label names it: in its id, the provider's id, its UID and its subject. What
 * follows from a member that is given (the end from the start, the meeting from id and UID) follows here as well.
 */
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type { EventId, MeetingKey } from "../../src/domain/Ids.ts"
import { occurrenceMeetingKey, singleMeetingKey } from "../../src/domain/MeetingKey.ts"
import type { Series } from "../../src/domain/Series.ts"
import type { MeetingLink } from "../../src/links/Link.ts"
import type { Occurrence } from "../../src/recurrence/Rule.ts"
import { facts } from "./Facts.ts"
import { calendarId, day, hour, now } from "./Present.ts"

export const link: MeetingLink = { platform: "teams", url: "https://teams.microsoft.com/meet/744337110262323?p=a" }

export const event = (label: string, members: Partial<CalendarEvent> = {}): CalendarEvent => {
  const id = members.id ?? (`evt_${label}` as EventId)
  const iCalUid = members.iCalUid === undefined ? label : members.iCalUid
  const start = members.start ?? now
  return {
    id,
    calendarId,
    providerId: `provider ${label}`,
    kind: "single",
    seriesId: null,
    seriesKey: null,
    originalDate: null,
    originalStart: null,
    ...keyed(members.meeting ?? singleMeetingKey(id, iCalUid)),
    iCalUid,
    start,
    end: start + hour,
    isAllDay: false,
    zone: "Europe/Berlin",
    subject: label,
    organizer: null,
    link,
    isCancelled: false,
    facts: facts(),
    isDeleted: false,
    isVirtual: false,
    createdAt: start - day,
    updatedAt: start - day,
    raw: {},
    rawTruncated: false,
    ...members
  }
}

const keyed = (meeting: MeetingKey) => ({ meeting, family: meeting })

/** As the provider lists it: where and when its series has it. */
export const occurrence = (
  label: string,
  of: Pick<Series, "id" | "key" | "calendarId">,
  { date, end, start }: Occurrence,
  members: Partial<CalendarEvent> = {}
): CalendarEvent =>
  event(label, {
    calendarId: of.calendarId,
    kind: "occurrence",
    seriesId: of.id,
    seriesKey: of.key,
    originalDate: date,
    originalStart: start,
    ...keyed(members.meeting ?? occurrenceMeetingKey(of.key, date)),
    start,
    end,
    ...members
  })
