/**
 * A host that embeds the core in an Effect program: in-memory adapters, one meeting, one bot that follows it.
 * Decides nothing but the order of the story; put your own adapters in the places of these.
 */
import { Console, Effect, Layer, Redacted } from "effect"
import { Punctual, type UserId } from "@punctual/core"
import { CalendarMemory, LauncherMemory, SchedulerMemory, SecretsMemory, StoreMemory } from "@punctual/core/memory"

// The five ports. In production: adapter-graph, adapter-postgres, and a launcher of yours.
const adapters = Layer.mergeAll(
  CalendarMemory.layer,
  StoreMemory.layer,
  SchedulerMemory.layer,
  SecretsMemory.layer,
  LauncherMemory.layer
)

export const program = Effect.gen(function* () {
  const punctual = yield* Punctual
  const calendar = yield* CalendarMemory.CalendarControl
  const ada = "usr_ada" as UserId

  // Someone has a calendar with a meeting in it, and connects it.
  const account = yield* calendar.addAccount({ email: "ada@example.com" })
  const calendarId = yield* calendar.addCalendar(account.accountId)
  const meeting = yield* calendar.create(calendarId, { subject: "Review", joinUrl: "https://zoom.us/j/5551234567" })
  yield* punctual.connect(ada, Redacted.make(account))
  yield* punctual.syncUser(ada)

  // A bot for everything in the next 24 hours. Then the meeting moves, and its bot with it.
  yield* punctual.enableAuto(ada, { bot_name: "Notetaker" })
  const before = (yield* punctual.bots(ada, { limit: 10, place: null, backwards: false })).items[0]
  yield* calendar.change(meeting, { start: (before?.start ?? 0) + 3_600_000 })
  yield* punctual.syncUser(ada)
  const after = (yield* punctual.bots(ada, { limit: 10, place: null, backwards: false })).items[0]
  yield* Console.log(`${after?.botName} moved by ${((after?.joinAt ?? 0) - (before?.joinAt ?? 0)) / 60_000} minutes`)
  return { before, after }
}).pipe(Effect.provide(Punctual.layer.pipe(Layer.provideMerge(adapters))))

if (import.meta.main) await Effect.runPromise(program)
