/**
 * The users that the store's contract makes: a new one for each case, since the cases of a suite share one store.
 *
 * Decides how a case gets its user, its claims and its commits, through the port alone. Never asserts.
 */
import type { Vitest } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { Connection } from "../../../src/domain/Connection.ts"
import type { CalendarEvent } from "../../../src/domain/Event.ts"
import type { BotId, CalendarId, UserId } from "../../../src/domain/Ids.ts"
import type { Series } from "../../../src/domain/Series.ts"
import { type Claim, type Commit, type Scope, type Slice, Store, type StoreError } from "../../../src/ports/Store.ts"
import { freshUserId } from "../../rows/Fresh.ts"
import { connection, listing, minute, now, window } from "./Rows.ts"

/** What cases are registered with: `it` of a suite whose layer offers the store. */
export type It = Vitest.MethodsNonLive<Store>

/** A connected user with two calendars: the second is listed first, the primary one after it. */
export interface User {
  readonly userId: UserId
  readonly connection: Connection
  readonly primary: CalendarId
  readonly second: CalendarId
}

/** Ids that begin alike and sort by their label within one user. */
export const botIdOf = (userId: UserId, label: string): BotId => `bot_${userId.slice("usr_".length)}${label}` as BotId

export const connected = (members: Partial<Connection> = {}): Effect.Effect<User, StoreError, Store> =>
  Effect.flatMap(freshUserId, (userId) => connectedAs(userId, members))

export const connectedAs = Effect.fnUntraced(function* (
  userId: UserId,
  members: Partial<Connection> = {}
): Effect.fn.Return<User, StoreError, Store> {
  const store = yield* Store
  const row = connection(userId, members)
  yield* store.saveConnection(row, null)
  const second = listing(row.id, "AAMk=Second")
  const primary = listing(row.id, "AAMk=primary", { isPrimary: true })
  yield* store.listCalendars(row, [second, primary], now)
  return { userId, connection: row, primary: primary.id, second: second.id }
})

/** A claim on one of the user's calendars, for a minute. */
export const claimed = Effect.fnUntraced(function* (
  user: User,
  calendarId: CalendarId,
  at: number = now
): Effect.fn.Return<Claim, StoreError, Store> {
  const store = yield* Store
  const claim = yield* store.claimCalendar(user.userId, calendarId, at, at + minute)
  return Option.getOrThrowWith(claim, () => new Error(`no claim on ${calendarId} of ${user.userId}`))
})

/** Everything a round ends with. */
export const round = {
  cursor: "cursor 1",
  window,
  basedAt: now,
  syncedAt: now,
  endedAt: now + 1,
  againAt: now + 1,
  dueAt: now + 5 * minute
}

/** Puts rows into the mirror, each by a whole round of its calendar. */
export const listed = Effect.fnUntraced(function* (
  user: User,
  rows: { readonly events?: ReadonlyArray<CalendarEvent>; readonly series?: ReadonlyArray<Series> },
  /** Later than whoever holds a claim. */
  afterMillis = 0
): Effect.fn.Return<void, StoreError, Store> {
  const store = yield* Store
  const { events = [], series = [] } = rows
  for (const calendarId of new Set([...events, ...series].map((row) => row.calendarId))) {
    const claim = yield* claimed(user, calendarId, now + afterMillis)
    yield* store.putMirror(claim, {
      events: events.filter((row) => row.calendarId === calendarId),
      series: series.filter((row) => row.calendarId === calendarId)
    })
    yield* store.finishPass(claim, round)
  }
})

export const sliceOf = (user: User, scope: Scope = { kind: "all" }): Effect.Effect<Slice, StoreError, Store> =>
  Store.use((store) => store.slice(user.userId, scope, now))

/** A commit against the present state that decides nothing, to put members into. */
export const decision = Effect.fnUntraced(function* (
  user: User,
  members: Partial<Commit> = {}
): Effect.fn.Return<Commit, StoreError, Store> {
  const { version } = yield* sliceOf(user, { kind: "meetings", meetings: [], series: [] })
  return { userId: user.userId, version, decided: null, decideAt: null, ...members }
})

/** Commits against the present state. */
export const committed = (user: User, members: Partial<Commit>): Effect.Effect<void, StoreError, Store> =>
  Effect.flatMap(decision(user, members), (made) => Store.use((store) => store.commit(made)))

/** Decides all that is in the mirror so far. */
export const caughtUp = Effect.fnUntraced(function* (user: User): Effect.fn.Return<void, StoreError, Store> {
  const { mirrorNumber } = yield* sliceOf(user)
  yield* committed(user, { decided: mirrorNumber })
})

/** Why the store refused. It fails the case if the store did not. */
export const refusal = <A>(effect: Effect.Effect<A, StoreError, Store>): Effect.Effect<string, A, Store> =>
  Effect.map(Effect.flip(effect), (error) => error.reason._tag)

/** Ids of rows, in their order. */
export const idsOf = <Id extends string>(rows: ReadonlyArray<{ readonly id: Id }>): Array<Id> =>
  rows.map(({ id }) => id)

/** Ids of rows whose order the port doesn't say. */
export const sortedIdsOf = <Id extends string>(rows: ReadonlyArray<{ readonly id: Id }>): Array<Id> =>
  idsOf(rows).toSorted()

/** More than any suite leaves behind: lists over all users are filtered by the case's own. */
export const everyone = 100_000
