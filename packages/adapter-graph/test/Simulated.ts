/**
 * The adapter against the simulated Microsoft 365 over a real socket: one person, one calendar, one session. Decides
 * nothing about what is right.
 */
import { Effect, Redacted, type Scope, Stream } from "effect"
import {
  type CalendarError,
  type ProviderCalendarId,
  CalendarProvider,
  type CalendarSession,
  type ChangeItem,
  type Credentials,
  type Span
} from "@punctual/core"
import { type Edit, type Simulator, type SimulatorOptions, startSimulator } from "@punctual/adapter-graph/simulator"
import { type GraphOptions, type Limits, layer } from "../src/index.ts"
import { ref } from "./Session.ts"

export const adele = "adele@contoso.example"

/** Pauses that a test can wait out in real time. */
export const hasty: Partial<Limits> = {
  backoffMinMillis: 2,
  backoffMaxMillis: 20,
  deadlineMillis: 1_500,
  pauseMinMillis: 20,
  pauseMaxMillis: 50
}

export interface Simulated {
  readonly simulator: Simulator
  readonly provider: CalendarProvider["Service"]
  readonly session: CalendarSession
  readonly calendarId: ProviderCalendarId
  readonly credentials: Redacted.Redacted<Credentials>
  /** Every rotated credential that was handed over to be saved. */
  readonly rotated: Array<Credentials>
}

const running = (options: SimulatorOptions): Effect.Effect<Simulator, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.promise(() => startSimulator({ seed: 1, mailboxes: [{ userPrincipalName: adele }], ...options })),
    (simulator) => Effect.promise(() => simulator.close())
  )

/** Runs against a fresh world. */
export const withSimulated = <A, E>(
  use: (simulated: Simulated) => Effect.Effect<A, E>,
  simulatorOptions: SimulatorOptions = {},
  graphOptions: GraphOptions = {}
): Effect.Effect<A, E | CalendarError> =>
  Effect.gen(function* () {
    const simulator = yield* running(simulatorOptions)
    const given = simulator.grant(adele)
    const { clientId, clientSecret, refreshToken } = given
    const credentials = Redacted.make({ clientId, clientSecret, refreshToken, obtainedAt: 0 })
    const rotated: Array<Credentials> = []
    const inside = Effect.gen(function* () {
      const provider = yield* CalendarProvider
      const onRotated = (next: Redacted.Redacted<Credentials>) =>
        Effect.sync(() => void rotated.push(Redacted.value(next)))
      const session = yield* provider.open({ ref, credentials, notBefore: null, onRotated })
      const [first] = yield* session.calendars
      if (first === undefined) return yield* Effect.die(new Error("a mailbox has a calendar"))
      return yield* use({ simulator, provider, session, calendarId: first.providerId, credentials, rotated })
    })
    const options = { graphUrl: simulator.url, loginUrl: simulator.url, limits: hasty, ...graphOptions }
    return yield* Effect.provide(inside, layer(options))
  }).pipe(Effect.scoped)

/** The items and the cursor of a round. */
export const round = (
  { calendarId, session }: Simulated,
  from: { readonly window: Span } | { readonly cursor: string }
): Effect.Effect<
  { readonly items: ReadonlyArray<ChangeItem>; readonly cursor: string; readonly rejected: number },
  CalendarError
> =>
  Effect.map(Stream.runCollect(session.changes(calendarId, from)), (pages) => ({
    items: pages.flatMap(({ items }) => items),
    cursor: pages.at(-1)?.cursor ?? "",
    rejected: pages.reduce((sum, page) => sum + page.rejected, 0)
  }))

/** One word for each item, in their order. */
export const told = (items: ReadonlyArray<ChangeItem>): ReadonlyArray<string> =>
  items.map((item) => {
    switch (item.kind) {
      case "event":
        return `${item.event.kind} ${item.event.subject}`
      case "series":
        return `series ${item.series.subject}`
      default:
        return item.kind
    }
  })

const hour = 3_600_000
export const day = 24 * hour

/** A Tuesday at noon: the simulator's clock stands still there. */
export const start = Date.UTC(2026, 10, 24, 12)
export const standing: SimulatorOptions = { now: () => start }
export const window: Span = { from: start - 2 * day, to: start + 7 * day }

/** So many hours from the start, as Graph writes it. */
export const at = (hours: number): string => new Date(start + hours * hour).toISOString()

export const meeting = (subject: string, hours: number): Edit => ({
  type: "createEvent",
  mailbox: adele,
  start: at(hours),
  end: at(hours + 0.5),
  details: { subject }
})

export const daily = (subject: string, hours: number): Edit => ({
  type: "createSeries",
  mailbox: adele,
  start: at(hours),
  end: at(hours + 0.5),
  pattern: { type: "daily" },
  details: { subject }
})

/** The name of the reason of a failure. */
export const failing = <A>(effect: Effect.Effect<A, CalendarError>): Effect.Effect<string, A> =>
  Effect.map(Effect.flip(effect), ({ reason }) => reason._tag)
