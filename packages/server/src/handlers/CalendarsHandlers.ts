/**
 * Listing and selecting calendars. Translates between HTTP and the use cases, and decides nothing.
 */
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../api/Api.ts"
import {
  type ListedCalendar,
  type ProviderCalendarId,
  Punctual,
  type Subscribing,
  zoneOfCalendar
} from "@punctual/core"
import { callingUser } from "./CallingUser.ts"
import { refusalToProblem } from "./RefusalToProblem.ts"
import {
  platformOf,
  reasonMessage,
  reasonWord,
  shownSubscriptionId,
  subscribedMessage
} from "../wording/ProviderWords.ts"

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
          .pipe(
            refusalToProblem([
              "calendar_not_connected",
              "mailbox_unavailable",
              "reauthorization_required",
              "provider_unavailable"
            ])
          )
        return { calendars: calendars.map(calendarItem), total: calendars.length, user_id: userId }
      }),
      select: Effect.fnUntraced(function* ({ params, payload }) {
        const userId = yield* callingUser
        const calendarId = params.calendar_id as ProviderCalendarId
        const calendar = yield* punctual
          .selectCalendar(userId, calendarId, payload.selected)
          .pipe(
            refusalToProblem([
              "calendar_not_connected",
              "calendar_not_found",
              "calendar_not_selectable",
              "mailbox_unavailable",
              "reauthorization_required",
              "provider_unavailable"
            ])
          )
        return calendarItem(calendar)
      }),
      remove: Effect.fnUntraced(function* ({ params }) {
        const userId = yield* callingUser
        const { eventsDeleted, schedulesCancelled } = yield* punctual
          .removeCalendar(userId, params.calendar_id as ProviderCalendarId)
          .pipe(refusalToProblem(["calendar_not_connected", "calendar_not_found"]))
        return {
          calendar_id: params.calendar_id,
          removed: true as const,
          user_id: userId,
          events_deleted: eventsDeleted,
          schedules_cancelled: schedulesCancelled,
          message: "Calendar removed. Its events and scheduled bots have been removed with it."
        }
      }),
      resubscribe: Effect.fnUntraced(function* ({ params }) {
        return yield* punctual
          .resubscribe(yield* callingUser, params.calendar_id as ProviderCalendarId)
          .pipe(
            refusalToProblem([
              "calendar_not_connected",
              "calendar_not_found",
              "mailbox_unavailable",
              "reauthorization_required",
              "provider_unavailable"
            ]),
            Effect.map(resubscribed)
          )
      })
    })
  })
)

const resubscribed = ({ calendar, message, reason }: Subscribing) => {
  const platform = platformOf(calendar.connectionId)
  return {
    calendar_id: calendar.providerId,
    subscribed: reason === null,
    subscription_id: shownSubscriptionId(calendar),
    subscription_expires_at: calendar.subscription?.expiresAt ?? null,
    polling_reason: reason === null ? null : reasonWord(reason, platform),
    message: reason === null ? subscribedMessage(platform) : reasonMessage(reason, message ?? "", platform)
  }
}

const calendarItem = (calendar: ListedCalendar) => ({
  id: calendar.providerId,
  summary: calendar.summary,
  isPrimary: calendar.isPrimary,
  accessRole: calendar.accessRole,
  // Where nobody tells it, and no event is in one.
  timeZone: zoneOfCalendar(calendar) ?? "UTC",
  backgroundColor: calendar.color,
  selected: calendar.selected,
  connection_id: calendar.connectionId,
  platform: calendar.platform,
  ...(calendar.staleReason !== null && { stale: true as const })
})
