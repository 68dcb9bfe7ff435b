/**
 * Scheduling bots and managing those that are scheduled. Translates between HTTP and the use cases, and decides
 * nothing.
 */
import { Clock, Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { Attempt } from "../api/Middleware.ts"
import { InvalidCursor } from "../api/Problems.ts"
import { type Bot, type BotId, type BotPatch, type EventId, Punctual, type RefusalCode } from "@punctual/core"
import { scheduleAnswer, scheduledBot } from "./BotView.ts"
import { callingUser } from "./CallingUser.ts"
import { BotsCursor, type Turn, turnsOf } from "./Cursor.ts"
import { Cursors } from "./CursorService.ts"
import { refusing } from "./Refusing.ts"
import { metOwnWork } from "./Rerun.ts"

const occurrenceLimitUsual = 52

const pageSizeUsual = 100

export const layer = HttpApiBuilder.group(
  Api,
  "bots",
  Effect.fnUntraced(function* (handlers) {
    const punctual = yield* Punctual
    const cursors = yield* Cursors
    return handlers.handleAll({
      schedule: Effect.fnUntraced(function* ({ params, payload }) {
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
          .pipe(isRerun ? metOwnWork(punctual, userId, request) : (effect) => effect, refusing(scheduleRefusals))
        return scheduleAnswer(scheduled, yield* Clock.currentTimeMillis, isSeries)
      }),
      unschedule: Effect.fnUntraced(function* ({ params, payload }) {
        const request = {
          eventId: params.event_id as EventId,
          allOccurrences: payload.cancel_all_occurrences ?? false,
          fromDate: payload.from_date ?? null
        }
        const { cancelled, isSeries } = yield* punctual
          .unschedule(yield* callingUser, request)
          .pipe(refusing([...liveRefusals, "event_not_found", "occurrence_not_found", "not_recurring"]))
        return {
          unscheduled: true as const,
          event_id: params.event_id,
          cancelled_schedules: cancelled.map((bot) => bot.schedule.name),
          schedules_cancelled: cancelled.length,
          bots_deleted: cancelled.length,
          cancel_all_occurrences: request.allOccurrences,
          is_recurring_series: isSeries
        }
      }),
      list: Effect.fnUntraced(function* ({ query }) {
        const userId = yield* callingUser
        const cursor = query.cursor === undefined ? null : cursors.read(userId, "bots", BotsCursor, query.cursor)
        if (query.cursor !== undefined && cursor === null) {
          return yield* new InvalidCursor({ detail: "Use a cursor as a page gave it, with the same key." })
        }
        const limit = query.limit ?? cursor?.limit ?? pageSizeUsual
        const reachedBy: Turn | null =
          cursor === null ? null : { place: { at: cursor.at, id: cursor.id }, backwards: cursor.backwards }
        const found = yield* punctual
          .bots(userId, { limit, place: reachedBy?.place ?? null, backwards: reachedBy?.backwards ?? false })
          .pipe(refusing(["calendar_not_connected"]))
        const turns = turnsOf({ items: found.items.map(placeOf), hasMore: found.hasMore }, reachedBy)
        const write = (turn: Turn | null) =>
          turn === null ? null : cursors.write(userId, "bots", { ...turn.place, backwards: turn.backwards, limit })
        return {
          scheduled_bots: found.items.map(scheduledBot),
          next: write(turns.next),
          previous: write(turns.previous),
          has_more: turns.next !== null
        }
      }),
      update: Effect.fnUntraced(function* ({ params, payload }) {
        const patch: BotPatch = {
          ...(payload.scheduled_join_time !== undefined && { joinAt: payload.scheduled_join_time }),
          ...(payload.bot_username !== undefined && { botName: payload.bot_username }),
          ...(payload.custom_attributes !== undefined && { customAttributes: payload.custom_attributes }),
          ...(payload.bot_config !== undefined && { config: payload.bot_config })
        }
        const bot = yield* punctual
          .updateBot(yield* callingUser, params.bot_id as BotId, patch)
          .pipe(refusing(["bot_not_found", "bot_not_scheduled", "join_time_in_past", "calendar_not_connected"]))
        return {
          message: "Scheduled bot updated successfully",
          bot_id: bot.id,
          updated_fields: updatable.filter((field) => payload[field] !== undefined),
          schedule_updated: payload.scheduled_join_time !== undefined
        }
      }),
      remove: Effect.fnUntraced(function* ({ params }) {
        const bot = yield* punctual
          .removeBot(yield* callingUser, params.bot_id as BotId)
          .pipe(refusing(["bot_not_found", "bot_not_scheduled", "calendar_not_connected"]))
        return { message: "Scheduled bot deleted successfully", bot_id: bot.id }
      })
    })
  })
)

const updatable = ["scheduled_join_time", "bot_username", "custom_attributes", "bot_config"] as const

const liveRefusals = [
  "calendar_not_connected",
  "reauthorization_required",
  "microsoft_unavailable"
] as const satisfies ReadonlyArray<RefusalCode>

export const scheduleRefusals = [
  ...liveRefusals,
  "event_not_found",
  "occurrence_not_found",
  "not_recurring",
  "no_meeting_link",
  "event_cancelled",
  "event_ended",
  "bot_already_scheduled"
] as const satisfies ReadonlyArray<RefusalCode>

const placeOf = (bot: Bot) => ({ at: bot.joinAt, id: bot.id })
