/**
 * Listing and selecting calendars. Translates between HTTP and the use cases, and decides nothing.
 */
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { type Calendar, type CalendarId, Punctual } from "@punctual/core"
import { callingUser } from "./CallingUser.ts"
import { refusing } from "./Refusing.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "calendars",
  Effect.fnUntraced(function* (handlers) {
    const punctual = yield* Punctual
    return handlers.handleAll({
      list: Effect.fnUntraced(function* () {
        const userId = yield* callingUser
        const calendars = yield* punctual
          .calendars(userId)
          .pipe(refusing(["calendar_not_connected", "reauthorization_required", "microsoft_unavailable"]))
        return { calendars: calendars.map(calendarItem), total: calendars.length, user_id: userId }
      }),
      select: Effect.fnUntraced(function* ({ params, payload }) {
        const calendarId = params.calendar_id as CalendarId
        return yield* punctual
          .selectCalendar(yield* callingUser, calendarId, payload.selected)
          .pipe(
            refusing([
              "calendar_not_connected",
              "calendar_not_found",
              "reauthorization_required",
              "microsoft_unavailable"
            ]),
            Effect.map(calendarItem)
          )
      })
    })
  })
)

const calendarItem = (calendar: Calendar) => ({
  id: calendar.id,
  summary: calendar.summary,
  isPrimary: calendar.isPrimary,
  accessRole: calendar.accessRole,
  timeZone: calendar.timeZone ?? "UTC",
  backgroundColor: calendar.color,
  selected: calendar.selected
})
