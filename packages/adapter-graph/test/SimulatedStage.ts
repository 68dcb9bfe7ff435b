/**
 * The stage of the calendar contract, over the simulated Microsoft 365: one simulator and one notification address for
 * all cases, a person of its own for each account.
 */
import { Effect, Layer, Redacted } from "effect"
import type { ProviderCalendarId, CalendarProvider } from "@punctual/core"
import { CalendarContract } from "@punctual/core/testing"
import {
  type Credentials,
  type Edit,
  type Edited,
  EditRefused,
  startSimulator
} from "@punctual/adapter-graph/simulator"
import { layer } from "../src/index.ts"
import { startReceiver } from "./simulator/Receiver.ts"
import { hasty } from "./Simulated.ts"

const halfHour = 1_800_000
const iso = (instant: number): string => new Date(instant).toISOString()

/** The adapter and the stage, over one simulator that lives as long as the layer. */
export const stageLayer: Layer.Layer<CalendarContract.CalendarStage | CalendarProvider> = Layer.unwrap(
  Effect.gen(function* () {
    const simulator = yield* Effect.acquireRelease(
      Effect.promise(() => startSimulator({ seed: 1 })),
      (running) => Effect.promise(() => running.close())
    )
    const receiver = yield* Effect.acquireRelease(
      Effect.promise(() => startReceiver()),
      (running) => Effect.promise(() => running.close())
    )
    const owners = new Map<ProviderCalendarId, Person>()
    const provider = layer({
      graphUrl: simulator.url,
      loginUrl: simulator.url,
      notificationUrl: receiver.url,
      limits: hasty
    })
    return Layer.merge(provider, Layer.succeed(CalendarContract.CalendarStage, stageOn(simulator, owners)))
  })
)

interface Person {
  readonly name: string
  readonly mailbox: string
}

type Running = Awaited<ReturnType<typeof startSimulator>>

