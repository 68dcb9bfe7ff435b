/**
 * Events and series of the mirror as items.
 * Decides what each is found by. Never decides what counts as a change.
 */
import type { CalendarEvent, MeetingKey, Series, UserId } from "@punctual/core"
import { randomUUID } from "node:crypto"
import type { Item, Key } from "../../table/Item.ts"
import {
  apartKey,
  atTime,
  eventKey,
  ofCalendar,
  ofMaster,
  ofMeeting,
  ofSeries,
  ofSeriesEnding,
  seriesKeyOf
} from "./Keys.ts"

/** Events that last longer stand apart, so that a look at a span need not begin long before it. */
export const shortMillis = 24 * 60 * 60 * 1000

/** With a writer's name of its own, and the user's mirror number when it last changed (null: never, or it was not listed). */
export const eventItem = (userId: UserId, event: CalendarEvent, mirrorNumber: number | null): Item & Key => ({
  ...eventKey(userId, event.id),
  writer: randomUUID(),
  row: JSON.stringify(event),
  mirrorNumber: mirrorNumber ?? undefined,
  ofMeeting: ofMeeting(event.family),
  ofSeries: event.seriesKey === null ? undefined : ofSeriesEnding(event.seriesKey, event.end),
  ofMaster: event.seriesId === null || event.kind === "single" ? undefined : ofMaster(event.seriesId),
  ofCalendar: ofCalendar(event.calendarId, event.providerId),
  atTime: atTime(event.end - event.start > shortMillis ? "L#" : "E#", event.start, event.id)
})

export const mirrorNumberOf = (item: Item | null): number | null =>
  (item?.["mirrorNumber"] as number | undefined) ?? null

export const toEvent = (item: Item): CalendarEvent => JSON.parse(item["row"] as string) as CalendarEvent

/** With a writer's name of its own. */
export const seriesItem = (userId: UserId, series: Series): Item & Key => ({
  ...seriesKeyOf(userId, series.id),
  writer: randomUUID(),
  row: JSON.stringify(series),
  ofSeries: ofSeries(series.key),
  ofCalendar: ofCalendar(series.calendarId, series.providerId)
})

export const toSeries = (item: Item): Series => JSON.parse(item["row"] as string) as Series

/** Of what family there are events that were taken apart into a meeting. */
export interface Apart {
  readonly meeting: MeetingKey
  readonly family: MeetingKey
}

/**
 * What is to be found of an event that is another meeting than its family; null: nothing is, or it is there. What is there
 * stays: a pointer that leads to no event any more costs a look.
 */
export const apartOf = (known: Apart | null, { family, meeting }: Apart): Apart | null =>
  meeting === family || (known?.meeting === meeting && known.family === family) ? null : { family, meeting }

/** Each once: a transaction may write an item only once. */
export const apartItems = (userId: UserId, all: ReadonlyArray<Apart | null>): ReadonlyArray<Item & Key> => {
  const items = all.flatMap((apart) => (apart === null ? [] : [apartItem(userId, apart)]))
  return [...new Map(items.map((item) => [item.sk, item])).values()]
}

const apartItem = (userId: UserId, { family, meeting }: Apart): Item & Key => ({
  ...apartKey(userId, meeting, family),
  row: JSON.stringify({ family, meeting }),
  ofMeeting: ofMeeting(meeting)
})

export const toApart = (item: Item): Apart => JSON.parse(item["row"] as string) as Apart

export const isApartItem = (item: Item): boolean => String(item["sk"]).startsWith("APART#")
export const isEventItem = (item: Item): boolean => String(item["sk"]).startsWith("EVT#")
export const isSeriesItem = (item: Item): boolean => String(item["sk"]).startsWith("SRS#")

/** A meeting that lasts no time at all belongs to the span that its start lies in. */
export const overlaps = (
  event: Pick<CalendarEvent, "start" | "end">,
  span: { readonly from: number; readonly to: number }
): boolean => event.start < span.to && (event.end > span.from || event.start >= span.from)

/** By start, then id. */
export const compareEvents = (a: CalendarEvent, b: CalendarEvent): number =>
  a.start - b.start || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
