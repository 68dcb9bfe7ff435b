/** Meetings that several tests make, and short names for what they look at. */
import { type Client, type Json, text, window } from "./Client.ts"

export const delta = `/v1.0/me/calendarView/delta?${window}`

export const at = (client: Client, subject: string, start: string, end: string) =>
  client.edit({ type: "createEvent", start, end, details: { subject } })

export const daily = (client: Client) =>
  client.edit({
    type: "createSeries",
    start: "2026-11-24T09:00",
    end: "2026-11-24T09:15",
    timeZone: "Pacific Standard Time",
    pattern: { type: "daily" },
    details: { subject: "Stand-up", link: "https://teams.microsoft.com/l/meetup-join/19%3ameeting_a%40thread.v2/0" }
  })

export const meeting = (client: Client, calendar = "Calendar") =>
  client.edit({ type: "createEvent", calendar, start: "2026-11-24T09:00Z", end: "2026-11-24T10:00Z" })

export const types = (items: ReadonlyArray<Json>) => items.map((item) => item["type"] ?? "@removed")

/** Subscribes to everything, for as long as it goes; answers the subscription's id. */
export const subscribe = (client: Client, change: Readonly<Record<string, unknown>> = {}, prefer?: string): string => {
  const body = {
    changeType: "created,updated,deleted",
    notificationUrl: "https://client.example/notifications?tenant=1",
    lifecycleNotificationUrl: "https://client.example/lifecycle",
    resource: "/me/events",
    expirationDateTime: new Date(client.now + 10_000 * 60_000).toISOString(),
    clientState: "secret",
    ...change
  }
  return text(client.post("/v1.0/subscriptions", body, prefer === undefined ? {} : { prefer }).body as Json, "id")
}
