/**
 * What people do to their calendars at the in-memory provider.
 *
 * Decides what an edit changes, that it is logged, and who is told. Never fails softly: what a test names must be there.
 */
import type { CalendarListing } from "../../../src/domain/Calendar.ts"
import { type EventFacts, type ToldFacts, keptFacts } from "../../../src/domain/Facts.ts"
import type { ProviderCalendarId } from "../../../src/domain/Ids.ts"
import type { Instant, LocalDate } from "../../../src/domain/Time.ts"
import { plainListing } from "../../rows/Calendar.ts"
import { facts } from "../../rows/Facts.ts"
import { hour } from "../../rows/Present.ts"
import {
  type MailboxItem,
  type Meeting,
  type Otherwise,
  type Recurring,
  type SeriesItem,
  type Subject,
  type Times,
  type World,
  must,
  nameOf
} from "./Mailbox.ts"

export const addCalendar = (world: World, accountId: string, members: Partial<CalendarListing>): ProviderCalendarId => {
  const isFirst = ![...world.calendars.values()].some((calendar) => calendar.accountId === accountId)
  const id = members.providerId ?? (nameOf(world, "calendar-") as ProviderCalendarId)
  const summary = isFirst ? "Calendar" : `Calendar ${id}`
  const row = { ...plainListing, providerId: id, summary, isPrimary: isFirst, timeZone: "UTC", ...members }
  world.calendars.set(id, { accountId, listing: row, length: 0, epoch: 0, withoutMasters: false, refusal: null })
  return id
}

export const create = (
  world: World,
  calendarId: ProviderCalendarId,
  members: Partial<Meeting>,
  now: Instant
): string => {
  const providerId = nameOf(world, "event-")
  const start = members.start ?? now + hour
  const meeting: Meeting = {
    ...subjectOf(providerId),
    start,
    end: members.end ?? start + hour,
    zone: "UTC",
    isAllDay: false,
    ...members
  }
  write(world, { ...itemOf(providerId, calendarId, now), kind: "single", meeting }, now)
  return providerId
}

export const createSeries = (
  world: World,
  calendarId: ProviderCalendarId,
  members: Pick<Recurring, "timing"> & Partial<Recurring>,
  now: Instant
): string => {
  const providerId = nameOf(world, "series-")
  const recurring: Recurring = { ...subjectOf(providerId), ...members }
  const item: SeriesItem = {
    ...itemOf(providerId, calendarId, now),
    kind: "series",
    recurring,
    deleted: new Set(),
    exceptions: new Map()
  }
  write(world, item, now)
  return providerId
}

/** A single meeting turns into a series in place, under the same id. */
export const makeRecurring = (world: World, providerId: string, timing: Recurring["timing"], now: Instant): void => {
  const item = there(world, providerId)
  if (item.kind !== "single") throw new Error(`${providerId} is a series`)
  const { meeting, ...kept } = item
  const { end: _, isAllDay: __, start: ___, zone: ____, ...subject } = meeting
  write(
    world,
    { ...kept, kind: "series", recurring: { ...subject, timing }, deleted: new Set(), exceptions: new Map() },
    now
  )
}

/** A series turns into a single meeting in place, under the same id. */
export const makeSingle = (world: World, providerId: string, times: Times, now: Instant): void => {
  const { deleted: _, exceptions: __, recurring, ...kept } = seriesThere(world, providerId)
  const { isUnreadable: ___, timing, ...subject } = recurring
  const isAllDay = timing.isAllDay ?? false
  write(world, { ...kept, kind: "single", meeting: { ...subject, ...times, zone: timing.zone, isAllDay } }, now)
}

/** Moves it, cancels it, renames it: whatever the members say. */
export const change = (world: World, providerId: string, members: Partial<Meeting>, now: Instant): void => {
  const item = there(world, providerId)
  if (item.kind !== "single") throw new Error(`${providerId} is a series`)
  const { end, start } = item.meeting
  const moved = members.start === undefined ? {} : { end: members.start + (end - start) }
  write(world, { ...item, meeting: { ...item.meeting, ...moved, ...members } }, now)
}

/** A new pattern forgets what was changed or taken out under the old one. */
export const changeSeries = (world: World, providerId: string, members: Partial<Recurring>, now: Instant): void => {
  const item = seriesThere(world, providerId)
  const anew = members.timing === undefined ? {} : { deleted: new Set<LocalDate>(), exceptions: new Map() }
  write(world, { ...item, ...anew, recurring: { ...item.recurring, ...members } }, now)
}

/** Answers it, invites people, labels it: a single meeting or a whole series. What is not said stays. */
export const setFacts = (world: World, providerId: string, members: Partial<ToldFacts>, now: Instant): void => {
  const item = there(world, providerId)
  if (item.kind === "single") change(world, providerId, { facts: factsWith(item.meeting, members) }, now)
  else changeSeries(world, providerId, { facts: factsWith(item.recurring, members) }, now)
}

const factsWith = ({ facts: known, organizer }: Subject, members: Partial<ToldFacts>): EventFacts =>
  keptFacts({ organizer, ...(known ?? facts()), ...members })

export const changeOccurrence = (
  world: World,
  seriesId: string,
  date: LocalDate,
  members: Otherwise,
  now: Instant
): void => {
  const item = seriesThere(world, seriesId)
  const { end, start } = members
  const moved = start === undefined || end !== undefined ? {} : { end: start + item.recurring.timing.durationMillis }
  const exceptions = new Map(item.exceptions).set(date, { ...item.exceptions.get(date), ...moved, ...members })
  write(world, { ...item, exceptions }, now)
}

export const deleteOccurrence = (world: World, seriesId: string, date: LocalDate, now: Instant): void => {
  const item = seriesThere(world, seriesId)
  const exceptions = new Map(item.exceptions)
  exceptions.delete(date)
  write(world, { ...item, exceptions, deleted: new Set([...item.deleted, date]) }, now)
}

/** An event, or a series with all its occurrences. */
export const remove = (world: World, providerId: string, now: Instant): void =>
  write(world, { ...there(world, providerId), isGone: true }, now)

export const there = (world: World, providerId: string): MailboxItem => {
  const item = must(world.items.get(providerId), providerId)
  return must(item.isGone ? undefined : item, providerId)
}

const seriesThere = (world: World, providerId: string): SeriesItem => {
  const item = there(world, providerId)
  return must(item.kind === "series" ? item : undefined, `a series ${providerId}`)
}

const subjectOf = (providerId: string): Subject => ({
  iCalUid: `${providerId}@example.com`,
  subject: `Meeting ${providerId}`,
  joinUrl: `https://zoom.us/j/${providerId.replaceAll(/\D/g, "").padStart(10, "9")}`,
  isCancelled: false,
  organizer: null,
  facts: facts()
})

const itemOf = (providerId: string, calendarId: ProviderCalendarId, now: Instant) => ({
  providerId,
  calendarId,
  createdAt: now,
  updatedAt: now,
  changedAt: 0,
  isGone: false
})

/** Logs the change and tells everybody who listens. */
const write = (world: World, item: MailboxItem, now: Instant): void => {
  const calendar = must(world.calendars.get(item.calendarId), item.calendarId)
  const length = calendar.length + 1
  world.calendars.set(item.calendarId, { ...calendar, length })
  world.items.set(item.providerId, { ...item, updatedAt: now, changedAt: length })
  for (const { calendarId, clientState, expiresAt, id } of world.subscriptions.values()) {
    if (calendarId !== item.calendarId || expiresAt <= now) continue
    world.notifications.push({ subscriptionId: id, clientState, calendarId })
  }
}
