/**
 * Events as Graph writes them.
 *
 * Decides every member of an event's JSON: full ones for single events, masters and exceptions, and the seven members
 * that the delta function gives an occurrence. It reads the world's items and changes nothing.
 */
import { bodyHtml, bodyPreview, bodyText, conferenceId, isTeamsLink, tollNumber } from "./Body.ts"
import { changeKeyOf, eventId } from "../world/ItemId.ts"
import { dateOfDay, dayMillis, dayOfDate, graphInstant, graphLocal, secondsInstant } from "../world/Dates.ts"
import type { Prefer } from "./Exchange.ts"
import type { Occurrence } from "../world/Occurrences.ts"
import type { Options } from "../world/Options.ts"
import { firstSlot, slotOfDate } from "../world/Recurrence.ts"
import type { Details, Item, Person, Series, Single } from "../world/World.ts"
import { zoneOrUtc } from "../world/Zones.ts"

/** For whom an event is written, and how they like it. */
export interface View {
  /** The mailbox whose ids are used: for a shared calendar the sharee's. */
  readonly mailbox: string
  readonly prefer: Prefer
  readonly options: Options
}

export type Wire = Readonly<Record<string, unknown>>

const itemIdOf = (view: View, item: Item): string =>
  eventId({ mailbox: view.mailbox, serial: item.serial, moves: item.moves, occurrence: null }, view.prefer.immutableIds)

export const occurrenceIdOf = (view: View, series: Series, date: string): string =>
  eventId(
    {
      mailbox: view.mailbox,
      serial: series.serial,
      moves: series.moves,
      occurrence: occurrenceMillis(view, series, date)
    },
    view.prefer.immutableIds
  )

/** `OID.{master}.{date}`: the spelling of cancelledOccurrences and occurrenceId. */
export const occurrenceName = (view: View, series: Series, date: string): string =>
  `OID.${itemIdOf(view, series)}.${date}`

export const singleWire = (view: View, single: Single): Wire => ({
  ...full(view, single, single.details, {
    type: "singleInstance",
    id: itemIdOf(view, single),
    start: single.start,
    end: single.end
  }),
  ...single.details.wire
})

/** A master starts and ends with its first occurrence. */
export const masterWire = (view: View, series: Series): Wire => {
  const first = firstSlot(series)
  const start = first?.start ?? dayOfDate(series.range.startDate) * dayMillis + series.startOfDayMillis
  return {
    ...full(view, series, series.details, {
      type: "seriesMaster",
      id: itemIdOf(view, series),
      start,
      end: start + series.durationMillis
    }),
    recurrence: recurrenceWire(series),
    ...series.details.wire
  }
}

/** An occurrence or exception with everything, as GET of one, calendarView and instances give it. */
export const occurrenceWire = (view: View, series: Series, occurrence: Occurrence): Wire => {
  const { exception } = occurrence
  const details = exception === null ? series.details : { ...series.details, ...exception.changed }
  const version = exception === null ? series.version : exception.version
  return {
    ...full(view, { ...series, version, modified: exception?.modified ?? series.modified }, details, {
      type: exception === null ? "occurrence" : "exception",
      id: occurrenceIdOf(view, series, occurrence.date),
      start: occurrence.start,
      end: occurrence.end
    }),
    iCalUId: occurrenceUid(series.iCalUId, occurrence.date),
    seriesMasterId: itemIdOf(view, series),
    occurrenceId: occurrenceName(view, series, occurrence.date),
    originalStart: secondsInstant(originalStartOf(series, occurrence)),
    ...details.wire
  }
}

// All-day meetings float, and this member alone does not: it is the midnight of the series' zone, in UTC.
const originalStartOf = (series: Series, occurrence: Occurrence): number => {
  const start = slotOfDate(series, occurrence.date)?.start ?? occurrence.start
  return series.details.isAllDay ? zoneOrUtc(series.zone).toInstant(start) : start
}

/** All that the delta function says of an ordinary occurrence. */
export const thinOccurrenceWire = (view: View, series: Series, occurrence: Occurrence): Wire => ({
  "@odata.type": "#microsoft.graph.event",
  "@odata.etag": etagOf(changeKeyOf(view.mailbox, series.version)),
  id: occurrenceIdOf(view, series, occurrence.date),
  seriesMasterId: itemIdOf(view, series),
  type: "occurrence",
  start: dateTime(view, occurrence.start, series.details.isAllDay),
  end: dateTime(view, occurrence.end, series.details.isAllDay)
})

/** All that is said of something that went away, or lies outside the window. */
export const removedWire = (id: string): Wire => ({
  "@odata.type": "#microsoft.graph.event",
  id: id,
  "@removed": { reason: "deleted" }
})

export const etagOf = (changeKey: string): string => `W/"${changeKey}"`

