/**
 * The adapter against the simulated Google over a real socket: one person, one calendar, one session. Decides nothing about
 * what is right.
 */
import { Effect, Redacted, Stream } from "effect"
import {
  type CalendarError,
  CalendarProvider,
  type CalendarSession,
  type ChangeItem,
  type ProviderCalendarId,
  type Span
} from "@punctual/core"
import { type Options, type Simulator, startSimulator } from "@punctual/adapter-google/simulator"
import { type GoogleOptions, askedScopes, layer } from "../src/index.ts"
import { client, hasty } from "./SimulatedStage.ts"
import { ref } from "./Session.ts"

export const ada = "ada@example.com"
export const calendarId = ada as ProviderCalendarId

export interface Simulated {
  readonly simulator: Simulator
  readonly session: CalendarSession
  readonly round: (
    from: { readonly window: Span } | { readonly cursor: string }
  ) => Effect.Effect<{ readonly items: ReadonlyArray<ChangeItem>; readonly cursor: string }, CalendarError>
}

/** Runs against a fresh world, whose clock stands still. */
export const withSimulated = <A, E>(
  use: (simulated: Simulated) => Effect.Effect<A, E>,
  options: Partial<Options> = {},
  googleOptions: GoogleOptions = {}
): Effect.Effect<A, E | CalendarError> =>
  Effect.gen(function* () {
    const simulator = yield* Effect.acquireRelease(
      Effect.promise(() => startSimulator({ options })),
      (running) => Effect.promise(() => running.close())
    )
    simulator.edit({ type: "addClient", ...client })
    simulator.edit({ type: "addPerson", email: ada, timeZone: "Europe/Berlin" })
    const refreshToken = simulator.edit({ type: "grant", email: ada, clientId: client.clientId, scopes: askedScopes })
    const credentials = Redacted.make({ ...client, refreshToken, obtainedAt: 0 })
    const inside = Effect.gen(function* () {
      const provider = yield* CalendarProvider
      const session = yield* provider.open({ ref, credentials, notBefore: null, onRotated: () => Effect.void })
      const round: Simulated["round"] = (from) =>
        Effect.map(Stream.runCollect(session.changes(calendarId, from)), (pages) => ({
          items: pages.flatMap(({ items }) => items),
          cursor: pages.at(-1)?.cursor ?? ""
        }))
      return yield* use({ simulator, session, round })
    })
    const urls = { apiUrl: simulator.url, tokenUrl: simulator.url, limits: hasty }
    return yield* Effect.provide(inside, layer({ ...urls, ...googleOptions }))
  }).pipe(Effect.scoped)

/** The members of a meeting of half an hour. */
export const meeting = (summary: string, start: number, others: Record<string, unknown> = {}) => ({
  summary,
  start: { dateTime: new Date(start).toISOString(), timeZone: "UTC" },
  end: { dateTime: new Date(start + 1_800_000).toISOString(), timeZone: "UTC" },
  ...others
})

/** One word for each item and its start, in their order. */
export const told = (items: ReadonlyArray<ChangeItem>): ReadonlyArray<string> =>
  items.map((item) => {
    if (item.kind === "series") return `series ${item.series.providerId}`
    if (item.kind === "removed") return `removed ${item.providerId}`
    const { start } = item.kind === "event" ? item.event : item
    const series = item.kind === "event" ? item.event.seriesProviderId : item.seriesProviderId
    const kind = item.kind === "event" ? item.event.kind : item.kind
    return `${kind} of ${series ?? "none"} at ${new Date(start).toISOString().slice(0, 16)}`
  })
