/**
 * One event or one series, asked for by its id.
 *
 * Decides what confirms an absence: `status: cancelled` in an answer that is otherwise a success, an id that now names the
 * other kind of thing, or "not found" twice in a calendar that is there, since Google is known to say so once of what is. Any
 * other refusal confirms nothing.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events/get
 */
import { Clock, Effect, Option, Result, Stream } from "effect"
import {
  type ProviderCalendarId,
  type ProviderEvent,
  type ProviderSeries,
  Unavailable,
  Unreadable
} from "@punctual/core"
import { readObject, readText } from "@punctual/core/http"
import type { Reason } from "../client/GoogleClient.ts"
import { type GoogleContext, get } from "../client/GoogleContext.ts"
import { isAbsent, refusalOf } from "../client/GoogleReply.ts"
import type { Page } from "../client/Pages.ts"
import { calendarZone, checkCalendar } from "../calendars/Directory.ts"
import { eventOf } from "../mapping/Event.ts"
import { type GoogleItem, isMeeting, readGoogleItem } from "../mapping/GoogleItem.ts"
import type { Rejection } from "../mapping/Rejection.ts"
import { seriesOf } from "../mapping/Series.ts"
import { instancesFrom } from "./Lists.ts"

export const event = (
  context: GoogleContext,
  calendarId: ProviderCalendarId,
  providerId: string
): Effect.Effect<Option.Option<ProviderEvent>, Reason> =>
  Effect.gen(function* () {
    const item = yield* itemAt(context, calendarId, providerId)
    if (item === null || item.kind === "master" || !isMeeting(item)) return Option.none()
    const master = item.seriesId === null ? null : yield* masterAt(context, calendarId, item.seriesId)
    const zone = yield* zoneAround(context, calendarId, item)
    return yield* understood(eventOf(item, { calendarZone: zone, master }))
  })

export const series = (
  context: GoogleContext,
  calendarId: ProviderCalendarId,
  providerId: string
): Effect.Effect<Option.Option<ProviderSeries>, Reason> =>
  Effect.gen(function* () {
    const master = yield* masterAt(context, calendarId, providerId)
    if (master === null || !isMeeting(master)) return Option.none()
    const from = (yield* Clock.currentTimeMillis) - context.limits.seriesBackMillis
    const listed = instancesFrom(context, calendarId, providerId, from)
    const pages = yield* Stream.runCollect(unlessGone(context, calendarId, providerId, listed))
    const instances = pages.flatMap((page) =>
      page.items.flatMap((json) => {
        const item = readGoogleItem(json)
        return Result.isSuccess(item) ? [item.success] : []
      })
    )
    return yield* understood(seriesOf(master, instances, pages[0]?.calendarZone ?? null))
  })

/** The master of a series; null: it is not there, or nobody may see it. */
const masterAt = (
  context: GoogleContext,
  calendarId: ProviderCalendarId,
  seriesId: string
): Effect.Effect<GoogleItem | null, Reason> =>
  Effect.map(itemAt(context, calendarId, seriesId), (item) => (item?.kind === "master" ? item : null))

/** The same for a round, which one series that can't be read or understood does not end. */
export const readableMaster = (
  context: GoogleContext,
  calendarId: ProviderCalendarId,
  seriesId: string
): Effect.Effect<GoogleItem | null, Reason> =>
  Effect.catchTags(masterAt(context, calendarId, seriesId), {
    Forbidden: () => Effect.succeed(null),
    Unreadable: () => Effect.succeed(null)
  })

/** A series' instances, which end where the series turns out to be gone: that they are not found is no proof of it. */
export const unlessGone = (
  context: GoogleContext,
  calendarId: ProviderCalendarId,
  seriesId: string,
  instances: Stream.Stream<Page, Reason>
): Stream.Stream<Page, Reason> =>
  Stream.catchTag(instances, "CalendarGone", () =>
    Stream.unwrap(
      Effect.map(masterAt(context, calendarId, seriesId), (master) =>
        master === null
          ? Stream.empty
          : Stream.fail<Reason>(
              new Unavailable({ message: "Google Calendar did not find the instances of a series that is there." })
            )
      )
    )
  )

/** The calendar's zone, asked for where an event says none itself, as all-day ones never do. */
const zoneAround = (
  context: GoogleContext,
  calendarId: ProviderCalendarId,
  { json }: GoogleItem
): Effect.Effect<string | null, Reason> =>
  readText(readObject(json, "start") ?? {}, "timeZone") === null
    ? calendarZone(context, calendarId)
    : Effect.succeed(null)

/** What is there under an id; null: confirmed that nothing is. */
const itemAt = Effect.fnUntraced(function* (
  context: GoogleContext,
  calendarId: ProviderCalendarId,
  providerId: string
): Effect.fn.Return<GoogleItem | null, Reason> {
  // An empty id would ask for the whole list.
  if (providerId === "") return null
  const ask = get(context, ["calendars", calendarId, "events", providerId])
  const first = yield* ask
  if (isAbsent(first)) yield* checkCalendar(context, calendarId)
  const reply = isAbsent(first) ? yield* ask : first
  if (isAbsent(reply)) return null
  if (reply.failure !== null) return yield* Effect.fail(refusalOf(reply))
  const item = readGoogleItem(reply.json)
  if (Result.isFailure(item)) return yield* Effect.fail(unreadable(item.failure))
  return item.success.kind === "cancelled" ? null : item.success
})

const understood = <A>(result: Result.Result<A, Rejection>): Effect.Effect<Option.Option<A>, Reason> => {
  if (Result.isSuccess(result)) return Effect.succeedSome(result.success)
  // A single event made into a series, or the reverse: what was asked for is not there any more.
  return result.failure.reason === "other_kind" ? Effect.succeedNone : Effect.fail(unreadable(result.failure))
}

const unreadable = ({ reason }: Rejection): Reason =>
  new Unreadable({ message: `Google Calendar's item could not be understood (${reason}).` })