/** A series' iCalUId with the date of one occurrence in the place Outlook keeps for it. */
const occurrenceUid = (uid: string, date: string): string => {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number)
  const hex = (value: number, width: number): string => value.toString(16).toUpperCase().padStart(width, "0")
  return uid.length < 40
    ? `${uid}${date}`
    : `${uid.slice(0, 32)}${hex(year, 4)}${hex(month, 2)}${hex(day, 2)}${uid.slice(40)}`
}

const occurrenceMillis = (view: View, series: Series, date: string): number =>
  view.options.delta.occurrenceIdsFollowTime
    ? dayOfDate(date) * dayMillis + series.startOfDayMillis
    : dayOfDate(date) * dayMillis

/** The original date an occurrence id names. */
export const dateOfOccurrence = (millis: number): string => dateOfDay(Math.floor(millis / dayMillis))

interface Shape {
  readonly type: string
  readonly id: string
  readonly start: number
  readonly end: number
}

const unset = "0001-01-01T00:00:00Z"

const full = (view: View, item: Item, details: Details, shape: Shape): Wire => {
  const changeKey = changeKeyOf(view.mailbox, item.version)
  const html = bodyHtml(details)
  return {
    "@odata.etag": etagOf(changeKey),
    id: shape.id,
    createdDateTime: graphInstant(item.created),
    lastModifiedDateTime: graphInstant(item.modified),
    changeKey,
    categories: details.categories,
    transactionId: null,
    originalStartTimeZone: item.zone,
    originalEndTimeZone: item.zone,
    iCalUId: item.iCalUId,
    reminderMinutesBeforeStart: 15,
    isReminderOn: true,
    hasAttachments: false,
    subject: details.subject,
    bodyPreview: bodyPreview(html),
    importance: "normal",
    sensitivity: details.sensitivity,
    isAllDay: details.isAllDay,
    isCancelled: details.isCancelled,
    isOrganizer: details.isOrganizer,
    responseRequested: true,
    seriesMasterId: null,
    showAs: details.showAs,
    type: shape.type,
    webLink: `https://outlook.office365.com/owa/?itemid=${encodeURIComponent(shape.id)}&exvsurl=1&path=/calendar/item`,
    ...meeting(details),
    allowNewTimeProposals: true,
    isDraft: details.isDraft,
    hideAttendees: false,
    recurrence: null,
    responseStatus: { response: details.response, time: responded(details) ? graphInstant(item.modified) : unset },
    body: view.prefer.textBody
      ? { contentType: "text", content: bodyText(html) }
      : { contentType: "html", content: html },
    start: dateTime(view, shape.start, details.isAllDay),
    end: dateTime(view, shape.end, details.isAllDay),
    ...place(details),
    attendees: details.attendees.map(attendee),
    organizer: { emailAddress: details.organizer }
  }
}

const responded = (details: Details): boolean => !["none", "organizer", "notResponded"].includes(details.response)

const meeting = (details: Details): Wire => {
  if (details.link === null || !isTeamsLink(details.link)) {
    return { onlineMeetingUrl: null, isOnlineMeeting: false, onlineMeetingProvider: "unknown", onlineMeeting: null }
  }
  return {
    onlineMeetingUrl: null,
    isOnlineMeeting: true,
    onlineMeetingProvider: "teamsForBusiness",
    onlineMeeting: { joinUrl: details.link, conferenceId: conferenceId(details.link), tollNumber }
  }
}

const place = (details: Details): Wire => {
  const foreign = details.link !== null && !isTeamsLink(details.link) ? details.link : ""
  const name = details.location === "" ? foreign : details.location
  if (name === "")
    return {
      location: { displayName: "", locationType: "default", uniqueIdType: "unknown", address: {}, coordinates: {} },
      locations: []
    }
  const location = { displayName: name, locationType: "default", uniqueId: name, uniqueIdType: "private" }
  return { location, locations: [location] }
}

const attendee = ({ address, name, type = "required" }: Person): Wire => ({
  type,
  status: { response: "none", time: unset },
  emailAddress: { name, address }
})

// An all-day event floats: it is midnight to midnight in whatever zone is asked for.
const dateTime = (view: View, instant: number, isAllDay: boolean): Wire => {
  const zone = view.prefer.timeZone
  return { dateTime: graphLocal(isAllDay ? instant : zoneOrUtc(zone).toWall(instant)), timeZone: zone }
}

const recurrenceWire = (series: Series): Wire => ({
  pattern: {
    type: series.pattern.type,
    interval: series.pattern.interval,
    month: series.pattern.month,
    dayOfMonth: series.pattern.dayOfMonth,
    ...(series.pattern.daysOfWeek === undefined ? {} : { daysOfWeek: series.pattern.daysOfWeek }),
    firstDayOfWeek: series.pattern.firstDayOfWeek,
    index: series.pattern.index
  },
  range: { ...series.range, recurrenceTimeZone: series.zoneOnWire ?? series.zone }
})
