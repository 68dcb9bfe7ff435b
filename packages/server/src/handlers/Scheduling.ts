/**
 * Scheduling and unscheduling a bot for an event. Translates between HTTP and the use cases, and decides nothing but
 * defaults.
 */
import { Clock, Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { type EventId, type Punctual, type RefusalCode, type ScheduleRequest, mayBeInMeeting } from "@punctual/core"
import { Api } from "../api/Api.ts"
import { Attempt } from "../api/Middleware.ts"
import { scheduleAnswer } from "./BotView.ts"
import { callingUser } from "./CallingUser.ts"
import { refusalToProblem } from "./RefusalToProblem.ts"
import { type ReplayedRequest, idempotentReplay } from "./IdempotentReplay.ts"

const occurrenceLimitUsual = 52

export const schedule = (punctual: Punctual["Service"]) =>
  HttpApiBuilder.handler(
    Api,
    "bots",
    "schedule",
    Effect.fnUntraced(function* ({ params, payload }) {
      const userId = yield* callingUser
      const { isRerun } = yield* Attempt
      const isSeries = payload.schedule_all_occurrences ?? false
      const request = {
        eventId: params.event_id as EventId,
        config: payload.bot_config ?? {},
        occurrenceDate: payload.occurrence_date ?? null,
        allOccurrences: isSeries,
        occurrenceLimit: payload.occurrence_limit ?? occurrenceLimitUsual,
        recurring: payload.recurring_event ?? false
      }
      const scheduled = yield* punctual
        .schedule(userId, request)
        .pipe(
          isRerun ? idempotentReplay(punctual, userId, replayedRequest(request)) : (effect) => effect,
          refusalToProblem(scheduleRefusals)
        )
      return scheduleAnswer(scheduled, yield* Clock.currentTimeMillis, isSeries)
    })
  )

const replayedRequest = ({ allOccurrences, config, eventId }: ScheduleRequest): ReplayedRequest => ({
  eventId,
  config,
  origin: allOccurrences ? "series" : "manual"
})

export const unschedule = (punctual: Punctual["Service"]) =>
  HttpApiBuilder.handler(
    Api,
    "bots",
    "unschedule",
    Effect.fnUntraced(function* ({ params, payload }) {
      const request = {
        eventId: params.event_id as EventId,
        allOccurrences: payload.cancel_all_occurrences ?? false,
        fromDate: payload.from_date ?? null
      }
      const { cancelled, isSeries, takenBack } = yield* punctual
        .unschedule(yield* callingUser, request)
        .pipe(refusalToProblem([...liveRefusals, "event_not_found", "occurrence_not_found", "not_recurring"]))
      return {
        unscheduled: true as const,
        event_id: params.event_id,
        cancelled_schedules: cancelled.map((bot) => bot.schedule.name),
        schedules_cancelled: cancelled.length,
        bots_deleted: cancelled.length,
        cancel_all_occurrences: request.allOccurrences,
        is_recurring_series: isSeries,
        ...(takenBack.some(mayBeInMeeting) && { may_be_in_meeting: true as const })
      }
    })
  )

const liveRefusals = [
  "calendar_not_connected",
  "reauthorization_required",
  "provider_unavailable"
] as const satisfies ReadonlyArray<RefusalCode>

export const scheduleRefusals = [
  ...liveRefusals,
  "event_not_found",
  "occurrence_not_found",
  "not_recurring",
  "no_meeting_link",
  "event_cancelled",
  "event_ended",
  "bot_already_scheduled",
  "blocked_by_policy"
] as const satisfies ReadonlyArray<RefusalCode>
