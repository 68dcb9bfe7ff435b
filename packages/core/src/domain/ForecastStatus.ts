/**
 * How a coming meeting's bot stands, and what endangers it. Words alone: which is so is decided in `decide/Forecast.ts`.
 */

export type ForecastStatus = "covered" | "at_risk" | "uncovered"

export type ForecastCause =
  | "reauthorization_required"
  | "client_secret_expired"
  | "notifications_lost"
  | "sync_failing"
  | "launcher_not_configured"
  | "launcher_failing"
  | "platform_not_supported"
  | "paused"
  | "bot_failed"
