/**
 * Hands-free mode: a bot for every meeting with a link that the rules let through.
 * Decides shapes and addresses alone.
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { PreviewAnswer } from "./DecisionSchemas.ts"
import { BotConfigField, IdempotencyHeader, OpenObject } from "./Fields.ts"
import { Authorization, Idempotent, RateLimit, WellFormed } from "./Middleware.ts"
import { bodyMayBeLeftOut } from "./Optional.ts"
import { CalendarNotConnected, ReauthorizationRequired, Unavailable, providerUnavailable } from "./Problems.ts"
import { JoinRule, Outcome, RulesField } from "./RuleSchemas.ts"
import { Instant } from "./Time.ts"

const ruled = { rules: Schema.Array(JoinRule), otherwise: Outcome }

const settings = { auto_schedule_enabled: Schema.Boolean, default_bot_config: OpenObject, ...ruled }

/** What is left out stays as it was. */
const enabling = Schema.Struct({
  default_bot_config: Schema.optionalKey(BotConfigField),
  rules: Schema.optionalKey(RulesField),
  otherwise: Schema.optionalKey(Outcome)
})

const RulesAnswer = Schema.Struct({
  ...ruled,
  /** Of bots. */
  changes: Schema.Struct({ joins: Schema.Int, leaves: Schema.Int, changes: Schema.Int })
}).annotate({ identifier: "AutoScheduleRules" })

const SettingsAnswer = Schema.Struct({
  ...settings,
  /** Starts before this are decided; null: it never ran. */
  covered_until: Schema.NullOr(Instant)
}).annotate({ identifier: "AutoScheduleSettings" })

const SwitchedAnswer = Schema.Struct({ message: Schema.String, ...settings }).annotate({
  identifier: "AutoScheduleSwitched"
})

const errors = [CalendarNotConnected, ReauthorizationRequired, ...providerUnavailable, Unavailable] as const

export class AutoScheduleApi extends HttpApiGroup.make("autoSchedule")
  .add(
    HttpApiEndpoint.post("enable", "/enable", {
      headers: IdempotencyHeader,
      payload: enabling,
      success: SwitchedAnswer,
      error: errors
    })
      .annotateMerge(OpenApi.annotations({ summary: "Switch on, and run at once" }))
      .annotateMerge(bodyMayBeLeftOut)
      .middleware(Idempotent),
    HttpApiEndpoint.post("disable", "/disable", {
      headers: IdempotencyHeader,
      payload: Schema.Struct({ cancel_scheduled: Schema.optionalKey(Schema.Boolean) }),
      success: SwitchedAnswer,
      error: errors
    })
      .annotateMerge(OpenApi.annotations({ summary: "Switch off; bots stay unless `cancel_scheduled`" }))
      .annotateMerge(bodyMayBeLeftOut)
      .middleware(Idempotent),
    HttpApiEndpoint.get("settings", "/settings", {
      success: SettingsAnswer,
      error: [CalendarNotConnected, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "Current settings" })),
    HttpApiEndpoint.put("rules", "/rules", {
      payload: Schema.Struct({ rules: RulesField, otherwise: Schema.optionalKey(Outcome) }),
      success: RulesAnswer,
      error: [CalendarNotConnected, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "Replace the rules, and decide anew by them" })),
    HttpApiEndpoint.post("preview", "/preview", {
      headers: IdempotencyHeader,
      payload: enabling,
      success: PreviewAnswer,
      error: [CalendarNotConnected, Unavailable]
    })
      .annotateMerge(OpenApi.annotations({ summary: "What enabling with these settings would do" }))
      .annotateMerge(bodyMayBeLeftOut)
      .middleware(Idempotent)
  )
  .middleware(WellFormed)
  .middleware(RateLimit)
  .middleware(Authorization)
  .prefix("/api/v1/calendar/auto-schedule")
  .annotateMerge(OpenApi.annotations({ title: "Auto-scheduling" })) {}
