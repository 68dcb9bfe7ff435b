/**
 * One event or one series, asked for by its id.
 *
 * Decides what confirms an absence: Graph's own "not found", or an id that now names the other kind of thing. Any
 * other refusal confirms nothing.
 *
 * https://learn.microsoft.com/graph/api/event-get
 */
import { Effect, Option, Result } from "effect"
import {
  type ProviderCalendarId,
  type ProviderEvent,
  type ProviderSeries,
  Unavailable,
  Unreadable
} from "@punctual/core"
import { type JsonObject, readArray, readText } from "@punctual/core/http"
import { isAbsent, refusalOf } from "../client/GraphReply.ts"
import type { Reason } from "../client/GraphClient.ts"
import { followable } from "../client/GraphUrl.ts"
import { items } from "../client/Pages.ts"
import { type GraphContext, get } from "../client/GraphContext.ts"
import { toEvent } from "../mapping/Event.ts"
import type { Rejection } from "../mapping/Rejection.ts"
import { toSeries } from "../mapping/Series.ts"

export const event = (
  context: GraphContext,
  calendarId: ProviderCalendarId,
  providerId: string
): Effect.Effect<Option.Option<ProviderEvent>, Reason> =>
  Effect.flatMap(item(context, calendarId, providerId, {}), (found) =>
    Option.isNone(found) ? Effect.succeedNone : understood(toEvent(found.value))
  )

export const series = (
  context: GraphContext,
  calendarId: ProviderCalendarId,
  providerId: string
): Effect.Effect<Option.Option<ProviderSeries>, Reason> =>
  Effect.gen(function* () {
    const found = yield* item(context, calendarId, providerId, seriesQuery)
    if (Option.isNone(found)) return Option.none()
    return yield* understood(toSeries(yield* withAllExceptions(context, found.value)))
  })

/** `cancelledOccurrences` comes only when selected, and then nothing else does that is not selected as well. */
const seriesQuery: Readonly<Record<string, string>> = {
  $select: [
    "id",
    "iCalUId",
    "type",
    "seriesMasterId",
    "subject",
    "body",
    "bodyPreview",
    "start",
    "end",
    "isAllDay",
    "isCancelled",
    "isOrganizer",
    "organizer",
    "attendees",
    "responseStatus",
    "location",
    "locations",
    "isOnlineMeeting",
    "onlineMeeting",
    "onlineMeetingProvider",
    "onlineMeetingUrl",
    "originalStartTimeZone",
    "originalEndTimeZone",
    "recurrence",
    "sensitivity",
    "showAs",
    "importance",
    "categories",
    "webLink",
    "changeKey",
    "createdDateTime",
    "lastModifiedDateTime",
    "cancelledOccurrences",
    "exceptionOccurrences"
  ].join(","),
  $expand: "exceptionOccurrences"
}

const item = (
  context: GraphContext,
  calendarId: ProviderCalendarId,
  providerId: string,
  query: Readonly<Record<string, string>>
): Effect.Effect<Option.Option<JsonObject>, Reason> => {
  // An empty id would ask for the whole list, and a dot for its parent.
  if (providerId === "" || /^\.+$/.test(providerId)) return Effect.succeedNone
  return Effect.flatMap(get(context, ["me", "calendars", calendarId, "events", providerId], query), (reply) => {
    if (reply.failure === null) return Effect.succeedSome(reply.json)
    return isAbsent(reply) ? Effect.succeedNone : Effect.fail(refusalOf(reply))
  })
}

/** A series with many changed occurrences lists the rest of them in pages. */
const withAllExceptions = (context: GraphContext, master: JsonObject): Effect.Effect<JsonObject, Reason> => {
  const link = readText(master, "exceptionOccurrences@odata.nextLink")
  if (link === null) return Effect.succeed(master)
  const url = followable(context.service, link)
  if (url === null) return new Unavailable({ message: "Microsoft Graph gave a link that leads elsewhere." })
  const first = readArray(master, "exceptionOccurrences") ?? []
  return Effect.map(items(context, url, refusalOf), (rest) => ({
    ...master,
    exceptionOccurrences: [...first, ...rest]
  }))
}

const understood = <A>(result: Result.Result<A, Rejection>): Effect.Effect<Option.Option<A>, Reason> => {
  if (Result.isSuccess(result)) return Effect.succeedSome(result.success)
  // A single event made into a series, or the reverse: what was asked for is not there any more.
  if (result.failure.reason === "other_kind") return Effect.succeedNone
  return new Unreadable({ message: `Microsoft Graph's item could not be understood (${result.failure.reason}).` })
}
