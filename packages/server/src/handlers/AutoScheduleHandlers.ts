/**
 * Auto-scheduling: on and off, its rules, and what other settings would do. Translates between HTTP and the use cases, and decides nothing.
 */
import { Clock, Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { type AutoSchedule, Punctual, type RefusalCode, type RuleOutcome, type UserId } from "@punctual/core"
import { rulesFrom } from "../rules/RulesInput.ts"
import { ruleShown } from "../rules/RuleView.ts"
import { asJson } from "./BotView.ts"
import { callingUser } from "./CallingUser.ts"
import { previewOf } from "./DecisionView.ts"
import { refusalToProblem } from "./RefusalToProblem.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "autoSchedule",
  Effect.fnUntraced(function* (handlers) {
    const punctual = yield* Punctual
    const notConnected = refusalToProblem(["calendar_not_connected"])
    /** What of the rules a body sets. */
    const rulesOf = Effect.fnUntraced(function* (userId: UserId, { otherwise, rules }: RulesBody) {
      const outcome = otherwise === undefined ? {} : { otherwise }
      if (rules === undefined) return outcome
      const { rules: present } = yield* punctual.autoSchedule(userId).pipe(notConnected)
      const parsed = rulesFrom({ kind: "user", owner: userId, present, json: rules })
      // As a defect: the problem is declared by what validates requests, and not by each endpoint.
      return { ...outcome, rules: yield* Effect.orDie(parsed) }
    })
    return handlers.handleAll({
      enable: Effect.fnUntraced(function* ({ payload }) {
        const userId = yield* callingUser
        const auto = yield* punctual
          .enableAuto(userId, payload.default_bot_config ?? null, yield* rulesOf(userId, payload))
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
        const auto = yield* punctual.autoSchedule(yield* callingUser).pipe(notConnected)
        return { ...settings(auto), covered_until: auto.coveredUntil }
      }),
      rules: Effect.fnUntraced(function* ({ payload }) {
        const userId = yield* callingUser
        const { auto, ...changes } = yield* punctual
          .setAutoRules(userId, yield* rulesOf(userId, payload))
          .pipe(notConnected)
        return { ...ruled(auto), changes }
      }),
      preview: Effect.fnUntraced(function* ({ payload }) {
        const userId = yield* callingUser
        const preview = yield* punctual
          .previewAuto(userId, payload.default_bot_config ?? null, yield* rulesOf(userId, payload))
          .pipe(notConnected)
        return previewOf(preview, yield* Clock.currentTimeMillis)
      })
    })
  })
)

const refusals = [
  "calendar_not_connected",
  "reauthorization_required",
  "provider_unavailable"
] as const satisfies ReadonlyArray<RefusalCode>

interface RulesBody {
  readonly rules?: unknown
  readonly otherwise?: RuleOutcome
}

const settings = (auto: AutoSchedule) => ({
  auto_schedule_enabled: auto.enabled,
  default_bot_config: asJson(auto.config),
  ...ruled(auto)
})

const ruled = ({ otherwise, rules }: AutoSchedule) => ({ rules: rules.map(ruleShown), otherwise })
