/**
 * Chains of recurring meetings. Translates between HTTP and the use cases, and decides only that another's `user_id`
 * is forbidden.
 */
import { Clock, Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { Attempt } from "../api/Middleware.ts"
import { Forbidden } from "../api/Problems.ts"
import { type EventId, Punctual } from "@punctual/core"
import { scheduleAnswer } from "./BotView.ts"
import { callingUser } from "./CallingUser.ts"
import { refusalToProblem } from "./RefusalToProblem.ts"
import { idempotentReplay } from "./IdempotentReplay.ts"
import { scheduleRefusals } from "./Scheduling.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "recurrence",
  Effect.fnUntraced(function* (handlers) {
    const punctual = yield* Punctual
    return handlers.handleAll({
      toggle: Effect.fnUntraced(function* ({ payload }) {
        const { event, isEnabled, series } = yield* punctual
          .toggleRecurrence(yield* callingUser, payload.event_id as EventId, payload.recurring_enabled)
          .pipe(
            refusalToProblem([
              "calendar_not_connected",
              "event_not_found",
              "not_recurring",
              "occurrence_not_found",
              "blocked_by_policy",
              "reauthorization_required",
              "provider_unavailable"
            ])
          )
        return {
          event_id: event.id,
          series_id: series.id,
          recurring_enabled: isEnabled,
          recurrence_rule: series.ruleText,
          message: isEnabled ? "Recurrence enabled for event" : "Recurrence disabled for event",
          summary: event.subject,
          start_time: event.start,
          end_time: event.end
        }
      }),
      reschedule: Effect.fnUntraced(function* ({ payload }) {
        const userId = yield* callingUser
        if (payload.user_id !== undefined && payload.user_id !== userId) {
          return yield* new Forbidden({ detail: "`user_id` must be your own; it may be left out." })
        }
        const { isRerun } = yield* Attempt
        const eventId = payload.event_id as EventId
        const config = payload.bot_config ?? {}
        const scheduled = yield* punctual
          .scheduleNext(userId, {
            eventId,
            config,
            after: payload.current_start_time ?? null,
            rule: payload.recurrence_rule ?? null,
            link: payload.meeting_link ?? null
          })
          .pipe(
            isRerun ? idempotentReplay(punctual, userId, { eventId, config, origin: "recurring" }) : (effect) => effect,
            refusalToProblem(scheduleRefusals)
          )
        return scheduleAnswer(scheduled, yield* Clock.currentTimeMillis, false)
      })
    })
  })
)
