/**
 * The group of endpoints about bots, put together. Decides nothing.
 */
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Punctual } from "@punctual/core"
import { Api } from "../api/Api.ts"
import { Cursors } from "./CursorService.ts"
import { schedule, unschedule } from "./Scheduling.ts"
import { list, remove, show, update } from "./ScheduledBots.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "bots",
  Effect.fnUntraced(function* (handlers) {
    const punctual = yield* Punctual
    const cursors = yield* Cursors
    return handlers.handleAll({
      schedule: schedule(punctual),
      unschedule: unschedule(punctual),
      list: list(punctual, cursors),
      show: show(punctual),
      update: update(punctual),
      remove: remove(punctual)
    })
  })
)
