/**
 * What the HTTP server counts. Decides names and labels: by route pattern, never by address, so that ids stay out of
 * them and their number is bounded.
 */
import { Effect, Metric } from "effect"

export const countRequest = (route: string, status: number, tookMillis: number): Effect.Effect<void> => {
  const { count, duration } = countersOf(route, status)
  return Effect.andThen(Metric.update(count, 1), Metric.update(duration, tookMillis / 1_000))
}

/**
 * Those of a route and a status are made once: their number is bounded, and making them costs more than counting. Each
 * has its labels for its own: labels put on a common one would be made into the key of a series at each count.
 */
const countersOf = (route: string, status: number): ReturnType<typeof makeCounters> => {
  const key = `${status} ${route}`
  const known = counters.get(key)
  if (known !== undefined) return known
  const made = makeCounters(route, status)
  counters.set(key, made)
  return made
}

const makeCounters = (route: string, status: number) => ({
  count: Metric.counter("punctual_http_requests_total", {
    description: "Requests answered",
    incremental: true,
    attributes: { route, status: String(status) }
  }),
  duration: Metric.histogram("punctual_http_request_duration_seconds", {
    description: "Time to the answer",
    boundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    attributes: { route }
  })
})

const counters = new Map<string, ReturnType<typeof makeCounters>>()

const notifications = Metric.counter("punctual_notifications_total", {
  description: "Notifications from calendar providers by what became of them",
  incremental: true
})

const outcomes = {
  accepted: Metric.withAttributes(notifications, { outcome: "accepted" }),
  ignored: Metric.withAttributes(notifications, { outcome: "ignored" }),
  malformed: Metric.withAttributes(notifications, { outcome: "malformed" })
}

export const countNotifications = (outcome: keyof typeof outcomes, count: number): Effect.Effect<void> =>
  count === 0 ? Effect.void : Metric.update(outcomes[outcome], count)
