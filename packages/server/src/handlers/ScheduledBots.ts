/**
 * Listing, showing, changing and removing bots. Translates between HTTP and the use cases, and decides nothing but
 * defaults.
 */
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { type Bot, type BotId, type BotPatch, type Punctual, mayBeInMeeting } from "@punctual/core"
import { Api } from "../api/Api.ts"
import { InvalidCursor } from "../api/Problems.ts"
import { scheduledBot } from "./BotView.ts"
import { callingUser } from "./CallingUser.ts"
import { BotsCursor, type Cursors, type Turn, turnsOf } from "./Cursor.ts"
import { jsonAnswer, scheduledBotsText } from "./PageText.ts"
import { refusalToProblem } from "./RefusalToProblem.ts"

const pageSizeUsual = 100

export const list = (punctual: Punctual["Service"], cursors: Cursors) =>
  HttpApiBuilder.handler(
    Api,
    "bots",
    "list",
    Effect.fnUntraced(function* ({ query }) {
      const userId = yield* callingUser
      const cursor = query.cursor === undefined ? null : cursors.read(userId, "bots", BotsCursor, query.cursor)
      if (query.cursor !== undefined && cursor === null) {
        return yield* new InvalidCursor({ detail: "Use a cursor as a page gave it, with the same key." })
      }
      const status = cursor === null ? (query.status ?? "scheduled") : (cursor.status ?? "scheduled")
      if ((query.status ?? status) !== status) {
        return yield* new InvalidCursor({ detail: "Use a cursor with the `status` that its page was asked for with." })
      }
      const limit = query.limit ?? cursor?.limit ?? pageSizeUsual
      const reachedBy: Turn | null =
        cursor === null ? null : { place: { at: cursor.at, id: cursor.id }, backwards: cursor.backwards }
      const found = yield* punctual
        .bots(userId, { status, limit, place: reachedBy?.place ?? null, backwards: reachedBy?.backwards ?? false })
        .pipe(refusalToProblem(["calendar_not_connected"]))
      const turns = turnsOf({ items: found.items.map(placeOf), hasMore: found.hasMore }, reachedBy)
      const write = (turn: Turn | null) =>
        turn === null
          ? null
          : cursors.write(userId, "bots", { ...turn.place, backwards: turn.backwards, limit, status })
      const answer = {
        scheduled_bots: found.items.map(scheduledBot),
        next: write(turns.next),
        previous: write(turns.previous),
        has_more: turns.next !== null
      }
      return jsonAnswer(scheduledBotsText(answer))
    })
  )

export const show = (punctual: Punctual["Service"]) =>
  HttpApiBuilder.handler(
    Api,
    "bots",
    "show",
    Effect.fnUntraced(function* ({ params }) {
      return scheduledBot(
        yield* punctual
          .bot(yield* callingUser, params.bot_id as BotId)
          .pipe(refusalToProblem(["bot_not_found", "calendar_not_connected"]))
      )
    })
  )

const placeOf = (bot: Bot) => ({ at: bot.joinAt, id: bot.id })

const updatable = ["scheduled_join_time", "bot_username", "custom_attributes", "bot_config"] as const

export const update = (punctual: Punctual["Service"]) =>
  HttpApiBuilder.handler(
    Api,
    "bots",
    "update",
    Effect.fnUntraced(function* ({ params, payload }) {
      const patch: BotPatch = {
        ...(payload.scheduled_join_time !== undefined && { joinAt: payload.scheduled_join_time }),
        ...(payload.bot_username !== undefined && { botName: payload.bot_username }),
        ...(payload.custom_attributes !== undefined && { customAttributes: payload.custom_attributes }),
        ...(payload.bot_config !== undefined && { config: payload.bot_config })
      }
      const bot = yield* punctual
        .updateBot(yield* callingUser, params.bot_id as BotId, patch)
        .pipe(
          refusalToProblem([
            "bot_not_found",
            "bot_not_scheduled",
            "join_time_in_past",
            "event_ended",
            "calendar_not_connected"
          ])
        )
      return {
        message: "Scheduled bot updated successfully",
        bot_id: bot.id,
        updated_fields: updatable.filter((field) => payload[field] !== undefined),
        schedule_updated: payload.scheduled_join_time !== undefined
      }
    })
  )

export const remove = (punctual: Punctual["Service"]) =>
  HttpApiBuilder.handler(
    Api,
    "bots",
    "remove",
    Effect.fnUntraced(function* ({ params }) {
      const bot = yield* punctual
        .removeBot(yield* callingUser, params.bot_id as BotId)
        .pipe(refusalToProblem(["bot_not_found", "bot_not_scheduled", "calendar_not_connected"]))
      return {
        message: "Scheduled bot deleted successfully",
        bot_id: bot.id,
        ...(mayBeInMeeting(bot) && { may_be_in_meeting: true as const })
      }
    })
  )