const stageOn = (
  simulator: Running,
  owners: Map<ProviderCalendarId, Person>
): CalendarContract.CalendarStage["Service"] => {
  const ownerOf = (calendarId: ProviderCalendarId): Person => owners.get(calendarId) ?? unknown(calendarId)
  const nameOf = (accountId: string): string =>
    [...owners.values()].find(({ mailbox }) => mailbox === accountId)?.name ?? unknown(accountId)
  const edit = (
    calendarId: ProviderCalendarId,
    make: (person: { readonly mailbox: string }) => Edit
  ): Effect.Effect<Edited> => Effect.sync(() => simulator.edit(make({ mailbox: ownerOf(calendarId).name })))
  const series = new Set<string>()
  return CalendarContract.CalendarStage.of({
    account: Effect.promise(async () => {
      const name = `person-${owners.size}@contoso.example`
      const given = simulator.addMailbox({ userPrincipalName: name })
      const calendarId = await firstCalendar(simulator, given)
      owners.set(calendarId, { name, mailbox: given.mailbox })
      const { clientId, clientSecret, refreshToken } = given
      const credentials = Redacted.make({ clientId, clientSecret, refreshToken, obtainedAt: 0 })
      return { credentials, calendarId, accountId: given.mailbox }
    }),
    addCalendar: ({ accountId, calendarId: first }) =>
      Effect.map(
        edit(first, (person) => ({ type: "addCalendar", ...person, name: `Side ${owners.size}` })),
        (edited) => {
          const calendarId = edited.calendarId as ProviderCalendarId
          owners.set(calendarId, { name: nameOf(accountId), mailbox: accountId })
          return calendarId
        }
      ),
    create: (calendarId, start, subject) =>
      Effect.map(
        edit(calendarId, (person) => ({
          type: "createEvent",
          ...person,
          calendar: calendarId,
          start: iso(start),
          end: iso(start + halfHour),
          // Somebody else's meeting: it stays when it is cancelled.
          details: { subject, organizer: { name: "Olga", address: "olga@fabrikam.example" } }
        })),
        idOf
      ),
    createDaily: (calendarId, startDate, startTime, subject) =>
      Effect.map(
        edit(calendarId, (person) => ({
          type: "createSeries",
          ...person,
          calendar: calendarId,
          start: iso(Date.parse(startDate) + startTime),
          end: iso(Date.parse(startDate) + startTime + halfHour),
          timeZone: "UTC",
          pattern: { type: "daily" },
          details: { subject }
        })),
        (edited) => {
          series.add(idOf(edited))
          return idOf(edited)
        }
      ),
    move: (calendarId, event, start) =>
      Effect.asVoid(edit(calendarId, (person) => ({ type: "moveEvent", ...person, event, start: iso(start) }))),
    cancel: (calendarId, event) =>
      Effect.asVoid(edit(calendarId, (person) => ({ type: "cancelEvent", ...person, event }))),
    remove: (calendarId, event) =>
      Effect.asVoid(
        edit(calendarId, (person) =>
          series.has(event)
            ? { type: "deleteSeries", ...person, series: event }
            : { type: "deleteEvent", ...person, event }
        )
      ),
    moveOccurrence: (calendarId, master, date, start) =>
      whereThereIsOne(
        edit(calendarId, (person) => ({ type: "moveOccurrence", ...person, series: master, date, start: iso(start) }))
      ),
    makeDaily: (calendarId, event) =>
      Effect.map(
        edit(calendarId, (person) => ({ type: "makeRecurring", ...person, event, pattern: { type: "daily" } })),
        () => void series.add(event)
      ),
    makeSingle: (calendarId, master, start) =>
      Effect.map(
        edit(calendarId, (person) => ({ type: "makeSingle", ...person, series: master, start: iso(start) })),
        () => void series.delete(master)
      ),
    deleteOccurrence: (calendarId, master, date) =>
      whereThereIsOne(edit(calendarId, (person) => ({ type: "deleteOccurrence", ...person, series: master, date }))),
    setFacts: (calendarId, event, { categories, people, response }) =>
      Effect.asVoid(
        edit(calendarId, (person) => ({
          type: "changeEvent",
          ...person,
          event,
          details: {
            response: response === "tentative" ? "tentativelyAccepted" : response,
            attendees: [
              ...people.map((address) => ({ name: address, address })),
              { name: "Room 5", address: "room5@fabrikam.example", type: "resource" }
            ],
            categories
          }
        }))
      ),
    revoke: ({ calendarId }) => Effect.asVoid(edit(calendarId, (person) => ({ type: "revokeGrant", ...person }))),
    forgetCursors: (calendarId) => Effect.asVoid(edit(calendarId, (person) => ({ type: "loseSyncState", ...person }))),
    refuseSubscriptions: (calendarId) =>
      Effect.asVoid(edit(calendarId, (person) => ({ type: "setNotifications", ...person, enabled: false }))),
    throttle: ({ accountId }) =>
      Effect.sync(() =>
        simulator.addFaults({ mailbox: accountId, times: 1, answer: { type: "throttle", retryAfter: 60 } })
      )
  })
}

/** A date that the series does not have, or has no longer, is left as it is. */
const whereThereIsOne = (edit: Effect.Effect<Edited>): Effect.Effect<void> =>
  Effect.catchDefect(edit, (defect) => (defect instanceof EditRefused ? Effect.void : Effect.die(defect))).pipe(
    Effect.asVoid
  )

const idOf = (edited: Edited): string => edited.immutableId ?? unknown("an id")

const firstCalendar = async (simulator: Running, { accessToken }: Credentials): Promise<ProviderCalendarId> => {
  const headers = { authorization: `Bearer ${accessToken}` }
  const response = await fetch(`${simulator.url}/v1.0/me/calendars`, { headers })
  const { value } = (await response.json()) as { readonly value: ReadonlyArray<{ readonly id: ProviderCalendarId }> }
  return value[0]?.id ?? unknown("a calendar")
}

const unknown = (what: string): never => {
  throw new Error(`the stage has no ${what}`)
}
