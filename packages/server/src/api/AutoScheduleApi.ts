/**
 * Hands-free mode: a bot for every meeting with a link.
 * Decides shapes and addresses alone.
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { BotConfigField, IdempotencyHeader, OpenObject } from "./Fields.ts"
import { Authorization, Idempotent, RateLimit, WellFormed } from "./Middleware.ts"
import { bodyMayBeLeftOut } from "./Optional.ts"
import { CalendarNotConnected, MicrosoftUnavailable, ReauthorizationRequired, Unavailable } from "./Problems.ts"

const settings = { auto_schedule_enabled: Schema.Boolean, default_bot_config: OpenObject }

const SettingsAnswer = Schema.Struct(settings).annotate({ identifier: "AutoScheduleSettings" })

const SwitchedAnswer = Schema.Struct({ message: Schema.String, ...settings }).annotate({
  identifier: "AutoScheduleSwitched"
})

const errors = [CalendarNotConnected, ReauthorizationRequired, MicrosoftUnavailable, Unavailable] as const

export class AutoScheduleApi extends HttpApiGroup.make("autoSchedule")
  .add(
    HttpApiEndpoint.post("enable", "/enable", {
      headers: IdempotencyHeader,
      /** Without a configuration the one before stays. */
      payload: Schema.Struct({ default_bot_config: Schema.optionalKey(BotConfigField) }),
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
    }).annotateMerge(OpenApi.annotations({ summary: "Current settings" }))
  )
  .middleware(WellFormed)
  .middleware(RateLimit)
  .middleware(Authorization)
  .prefix("/api/v1/calendar/auto-schedule")
  .annotateMerge(OpenApi.annotations({ title: "Auto-scheduling" })) {}
