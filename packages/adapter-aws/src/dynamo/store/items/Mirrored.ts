/**
 * Events and series of the mirror as items.
 * Decides what each is found by. Never decides what counts as a change.
 */
import type { CalendarEvent, Series, UserId } from "@punctual/core"
import { randomUUID } from "node:crypto"
import type { Item, Key } from "../../table/Item.ts"
import { atTime, eventKey, ofCalendar, ofMaster, ofMeeting, ofSeries, ofSeriesEnding, seriesKeyOf } from "./Keys.ts"

/** Events that last longer stand apart, so that a look at a span need not begin long before it. */
export const shortMillis = 24 * 60 * 60 * 1000

/** With a writer's name of its own. */
export const eventItem = (userId: UserId, event: CalendarEvent): Item & Key => ({
  ...eventKey(userId, event.id),
  writer: randomUUID(),
  row: JSON.stringify(event),
  ofMeeting: ofMeeting(event.meeting),
  ofSeries: event.seriesKey === null ? undefined : ofSeriesEnding(event.seriesKey, event.end),
  ofMaster: event.seriesId === null || event.kind === "single" ? undefined : ofMaster(event.seriesId),
  ofCalendar: ofCalendar(event.calendarId, event.providerId),
  atTime: atTime(event.end - event.start > shortMillis ? "L#" : "E#", event.start, event.id)
})

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
