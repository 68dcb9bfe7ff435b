/**
 * A store on a table of its own, users to fill it, and ways to have requests go wrong. Decides rows and names only.
 */
import {
  type Bot,
  type BotId,
  type CalendarEvent,
  type CalendarId,
  type Claim,
  type Commit,
  type Connection,
  type Erased,
  type Intent,
  type Override,
  Store,
  type StoreError
} from "@punctual/core"
import { Rows } from "@punctual/core/testing"
import { it } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { TableOptions } from "../src/dynamo/table/Table.ts"
import { layer } from "../src/Store.ts"
import { type Asked, type Decide, type Engine, type Fault, refusal } from "./dynamo/Engine.ts"

export const { calendarId, connectionId, hour, minute, now, userId } = Rows

export const pass: Fault = { kind: "pass" }

/** One test on a store with a table of its own; the engine behaves again afterwards. */
export const inStore = <E>(
  name: string,
  engine: () => Engine,
  body: (store: Store["Service"], options: TableOptions) => Effect.Effect<void, E>
): void => {
  it.live(name, () =>
    Effect.gen(function* () {
      const options = yield* engine().freshTable
      yield* Store.use((store) => body(store, options)).pipe(Effect.provide(layer(options)))
    }).pipe(Effect.ensuring(Effect.sync(() => engine().onRequest(() => pass))))
  )
}

/** The faults in turn for requests of one operation; what comes after them passes. */
export const inTurn = (operation: string, ...faults: ReadonlyArray<Fault>): Decide => {
  const left = [...faults]
  return (asked) => (asked.operation === operation ? (left.shift() ?? pass) : pass)
}

/** Before the transaction of that number (the first is 1) passes, the work is done; the engine behaves from then on. */
export const meanwhile = (engine: () => Engine, number: number, work: Effect.Effect<unknown, unknown>): void => {
  let count = 0
  engine().onRequest(async ({ operation }) => {
    if (operation !== "TransactWriteItems" || ++count !== number) return pass
    engine().onRequest(() => pass)
    await Effect.runPromise(work)
    return pass
  })
}

/** As another process does it. */
export const through = <A, E>(
  options: TableOptions,
  use: (store: Store["Service"]) => Effect.Effect<A, E>
): Effect.Effect<A, E> => Store.use(use).pipe(Effect.provide(layer(options)))

export const cancelled = (...codes: ReadonlyArray<string>): Fault =>
  refusal("TransactionCanceledException", { CancellationReasons: codes.map((Code) => ({ Code })) })

export const transactions = (asked: ReadonlyArray<Asked>): ReadonlyArray<Asked> =>
  asked.filter(({ operation }) => operation === "TransactWriteItems")

export const connectionOf = (members: Partial<Connection> = {}): Connection => Rows.connection(members)

export const tombstone = connectionOf({ generation: 2, revision: 2, status: "disconnected", statusReason: "erasing" })

export const nothingErased: Erased = { events: 0, liveBots: 0, isDone: true, keptBots: 0 }

/** Connects the user, with one calendar or those named. */
export const connected = Effect.fnUntraced(function* (
  store: Store["Service"],
  ids: ReadonlyArray<CalendarId> = [calendarId]
): Effect.fn.Return<void, StoreError> {
  yield* store.saveConnection(connectionOf(), null)
  const listings = ids.map((id) => Rows.listing({ id, timeZone: null }))
  yield* store.listCalendars(connectionOf(), listings, now)
})

export const claimed = (store: Store["Service"], at: number = now): Effect.Effect<Claim, StoreError> =>
  Effect.map(store.claimCalendar(userId, calendarId, at, at + minute), Option.getOrThrow)

/** As small as an event can be: without a link, without what the provider said of it. */
export const eventOf = (label: string, members: Partial<CalendarEvent> = {}): CalendarEvent =>
  Rows.event(label, { link: null, raw: null, ...members })

export const eventsOf = (count: number): ReadonlyArray<CalendarEvent> =>
  Array.from({ length: count }, (_, n) => eventOf(`${n}`))

export const intentOf = (label: string): Intent => Rows.eventIntent(eventOf(label).meeting, { id: `int_${label}` })

export const overrideOf = (label: string): Override => Rows.override(eventOf(label).meeting, { botName: label })

/** Its id is its label's, not its meeting's. */
export const botOf = (label: string, members: Partial<Bot> = {}): Bot =>
  Rows.bot(eventOf(label), { id: `bot_${label}` as BotId, joinAt: now, ...members })

export const everythingOf = (store: Store["Service"]) => store.slice(userId, { kind: "all" }, now)

/** A commit against the version of a user who has just connected, or another. */
export const decisionOf = (members: Partial<Commit> = {}): Commit => ({
  userId,
  version: 1,
  decided: null,
  decideAt: null,
  ...members
})

export const made = (bot: Bot) => ({ bot, expected: null })

export const reasonOf = <A>(effect: Effect.Effect<A, StoreError>): Effect.Effect<string, A> =>
  Effect.map(Effect.flip(effect), ({ reason }) => reason._tag)
