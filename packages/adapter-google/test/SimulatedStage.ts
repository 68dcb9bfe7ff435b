/**
 * The stage of the calendar contract, over the simulated Google: one simulator for all cases, a person of its own for each
 * account.
 */
import { Effect, Layer, Redacted } from "effect"
import type { CalendarProvider, ProviderCalendarId } from "@punctual/core"
import { CalendarContract } from "@punctual/core/testing"
import {
  type Edit,
  EditRefused,
  type Options,
  type Simulator,
  startSimulator
} from "@punctual/adapter-google/simulator"
import { type Limits, askedScopes, layer } from "../src/index.ts"

/** Pauses that a test can wait out in real time. */
export const hasty: Partial<Limits> = {
  backoffMinMillis: 2,
  backoffMaxMillis: 20,
  throttledMinMillis: 2,
  throttledMaxMillis: 100,
  deadlineMillis: 1_500,
  pauseMinMillis: 20,
  pauseMaxMillis: 50,
  // A test asks oftener than anybody.
  burstMax: 100_000
}

export const client = { clientId: "client", clientSecret: "secret" }

const minute = 60_000
const halfHour = 30 * minute

/** The adapter and the stage, over one simulator that lives as long as the layer. */
export const stageLayer = (
  options: Partial<Options>,
  limits: Partial<Limits> = {}
): Layer.Layer<CalendarContract.CalendarStage | CalendarProvider> =>
  Layer.unwrap(
    Effect.gen(function* () {
      const simulator = yield* Effect.acquireRelease(
        Effect.promise(() => startSimulator({ options })),
        (running) => Effect.promise(() => running.close())
      )
      simulator.edit({ type: "addClient", ...client })
      const provider = layer({
        apiUrl: simulator.url,
        tokenUrl: simulator.url,
        // Nobody listens there: what is posted is given up.
        notificationUrl: "http://127.0.0.1:9/webhooks/google",
        limits: { ...hasty, ...limits }
      })
      return Layer.merge(provider, Layer.succeed(CalendarContract.CalendarStage, stageOn(simulator)))
    })
  )

const timesAt = (start: number) => ({
  start: { dateTime: new Date(start).toISOString(), timeZone: "UTC" },
  end: { dateTime: new Date(start + halfHour).toISOString(), timeZone: "UTC" }
})

const daily = ["RRULE:FREQ=DAILY"]

const stageOn = (simulator: Simulator): CalendarContract.CalendarStage["Service"] => {
  let people = 0
  const startTimes = new Map<string, number>()
  const edit = (what: Edit): Effect.Effect<string> => Effect.sync(() => simulator.edit(what))
  const done = (what: Edit): Effect.Effect<void> => Effect.asVoid(edit(what))
  const emailOf = (accountId: string): string =>
    [...simulator.world().people.values()].find(({ sub }) => sub === accountId)?.email ?? unknown(accountId)
  const instanceId = (seriesId: string, date: string): string => {
    const start = new Date(Date.parse(date) + (startTimes.get(seriesId) ?? 0)).toISOString()
    return `${seriesId}_${start.replaceAll(/[-:]|\.\d+/g, "")}`
  }
  return CalendarContract.CalendarStage.of({
    account: Effect.sync(() => {
      const email = `person-${people++}@example.com`
      simulator.edit({ type: "addPerson", email })
      const refreshToken = simulator.edit({ type: "grant", email, clientId: client.clientId, scopes: askedScopes })
      const accountId = simulator.world().people.get(email)?.sub ?? unknown(email)
      return {
        credentials: Redacted.make({ ...client, refreshToken, obtainedAt: 0 }),
        calendarId: email as ProviderCalendarId,
        accountId
      }
    }),
    addCalendar: ({ accountId }) =>
      Effect.map(
        edit({ type: "addCalendar", email: emailOf(accountId), summary: "Side" }),
        (id) => id as ProviderCalendarId
      ),
    create: (calendar, start, summary) =>
      edit({
        type: "createEvent",
        calendar,
        members: { summary, organizer: { email: "Olga@fabrikam.example" }, ...timesAt(start) }
      }),
    createDaily: (calendar, startDate, startTime, summary) =>
      Effect.tap(
        edit({
          type: "createEvent",
          calendar,
          members: {
            summary,
            organizer: { email: calendar, self: true },
            recurrence: daily,
            ...timesAt(Date.parse(startDate) + startTime)
          }
        }),
        (id) => Effect.sync(() => void startTimes.set(id, startTime))
      ),
    move: (calendar, id, start) => done({ type: "patchEvent", calendar, id, members: timesAt(start) }),
    cancel: () => Effect.die(new Error("what is cancelled is gone here")),
    remove: (calendar, id) => done({ type: "deleteEvent", calendar, id }),
    moveOccurrence: (calendar, seriesId, date, start) =>
      whereThereIsOne(done({ type: "patchEvent", calendar, id: instanceId(seriesId, date), members: timesAt(start) })),
    deleteOccurrence: (calendar, seriesId, date) =>
      whereThereIsOne(done({ type: "deleteEvent", calendar, id: instanceId(seriesId, date) })),
    makeDaily: (calendar, id, start) =>
      Effect.tap(done({ type: "patchEvent", calendar, id, members: { recurrence: daily, ...timesAt(start) } }), () =>
        Effect.sync(() => void startTimes.set(id, start % (24 * 60 * minute)))
      ),
    makeSingle: (calendar, id, start) =>
      done({ type: "patchEvent", calendar, id, members: { recurrence: null, ...timesAt(start) } }),
    setFacts: (calendar, id, { people: guests, response }) =>
      done({
        type: "patchEvent",
        calendar,
        id,
        members: {
          // Somebody else's: who calls a meeting has nothing to answer.
          organizer: { email: "olga@fabrikam.example" },
          attendees: [
            ...guests.map((email) => ({ email, responseStatus: "needsAction" })),
            { email: calendar, self: true, responseStatus: response },
            { email: "c_room@resource.calendar.google.com", resource: true, responseStatus: "accepted" }
          ]
        }
      }),
    revoke: ({ accountId }) => done({ type: "revokeGrant", email: emailOf(accountId) }),
    forgetCursors: (calendar) => done({ type: "expireSyncTokens", calendar }),
    refuseSubscriptions: (calendar) => done({ type: "setPush", calendar, isPushable: false }),
    throttle: ({ accountId }) =>
      done({
        type: "fault",
        email: emailOf(accountId),
        fault: { until: Date.now() + minute, status: 403, reason: "userRateLimitExceeded" }
      })
  })
}

/** A date that the series does not have, or has no longer, is left as it is. */
const whereThereIsOne = (edited: Effect.Effect<void>): Effect.Effect<void> =>
  Effect.catchDefect(edited, (defect) => (defect instanceof EditRefused ? Effect.void : Effect.die(defect)))

const unknown = (what: string): never => {
  throw new Error(`the stage has no ${what}`)
}
