/**
 * Switching auto-scheduling on and off. Translates between HTTP and the use cases, and decides nothing.
 */
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { type AutoSchedule, Punctual, type RefusalCode } from "@punctual/core"
import { asJson } from "./BotView.ts"
import { callingUser } from "./CallingUser.ts"
import { refusalToProblem } from "./RefusalToProblem.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "autoSchedule",
  Effect.fnUntraced(function* (handlers) {
    const punctual = yield* Punctual
    return handlers.handleAll({
      enable: Effect.fnUntraced(function* ({ payload }) {
        const auto = yield* punctual
          .enableAuto(yield* callingUser, payload.default_bot_config ?? null)
          .pipe(refusalToProblem(refusals))
        return { message: "Auto-scheduling enabled successfully", ...settings(auto) }
      }),
      disable: Effect.fnUntraced(function* ({ payload }) {
        const auto = yield* punctual
          .disableAuto(yield* callingUser, payload.cancel_scheduled ?? false)
          .pipe(refusalToProblem(refusals))
        return { message: "Auto-scheduling disabled successfully", ...settings(auto) }
      }),
      settings: Effect.fnUntraced(function* () {
        return settings(
          yield* punctual.autoSchedule(yield* callingUser).pipe(refusalToProblem(["calendar_not_connected"]))
        )
      })
    })
  })
)

const refusals = [
  "calendar_not_connected",
  "reauthorization_required",
  "provider_unavailable"
] as const satisfies ReadonlyArray<RefusalCode>

const settings = ({ config, enabled }: AutoSchedule) => ({
  auto_schedule_enabled: enabled,
  default_bot_config: asJson(config)
})
