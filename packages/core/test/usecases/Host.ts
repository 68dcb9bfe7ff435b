/**
 * A host for tests: the facade over in-memory adapters, one connected user, and the words to tell a story in.
 * Decides nothing; time is the test clock's.
 */
import { assert } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import {
  type Store,
  type Bot,
  type CalendarId,
  CurrentPolicy,
  type EventsRequest,
  type Failure,
  type ListedEvent,
  type ProviderCalendarId,
  type Policy,
  Punctual,
  Refusal,
  type ScheduleRequest,
  type UserId,
  defaultPolicy
} from "../../src/index.ts"
import * as CalendarMemory from "../../testing/memory/CalendarMemory.ts"
import * as LauncherMemory from "../../testing/memory/LauncherMemory.ts"
import * as SchedulerMemory from "../../testing/memory/SchedulerMemory.ts"
import * as SecretsMemory from "../../testing/memory/SecretsMemory.ts"
import * as StoreMemory from "../../testing/memory/StoreMemory.ts"
import { calendarId, connectionId } from "../../src/domain/DeterministicIds.ts"

/** The facade over a store that a story looks into, and other adapters of its own, with some of the policy changed. */
export const layerOver = <Beside>(
  store: Layer.Layer<Store | Beside>,
  policy: Partial<Policy> = {},
  calendar: typeof CalendarMemory.layer = CalendarMemory.layer
) =>
  Punctual.layer.pipe(
    Layer.provideMerge(
      Layer.mergeAll(store, SchedulerMemory.layer, SecretsMemory.layer, LauncherMemory.layer, calendar)
    ),
    // A story says itself when what was told is read; `Settling.test.ts` tells when it is left to the worker.
    Layer.provide(Layer.succeed(CurrentPolicy, { ...defaultPolicy, settleMillis: 0, ...policy }))
  )

export const layerWith = (policy: Partial<Policy>) => layerOver(StoreMemory.layer, policy)

export const layer = layerWith({})

export const noon = Date.UTC(2026, 2, 10, 12)
export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour
export const zoom = "https://zoom.us/j/1234567890?pwd=abc"
export const meet = "https://meet.google.com/abc-defg-hij"

export const user = "usr_ada" as UserId

/** The user's calendar that the provider knows by that id. */
export const ours = (providerId: ProviderCalendarId): CalendarId =>
  calendarId(connectionId("memory_calendar", user), providerId)

/** The user's one connection, with its calendars. */
export const account = Effect.gen(function* () {
  const { calendars, connections } = yield* (yield* Punctual).connections(user)
  const [connection] = connections
  return { connection: connection ?? assert.fail("nobody is connected"), calendars }
})

/** One user connected to an account with one calendar, at noon. */
export const connected = Effect.gen(function* () {
  yield* TestClock.setTime(noon)
  const control = yield* CalendarMemory.CalendarControl
  const punctual = yield* Punctual
  const credentials = yield* control.addAccount({ email: "ada@example.com", name: "Ada" })
  const added = yield* control.addCalendar(credentials.accountId)
  yield* punctual.connect(user, Redacted.make(credentials))
  return { control, punctual, calendarId: added, accountId: credentials.accountId, credentials }
})

export const everything: EventsRequest = {
  calendarId: "all",
  span: { from: noon - day, to: noon + 28 * day },
  includeDeleted: true,
  uniqueMeetings: false,
  limit: 1_000,
  place: null,
  backwards: false
}

/** Delivers what the provider would have posted, and works until nothing is due. */
export const settle = Effect.gen(function* () {
  const control = yield* CalendarMemory.CalendarControl
  const punctual = yield* Punctual
  yield* punctual.receive(
    (yield* control.takeNotifications).map((notification) => ({
      subscriptionId: notification.subscriptionId,
      clientState: Redacted.make(notification.clientState),
      kind: "change" as const
    }))
  )
  for (;;) {
    const synced = yield* punctual.syncNext
    if (synced._tag === "None") return
  }
})

export const listed = Effect.gen(function* () {
  const punctual = yield* Punctual
  return (yield* punctual.events(user, everything, "never")).items
})

/** The row of that subject; a test that names it knows it is there. */
export const row = (subject: string): Effect.Effect<ListedEvent, Failure, Punctual> =>
  Effect.map(listed, (rows) => {
    const found = rows.find(({ event }) => event.subject === subject)
    assert.isDefined(found, `no event "${subject}" among ${rows.map(({ event }) => event.subject).join(", ")}`)
    return found
  })

/** The newest bot of that subject's meeting. */
export const botOf = (subject: string): Effect.Effect<Bot | undefined, Failure, Punctual> =>
  Effect.map(row(subject), ({ bots }) => bots[0])

export const ask = (eventId: ScheduleRequest["eventId"], options: Partial<ScheduleRequest> = {}): ScheduleRequest => ({
  eventId,
  config: {},
  occurrenceDate: null,
  allOccurrences: false,
  occurrenceLimit: 52,
  recurring: false,
  ...options
})

/** The refusal of a request that must be refused. */
export const refused = <A>(effect: Effect.Effect<A, Failure, Punctual>): Effect.Effect<Refusal, never, Punctual> =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, Refusal)
    return error
  }).pipe(Effect.catch(() => Effect.die("the request was not refused")))

/** A meeting of an hour, two hours ahead. */
export const review = { subject: "Review", start: noon + 2 * hour, end: noon + 3 * hour, joinUrl: zoom }

/** It, synced, with a bot asked for by hand. */
export const reviewScheduled = Effect.fnUntraced(function* (config: ScheduleRequest["config"] = {}) {
  const host = yield* connected
  const providerId = yield* host.control.create(host.calendarId, review)
  yield* settle
  const { event } = yield* row(review.subject)
  const { bot } = yield* host.punctual.schedule(user, ask(event.id, { config }))
  return { ...host, providerId, event, bot }
})
