/**
 * Which calendar a request means, and whose events it holds.
 *
 * Decides between the caller's own calendars, shared ones (whose events live in the owner's mailbox but carry ids of
 * the sharee) and refusals. Reads only.
 */
import { type Call, type Reply, notFound, refusal } from "../wire/Exchange.ts"
import { type View, dateOfOccurrence, occurrenceIdOf } from "../wire/EventWire.ts"
import { parseCalendarId, parseEventId } from "../world/ItemId.ts"
import { type Occurrence, occurrenceOn } from "../world/Occurrences.ts"
import type { Calendar, Item, Mailbox, Series } from "../world/World.ts"

export interface Target {
  /** The calendar as the caller sees it. */
  readonly calendar: Calendar
  /** Where its events are. */
  readonly source: Mailbox
  readonly sourceCalendar: number
}

export const viewOf = (call: Call): View => ({
  mailbox: call.mailbox.id,
  prefer: call.prefer,
  options: call.world.options
})

/** The calendar of an id; null means the default one. */
export const targetOf = (call: Call, id: string | null): Target | Reply => {
  const calendar = id === null ? defaultCalendar(call.mailbox) : calendarOf(call, id)
  if (calendar === null) return notFound(call)
  if (calendar === "malformed") return malformed(call)
  const { sharedFrom } = calendar
  if (sharedFrom === null) return { calendar, source: call.mailbox, sourceCalendar: calendar.serial }
  const source = call.world.mailboxes[sharedFrom.mailbox]
  if (source === undefined || source.calendars[sharedFrom.calendar] === undefined) return notFound(call)
  return { calendar, source, sourceCalendar: sharedFrom.calendar }
}

export interface Found {
  readonly item: Item
  readonly source: Mailbox
  /** Set when the id names one occurrence of a series. */
  readonly occurrence: Occurrence | null
}

/** The event of an id, in any calendar the caller can see, or in the one given. */
export const eventOf = (call: Call, id: string, within: Target | null): Found | Reply => {
  const key = parseEventId(id)
  if (key === null) return malformed(call)
  const found = key.mailbox === call.mailbox.id ? visibleItem(call, key.serial, within) : null
  if (found === null || (!key.immutable && key.moves !== found.item.moves)) return notFound(call)
  if (key.occurrence === null) return { ...found, occurrence: null }
  if (found.item.kind !== "series") return notFound(call)
  const occurrence = occurrenceOfId(call, found.item, id, key.occurrence)
  return occurrence === null ? notFound(call) : { ...found, occurrence }
}

export const isReply = (value: object): value is Reply => "status" in value

export const defaultCalendar = (mailbox: Mailbox): Calendar | null =>
  Object.values(mailbox.calendars).find((calendar) => calendar.isDefault) ?? null

const malformed = (call: Call): Reply => refusal(call, 400, "ErrorInvalidIdMalformed", "Id is malformed.")

const calendarOf = (call: Call, id: string): Calendar | "malformed" | null => {
  const key = parseCalendarId(id)
  if (key === null) return "malformed"
  return key.mailbox === call.mailbox.id ? (call.mailbox.calendars[key.serial] ?? null) : null
}

const visibleItem = (call: Call, serial: number, within: Target | null): Omit<Found, "occurrence"> | null => {
  const targets =
    within === null ? Object.values(call.mailbox.calendars).map((calendar) => sourceOf(call, calendar)) : [within]
  for (const target of targets) {
    const item = target?.source.items[serial]
    if (target !== null && item !== undefined && item.calendar === target.sourceCalendar)
      return { item, source: target.source }
  }
  return null
}

const sourceOf = (call: Call, calendar: Calendar): Target | null => {
  if (calendar.sharedFrom === null) return { calendar, source: call.mailbox, sourceCalendar: calendar.serial }
  const source = call.world.mailboxes[calendar.sharedFrom.mailbox]
  return source === undefined ? null : { calendar, source, sourceCalendar: calendar.sharedFrom.calendar }
}

// An id made before the series changed its time names nothing any more when ids follow the time.
const occurrenceOfId = (call: Call, series: Series, id: string, millis: number): Occurrence | null => {
  const date = dateOfOccurrence(millis)
  const view = { ...viewOf(call), prefer: { ...call.prefer, immutableIds: parseEventId(id)?.immutable ?? false } }
  return occurrenceIdOf(view, series, date) === id ? occurrenceOn(series, date) : null
}
