/**
 * The lists of a calendar's events that are asked for, and what a refusal of one means.
 *
 * Decides their queries: the same words for a list and for what changed since, none of those that cost the sync token or
 * are forbidden beside one. Takes one "not found" for a question: a calendar is gone when it is not found by its id either.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events/list, …/events/instances
 */
import { Effect, Stream } from "effect"
import { CalendarGone, CursorExpired, type ProviderCalendarId, type Span, Unavailable } from "@punctual/core"
import type { Reason } from "../client/GoogleClient.ts"
import type { GoogleContext, Query } from "../client/GoogleContext.ts"
import { type GoogleReply, isAbsent, isCursorExpired, refusalOf } from "../client/GoogleReply.ts"
import { type Page, pages } from "../client/Pages.ts"
import { checkCalendar } from "../calendars/Directory.ts"
import { eventTypes } from "../mapping/GoogleItem.ts"
import { writeInstant } from "../mapping/EventTime.ts"

type Pages = Stream.Stream<Page, Reason>

/** What a sync token is asked for with: masters, exceptions and single events, each change of a series once. */
const mastersQuery: Query = [
  ["singleEvents", "false"],
  ...eventTypes.map((type): readonly [string, string] => ["eventTypes", type])
]

/** As text, to know a cursor of another one by. */
export const mastersQueryText = new URLSearchParams(
  mastersQuery.map(([name, value]): [string, string] => [name, value])
).toString()

/** Masters, exceptions and single events that are not over by `from`. */
export const mastersFrom = (context: GoogleContext, calendarId: ProviderCalendarId, from: number): Pages =>
  confirmed(
    context,
    calendarId,
    pages(context, eventsOf(calendarId), [...mastersQuery, ["timeMin", writeInstant(from)]], refused)
  )

/** The same pages without what is in them: for the token at their end, and when anything last changed. */
export const tokenOnly = (context: GoogleContext, calendarId: ProviderCalendarId): Pages => {
  const large = { ...context, limits: { ...context.limits, pageSize: pageSizeMax } }
  const query: Query = [...mastersQuery, ["fields", "nextPageToken,nextSyncToken,updated"]]
  return confirmed(context, calendarId, pages(large, eventsOf(calendarId), query, refused))
}

/** What changed since a token was given, deletions among it. */
export const changedSince = (context: GoogleContext, calendarId: ProviderCalendarId, token: string): Pages =>
  confirmed(
    context,
    calendarId,
    pages(context, eventsOf(calendarId), [...mastersQuery, ["syncToken", token]], refusedCursor)
  )

/** Everything that overlaps a span, as it takes place. */
export const expandedIn = (context: GoogleContext, calendarId: ProviderCalendarId, span: Span): Pages =>
  confirmed(
    context,
    calendarId,
    pages(
      context,
      eventsOf(calendarId),
      [["singleEvents", "true"], ...mastersQuery.slice(1), ...boundsOf(span)],
      refused
    )
  )

/** The instances of one series in a span, as they take place. Of a series that is not found it fails with `CalendarGone`. */
export const instancesIn = (
  context: GoogleContext,
  calendarId: ProviderCalendarId,
  seriesId: string,
  span: Span
): Pages => pages(context, [...eventsOf(calendarId), seriesId, "instances"], boundsOf(span), refused)

/** All of them from an instant on, cancelled ones in their place; it fails likewise. */
export const instancesFrom = (
  context: GoogleContext,
  calendarId: ProviderCalendarId,
  seriesId: string,
  from: number
): Pages => {
  const query: Query = [
    ["showDeleted", "true"],
    ["timeMin", writeInstant(from)]
  ]
  return pages(context, [...eventsOf(calendarId), seriesId, "instances"], query, refused)
}

/** Google's greatest. */
const pageSizeMax = 2_500

const eventsOf = (calendarId: ProviderCalendarId): ReadonlyArray<string> => ["calendars", calendarId, "events"]

const boundsOf = ({ from, to }: Span): Query => [
  ["timeMin", writeInstant(from)],
  ["timeMax", writeInstant(to)]
]

const refused = (reply: GoogleReply): Reason => (isAbsent(reply) ? new CalendarGone() : refusalOf(reply))

const refusedCursor = (reply: GoogleReply): Reason => (isCursorExpired(reply) ? new CursorExpired() : refused(reply))

const confirmed = (context: GoogleContext, calendarId: ProviderCalendarId, found: Pages): Pages =>
  Stream.catchTag(found, "CalendarGone", () =>
    Stream.fromEffect(
      Effect.andThen(
        checkCalendar(context, calendarId),
        new Unavailable({ message: "Google Calendar did not find the events of a calendar that is there." })
      )
    )
  )
