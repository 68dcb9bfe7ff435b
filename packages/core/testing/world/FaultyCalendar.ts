/**
 * The calendar provider, and the secret store, as one simulated process reaches them.
 * Decides by chance which request fails, before its work or after it. What people do to calendars, revoked grants and
 * forgotten cursors are the workload's.
 */
import { Effect, Stream } from "effect"
import type { ChangePage } from "../../src/domain/Provider.ts"
import {
  CalendarError,
  CalendarProvider,
  type CalendarSession,
  Throttled,
  Unavailable
} from "../../src/ports/CalendarProvider.ts"
import { Secrets, SecretsError, SecretsUnavailable } from "../../src/ports/Secrets.ts"
import { type Io, makeIo } from "./Faulty.ts"
import type { Process } from "./Loop.ts"
import type { Stage } from "./Stage.ts"

type Provider = CalendarProvider["Service"]

const retryAfterMillisMax = 120_000

export const faultyCalendar = (stage: Stage, process: Process, real: Provider): Provider => {
  const unavailable = makeIo(stage, process, {
    probability: stage.swarm.calendarError,
    failure: (operation) =>
      new CalendarError({ operation, reason: new Unavailable({ message: `${operation}: simulated` }) }),
    before: "calendarFailed",
    after: "calendarFailedAfterwards"
  })
  const throttled = makeIo(stage, process, {
    probability: stage.swarm.throttled,
    failure: (operation) =>
      new CalendarError({
        operation,
        reason: new Throttled({ retryAfterMillis: stage.chance.int(1_000, retryAfterMillisMax) })
      }),
    before: "calendarThrottled"
  })
  const io: Io<CalendarError> = (operation, effect) => throttled(operation, unavailable(operation, effect))
  return CalendarProvider.of({
    platform: real.platform,
    capabilities: real.capabilities,
    verify: (credentials) => io("verify", real.verify(credentials)),
    open: (options) => Effect.map(real.open(options), (session) => faultySession(stage, session, io))
  })
}

const faultySession = (stage: Stage, real: CalendarSession, io: Io<CalendarError>): CalendarSession => ({
  profile: io("profile", real.profile),
  calendars: io("calendars", real.calendars),
  // Each page is a request of its own, and the round may break off after any of them.
  changes: (calendarId, from) =>
    Stream.suspend(() =>
      !stage.isHealed && "cursor" in from && stage.chance.hits(stage.swarm.staleDelta)
        ? stale(stage, from.cursor)
        : replayed(stage, real.changes(calendarId, from))
    ).pipe(Stream.mapEffect((page) => io("changes", Effect.succeed(page)))),
  view: (calendarId, span) =>
    real.view(calendarId, span).pipe(Stream.mapEffect((page) => io("view", Effect.succeed(page)))),
  event: (calendarId, providerId) => io("event", real.event(calendarId, providerId)),
  series: (calendarId, providerId) => io("series", real.series(calendarId, providerId)),
  subscribe: (calendarId) => io("subscribe", real.subscribe(calendarId)),
  renew: (calendarId, id) => io("renew", real.renew(calendarId, id)),
  unsubscribe: (id) => io("unsubscribe", real.unsubscribe(id)),
  subscriptions: io("subscriptions", real.subscriptions)
})

/** A page that comes again, before the next one: providers promise no more than at least once. */
const replayed = <E>(stage: Stage, pages: Stream.Stream<ChangePage, E>): Stream.Stream<ChangePage, E> => {
  const { chance, isHealed, marks, swarm } = stage
  if (isHealed || !chance.hits(swarm.deltaReplayed)) return pages
  marks.deltaReplayed += 1
  return Stream.flatMap(pages, (page) => Stream.make({ ...page, cursor: null }, page))
}

/** As if nothing had changed: what has is told in a later round. */
const stale = (stage: Stage, cursor: string): Stream.Stream<ChangePage> => {
  stage.marks.deltaStale += 1
  return Stream.make({ items: [], rejected: 0, cursor })
}

/** Told of entries that were taken out. */
export interface SecretsWatch {
  readonly onErased: () => void
}

export const faultySecrets = (
  stage: Stage,
  process: Process,
  real: Secrets["Service"],
  watch: SecretsWatch
): Secrets["Service"] => {
  const io = makeIo(stage, process, {
    probability: stage.swarm.secretsError,
    failure: (operation) =>
      new SecretsError({
        operation: operation as SecretsError["operation"],
        reason: new SecretsUnavailable({ message: `${operation}: simulated` })
      }),
    before: "secretsFailed",
    after: "secretsFailedAfterwards"
  })
  const told = Effect.sync(watch.onErased)
  return Secrets.of({
    put: (ref, credentials) => io("put", real.put(ref, credentials)),
    get: (ref) => io("get", real.get(ref)),
    erase: (ref) => io("erase", Effect.tap(real.erase(ref), told)),
    eraseAll: (upTo) => io("erase", Effect.tap(real.eraseAll(upTo), told))
  })
}
