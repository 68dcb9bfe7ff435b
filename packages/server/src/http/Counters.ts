/**
 * What the HTTP server counts. Decides names and labels: by route pattern, never by address, so that ids stay out of
 * them and their number is bounded.
 */
import { Effect, Metric } from "effect"

const requests = Metric.counter("punctual_http_requests_total", {
  description: "Requests answered",
  incremental: true
})

const durations = Metric.histogram("punctual_http_request_duration_seconds", {
  description: "Time to the answer",
  boundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
})

export const countRequest = (route: string, status: number, tookMillis: number): Effect.Effect<void> =>
  Effect.andThen(
    Metric.update(Metric.withAttributes(requests, { route, status: String(status) }), 1),
    Metric.update(Metric.withAttributes(durations, { route }), tookMillis / 1_000)
  )

const notifications = Metric.counter("punctual_notifications_total", {
  description: "Notifications from Microsoft by what became of them",
  incremental: true
})

export const countNotifications = (outcome: "accepted" | "ignored" | "malformed", count: number): Effect.Effect<void> =>
  count === 0 ? Effect.void : Metric.update(Metric.withAttributes(notifications, { outcome }), count)
