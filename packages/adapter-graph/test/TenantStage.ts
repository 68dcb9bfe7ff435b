/**
 * The stage of the calendar contract in a tenant that is reached through Graph alone: a real one, or a simulated one that
 * is treated as if it were. Every case gets a calendar of its own, made for it and removed in the end.
 *
 * Decides what cannot be brought there: other people, revoked grants, throttling on demand. Writes with a token of its
 * own, which needs Calendars.ReadWrite; the adapter is given the same credentials and never writes.
 */
import { Effect, Layer, Redacted, type Scope } from "effect"
import type { ProviderCalendarId, CalendarProvider, Credentials, Instant } from "@punctual/core"
import { CalendarContract } from "@punctual/core/testing"
import { layer } from "../src/index.ts"

export interface Tenant {
  readonly clientId: string
  readonly clientSecret: string
  readonly refreshToken: string
  readonly graphUrl: string
  readonly loginUrl: string
  /** Where Graph reaches a server that answers validations; null: nothing is subscribed. */
  readonly notificationUrl: string | null
  /** Real Graph tells of a change a little later than it makes it, and of no moment when it has. */
  readonly lagMillis: number
}

/** What a tenant's stage cannot bring. */
export const withoutInTenant = (tenant: Pick<Tenant, "notificationUrl">): ReadonlyArray<CalendarContract.Need> => [
  "accounts",
  "makeInPlace",
  "cancel",
  "facts",
  "revoke",
  "forgetCursors",
  "throttle",
  "refuseSubscriptions",
  ...(tenant.notificationUrl === null ? (["subscribe"] as const) : [])
]

export const tenantLayer = (tenant: Tenant): Layer.Layer<CalendarContract.CalendarStage | CalendarProvider> =>
  Layer.merge(layer(tenant), Layer.effect(CalendarContract.CalendarStage, stageIn(tenant)))

type Json = Readonly<Record<string, unknown>>
type Stage = CalendarContract.CalendarStage["Service"]
type Ask = (method: string, path: string, body?: unknown) => Promise<Json>

const day = 86_400_000
const halfHour = 1_800_000

const stageIn = (tenant: Tenant): Effect.Effect<Stage, never, Scope.Scope> =>
  Effect.gen(function* () {
    const ask = askerOf(tenant, yield* Effect.promise(() => tokenOf(tenant)))
    const me = yield* Effect.promise(() => ask("GET", "/me"))
    const made: Array<ProviderCalendarId> = []
    yield* Effect.addFinalizer(() =>
      Effect.promise(async () => {
        for (const id of made) await ask("DELETE", `/me/calendars/${encodeURIComponent(id)}`)
      })
    )
    const write = (method: string, path: string, body?: unknown): Effect.Effect<Json> =>
      Effect.tap(
        Effect.promise(() => ask(method, path, body)),
        () => Effect.sleep(tenant.lagMillis)
      )
    const addCalendar = Effect.map(
      Effect.suspend(() => write("POST", "/me/calendars", { name: `Punctual contract ${made.length}` })),
      ({ id }) => {
        made.push(id as ProviderCalendarId)
        return id as ProviderCalendarId
      }
    )
    const { clientId, clientSecret, refreshToken } = tenant
    const credentials: Credentials = { clientId, clientSecret, refreshToken, obtainedAt: 0 }
    return CalendarContract.CalendarStage.of({
      account: Effect.map(addCalendar, (calendarId) => ({
        credentials: Redacted.make(credentials),
        calendarId,
        accountId: String(me["id"])
      })),
      addCalendar: () => addCalendar,
      ...editing(write),
      ...notHere
    })
  })

