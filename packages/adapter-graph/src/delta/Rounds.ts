/**
 * Rounds of changes, and plain views of a span.
 *
 * Decides what a cursor is (Graph's delta link, verbatim), when a round is complete (only a last page with a cursor ends
 * one) and what is read where Graph can't make one in time. Never keeps a next link for later, never trusts a cursor that leads elsewhere,
 * and never takes one "not found" for the end of a calendar.
 *
 * https://learn.microsoft.com/graph/delta-query-events, …/graph/api/calendar-list-calendarview
 */
import { Effect, Metric, Stream } from "effect"
import {
  CalendarGone,
  type ProviderCalendarId,
  type ChangePage,
  CursorExpired,
  type Span,
  Unavailable
} from "@punctual/core"
import { type GraphReply, isAbsent, isCursorExpired, refusalOf } from "../client/GraphReply.ts"
import type { GatewayTimeouts, Reason } from "../client/GraphClient.ts"
import { followable, graphUrl } from "../client/GraphUrl.ts"
import { type Page, pagesInTime } from "../client/Pages.ts"
import { type GraphContext, get, timedOut } from "../client/GraphContext.ts"
import { toChanges } from "../mapping/Change.ts"
import { writeInstant } from "../mapping/DateTimeTimeZone.ts"
import type { Rejection } from "../mapping/Rejection.ts"

/** Everything in a window, or what changed since a cursor. The last page carries the next cursor. */
export const changes = (
  context: GraphContext,
  calendarId: ProviderCalendarId,
  from: { readonly window: Span } | { readonly cursor: string }
): Stream.Stream<ChangePage, Reason> => {
  const first =
    "cursor" in from
      ? followable(context.service, from.cursor)
      : graphUrl(context.service, [...viewOf(calendarId), "delta"], spanQuery(from.window))
  // A cursor of another service (the configuration changed, or the row was tampered with): begin anew.
  if (first === null) return Stream.fail(new CursorExpired())
  return pagesInTime(context, first, "cursor" in from ? refusedCursor : refused, gatewayTimeoutsMax).pipe(
    confirmGone(context, calendarId),
    Stream.mapEffect((page) =>
      page.isLast && page.deltaLink === null
        ? new Unavailable({ message: "Microsoft Graph ended a round of changes without saying where the next begins." })
        : toPage(page, page.deltaLink)
    ),
    // Of what a cursor frozen to a window cannot tell in time, a round from the window may still tell.
    Stream.catchTag("GatewayTimeouts", () =>
      "cursor" in from ? Stream.fail(new CursorExpired()) : viewedRound(context, calendarId, from.window)
    )
  )
}

/** Delta queries over a large calendar run into Graph's gateway; three in a row, and a plain view is the way. */
const gatewayTimeoutsMax = 3

/** A round read from a plain view: everything in the window, and a cursor from which the next round begins anew. */
const viewedRound = (
  context: GraphContext,
  calendarId: ProviderCalendarId,
  window: Span
): Stream.Stream<ChangePage, Reason> =>
  Stream.concat(
    view(context, calendarId, window),
    Stream.succeed<ChangePage>({ items: [], rejected: 0, cursor: cursorOfView })
  )

/** No address: whoever comes with it is told that it has expired. */
const cursorOfView = "calendarView"

/** Everything in a span: single events, occurrences and exceptions, whole; no masters and no cursor. */
export const view = (
  context: GraphContext,
  calendarId: ProviderCalendarId,
  span: Span
): Stream.Stream<ChangePage, Reason> =>
  pagesInTime(context, graphUrl(context.service, viewOf(calendarId), spanQuery(span)), refused).pipe(
    confirmGone(context, calendarId),
    Stream.catchTag("GatewayTimeouts", () => Stream.fail(timedOut)),
    Stream.mapEffect((page) => toPage(page, null))
  )

const viewOf = (calendarId: ProviderCalendarId): ReadonlyArray<string> => [
  "me",
  "calendars",
  calendarId,
  "calendarView"
]

const spanQuery = ({ from, to }: Span): Readonly<Record<string, string>> => ({
  startDateTime: writeInstant(from),
  endDateTime: writeInstant(to)
})

const refused = (reply: GraphReply): Reason => {
  if (isCursorExpired(reply)) return new CursorExpired()
  if (isAbsent(reply)) return new CalendarGone()
  return refusalOf(reply)
}

/** A cursor that Graph calls malformed leads nowhere for ever: what else it may be, a round from the window is as good. */
const refusedCursor = (reply: GraphReply): Reason => (reply.status === 400 ? new CursorExpired() : refused(reply))

/** That a list was not found is a question: a calendar is gone when it is not found by its id either. */
const confirmGone =
  (context: GraphContext, calendarId: ProviderCalendarId) =>
  (found: Stream.Stream<Page, Reason | GatewayTimeouts>): Stream.Stream<Page, Reason | GatewayTimeouts> =>
    Stream.catchTag(found, "CalendarGone", (gone) =>
      Stream.fromEffect(
        Effect.flatMap(
          get(context, ["me", "calendars", calendarId], { $select: "id" }),
          (reply): Effect.Effect<never, Reason> => {
            if (isAbsent(reply)) return Effect.fail(gone)
            if (reply.failure !== null) return Effect.fail(refusalOf(reply))
            return new Unavailable({ message: "Microsoft Graph did not find the events of a calendar that is there." })
          }
        )
      )
    )

const toPage = (page: Page, cursor: string | null): Effect.Effect<ChangePage> => {
  const { items, rejections } = toChanges(page.value)
  return Effect.as(count(rejections), { items, rejected: rejections.length, cursor })
}

const rejectedItems = Metric.counter("punctual_graph_items_rejected", {
  description: "Calendar items that could not be understood, by reason",
  incremental: true
})

/** Skipped is not silent. */
const count = (rejections: ReadonlyArray<Rejection>): Effect.Effect<void> =>
  Effect.forEach(rejections, ({ reason }) => Metric.update(Metric.withAttributes(rejectedItems, { reason }), 1), {
    discard: true
  })
