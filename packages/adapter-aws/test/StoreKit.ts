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
  type EventId,
  type Intent,
  type MeetingKey,
  type Override,
  type ScheduleName,
  Store,
  type StoreError,
  type UserId
} from "@punctual/core"
import { it } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { TableOptions } from "../src/dynamo/table/Table.ts"
import { layer } from "../src/Store.ts"
import { type Asked, type Decide, type Engine, type Fault, refusal } from "./dynamo/Engine.ts"

export const now = 2_250_072_000_000
export const minute = 60_000
export const hour = 60 * minute

export const userId = "usr_1" as UserId
export const calendarId = "AAMk=" as CalendarId

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

export const cancelled = (...codes: ReadonlyArray<string>): Fault =>
  refusal("TransactionCanceledException", { CancellationReasons: codes.map((Code) => ({ Code })) })

export const transactions = (asked: ReadonlyArray<Asked>): ReadonlyArray<Asked> =>
  asked.filter(({ operation }) => operation === "TransactWriteItems")

export const connectionOf = (members: Partial<Connection> = {}): Connection => ({
  userId,
  generation: 1,
  revision: 1,
  status: "active",
  statusReason: null,
  statusMessage: null,
  accountId: "account",
  email: null,
  name: null,
  credentialsVersion: 1,
  notBefore: null,
  createdAt: now,
  updatedAt: now,
  ...members
})

export const tombstone = connectionOf({ generation: 2, revision: 2, status: "disconnected", statusReason: "erasing" })

/** Connects the user, with one calendar or those named. */
export const connected = Effect.fnUntraced(function* (
  store: Store["Service"],
  ids: ReadonlyArray<CalendarId> = [calendarId]
): Effect.fn.Return<void, StoreError> {
  yield* store.saveConnection(connectionOf(), null)
  const listings = ids.map((id) => ({
    id,
    summary: "Calendar",
    isPrimary: false,
    accessRole: "owner" as const,
    color: "#0078d4",
    timeZone: null
  }))
  yield* store.listCalendars(userId, 1, listings, now)
})

export const claimed = (store: Store["Service"], at: number = now): Effect.Effect<Claim, StoreError> =>
  Effect.map(store.claimCalendar(userId, calendarId, at, at + minute), Option.getOrThrow)

export const eventOf = (label: string, members: Partial<CalendarEvent> = {}): CalendarEvent => ({
  id: `evt_${label}` as EventId,
  calendarId,
  providerId: `provider ${label}`,
  kind: "single",
  seriesId: null,
  seriesKey: null,
  originalDate: null,
  originalStart: null,
  meeting: meetingOf(label),
  iCalUid: label,
  start: now,
  end: now + hour,
  isAllDay: false,
  zone: "UTC",
  subject: label,
  link: null,
  isCancelled: false,
  isDeclined: false,
  isDeleted: false,
  isProjected: false,
  createdAt: now,
  updatedAt: now,
  raw: null,
  rawTruncated: false,
  ...members
})

export const eventsOf = (count: number): ReadonlyArray<CalendarEvent> =>
  Array.from({ length: count }, (_, n) => eventOf(`${n}`))

export const meetingOf = (label: string): MeetingKey => `uid:${label}` as MeetingKey

export const intentOf = (label: string): Intent => ({
  kind: "event",
  id: `int_${label}`,
  seq: 1,
  meeting: meetingOf(label),
  origin: "manual",
  config: {}
})

export const overrideOf = (label: string): Override => ({
  meeting: meetingOf(label),
  joinOffsetMillis: null,
  botName: label,
  customAttributes: null,
  config: null
})

export const botOf = (label: string, members: Partial<Bot> = {}): Bot => ({
  id: `bot_${label}` as BotId,
  meeting: meetingOf(label),
  eventId: `evt_${label}` as EventId,
  calendarId,
  status: "Scheduled",
  statusReason: null,
  statusMessage: null,
  origin: "manual",
  seq: 1,
  joinAt: now,
  start: now,
  end: now + hour,
  link: { platform: "zoom", url: "https://zoom.us/j/1" },
  botName: "Bot",
  customAttributes: {},
  config: {},
  schedule: { name: `bot-${label}` as ScheduleName, group: "zoom", wanted: 1, applied: 0 },
  launch: null,
  externalId: null,
  revision: 1,
  createdAt: now,
  updatedAt: now,
  ...members
})

export const everythingOf = (store: Store["Service"]) => store.slice(userId, { kind: "all" }, now)

/** A commit against version 0, or another. */
export const decisionOf = (members: Partial<Commit> = {}): Commit => ({
  userId,
  version: 0,
  generation: 1,
  decided: null,
  decideAt: null,
  ...members
})

export const made = (bot: Bot) => ({ bot, expected: null })

export const reasonOf = <A>(effect: Effect.Effect<A, StoreError>): Effect.Effect<string, A> =>
  Effect.map(Effect.flip(effect), ({ reason }) => reason._tag)