const editing = (
  write: (method: string, path: string, body?: unknown) => Effect.Effect<Json>
): Pick<Stage, "create" | "createDaily" | "move" | "remove" | "moveOccurrence" | "deleteOccurrence"> => {
  const eventsOf = (calendarId: ProviderCalendarId): string => `/me/calendars/${encodeURIComponent(calendarId)}/events`
  const eventPath = (calendarId: ProviderCalendarId, id: string): string =>
    `${eventsOf(calendarId)}/${encodeURIComponent(id)}`
  const idOf = ({ id }: Json): string => String(id)
  /** The occurrence of a date, or of what it was moved from; null: there is none, or none any more. */
  const instanceOn = (calendarId: ProviderCalendarId, series: string, date: string): Effect.Effect<string | null> => {
    const span = `startDateTime=${date}T00:00:00Z&endDateTime=${iso(Date.parse(date) + day)}&$top=100`
    return Effect.map(write("GET", `${eventPath(calendarId, series)}/instances?${span}`), ({ value }) => {
      const found = (value as ReadonlyArray<Json>).find((item) => String(item["originalStart"]).startsWith(date))
      return found === undefined ? null : idOf(found)
    })
  }
  const onInstance = (
    calendarId: ProviderCalendarId,
    series: string,
    date: string,
    change: (path: string) => Effect.Effect<Json>
  ): Effect.Effect<void> =>
    Effect.flatMap(instanceOn(calendarId, series, date), (id) =>
      id === null ? Effect.void : Effect.asVoid(change(eventPath(calendarId, id)))
    )
  return {
    create: (calendarId, start, subject) =>
      Effect.map(write("POST", eventsOf(calendarId), { subject, ...halfAnHourFrom(start) }), idOf),
    createDaily: (calendarId, startDate, startTime, subject) =>
      Effect.map(
        write("POST", eventsOf(calendarId), {
          subject,
          ...halfAnHourFrom(Date.parse(startDate) + startTime),
          recurrence: { pattern: { type: "daily", interval: 1 }, range: { type: "noEnd", startDate } }
        }),
        idOf
      ),
    move: (calendarId, id, start) => Effect.asVoid(write("PATCH", eventPath(calendarId, id), halfAnHourFrom(start))),
    remove: (calendarId, id) => Effect.asVoid(write("DELETE", eventPath(calendarId, id))),
    moveOccurrence: (calendarId, series, date, start) =>
      onInstance(calendarId, series, date, (path) => write("PATCH", path, halfAnHourFrom(start))),
    deleteOccurrence: (calendarId, series, date) =>
      onInstance(calendarId, series, date, (path) => write("DELETE", path))
  }
}

/** Cases that need these are skipped. */
const notHere = {
  makeDaily: () => Effect.die(new Error("nothing is made over here")),
  makeSingle: () => Effect.die(new Error("nothing is made over here")),
  setFacts: () => Effect.die(new Error("nobody is invited here")),
  cancel: () => Effect.die(new Error("nobody else meets here")),
  revoke: () => Effect.die(new Error("no grant is revoked here")),
  forgetCursors: () => Effect.die(new Error("Graph forgets nothing on demand")),
  refuseSubscriptions: () => Effect.die(new Error("Graph refuses nothing on demand")),
  throttle: () => Effect.die(new Error("Graph throttles nobody on demand"))
} as const

const iso = (instant: Instant): string => new Date(instant).toISOString()

const halfAnHourFrom = (start: Instant) => ({
  start: { dateTime: iso(start).slice(0, 19), timeZone: "UTC" },
  end: { dateTime: iso(start + halfHour).slice(0, 19), timeZone: "UTC" }
})

const tokenOf = async ({ clientId, clientSecret, loginUrl, refreshToken }: Tenant): Promise<string> => {
  const response = await fetch(`${loginUrl}/common/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret,
      grant_type: "refresh_token",
      refresh_token: refreshToken,
      scope: "Calendars.ReadWrite User.Read offline_access"
    })
  })
  const { access_token: token, error } = (await response.json()) as Json
  if (typeof token !== "string") throw new Error(`no token for writing: ${String(error)}`)
  return token
}

const askerOf =
  ({ graphUrl }: Tenant, token: string): Ask =>
  async (method, path, body) => {
    const response = await fetch(`${graphUrl}/v1.0${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        prefer: `IdType="ImmutableId", outlook.timezone="UTC"`
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === "" ? {} : (JSON.parse(text) as Json)
  }
