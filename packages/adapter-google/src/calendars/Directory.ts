/**
 * Who the account belongs to, and which calendars it has.
 *
 * Decides that a calendar which the user hid is not listed, as Google does by itself.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/calendarList/list
 */
import { Effect } from "effect"
import { type CalendarListing, CalendarGone, type Profile, type ProviderCalendarId, Unavailable } from "@punctual/core"
import type { Reason } from "../client/GoogleClient.ts"
import { type GoogleContext, get, send, succeeded, urlAt } from "../client/GoogleContext.ts"
import { type GoogleReply, isAbsent, refusalOf } from "../client/GoogleReply.ts"
import { allItems } from "../client/Pages.ts"
import { toListing, toProfile } from "../mapping/Listing.ts"

export const profile = (context: GoogleContext): Effect.Effect<Profile, Reason> =>
  send(context, { method: "GET", url: urlAt(context.service, ["oauth2", "v3", "userinfo"]), isSafe: true }).pipe(
    Effect.flatMap(succeeded),
    Effect.flatMap(({ json }) => {
      const found = toProfile(json)
      return found === null
        ? new Unavailable({ message: "Google did not say who the account belongs to." })
        : Effect.succeed(found)
    })
  )

/** All calendars, in Google's order; the last word holds where one comes twice. */
export const calendars = (context: GoogleContext): Effect.Effect<ReadonlyArray<CalendarListing>, Reason> =>
  Effect.map(allItems(context, listPath, [], refusalOf), (found) => [
    ...new Map(found.flatMap((json) => toListing(json) ?? []).map((listing) => [listing.providerId, listing])).values()
  ])

/** Whether there is a calendar to be listed at all. */
export const checkCalendars = (context: GoogleContext): Effect.Effect<void, Reason> =>
  Effect.asVoid(Effect.flatMap(get(context, listPath, [["maxResults", "1"]]), succeeded))

/**
 * Something in a calendar was not found, and Google has one body for that and for a calendar that is not found. Succeeds
 * where the calendar is there, and fails with `CalendarGone` where it is not.
 */
export const checkCalendar = (context: GoogleContext, calendarId: ProviderCalendarId): Effect.Effect<void, Reason> =>
  Effect.asVoid(entry(context, calendarId))

/** The calendar's zone; null where it is not told. */
export const calendarZone = (
  context: GoogleContext,
  calendarId: ProviderCalendarId
): Effect.Effect<string | null, Reason> =>
  Effect.map(entry(context, calendarId), ({ json }) => toListing(json)?.timeZone ?? null)

/** Google is known to say "not found" of what is there: a calendar is gone when the whole list does not have it either. */
const entry = (context: GoogleContext, calendarId: ProviderCalendarId): Effect.Effect<GoogleReply, Reason> =>
  Effect.flatMap(get(context, [...listPath, calendarId]), (reply): Effect.Effect<GoogleReply, Reason> => {
    if (!isAbsent(reply)) return succeeded(reply)
    return Effect.flatMap(
      allItems(context, listPath, [["showHidden", "true"]], refusalOf),
      (found): Effect.Effect<never, Reason> =>
        found.some((json) => toListing(json)?.providerId === calendarId)
          ? new Unavailable({ message: "Google Calendar did not find a calendar that is in its list." })
          : new CalendarGone()
    )
  })

const listPath: ReadonlyArray<string> = ["users", "me", "calendarList"]
