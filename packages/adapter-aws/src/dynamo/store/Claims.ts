/**
 * Claims: who may write a calendar's mirror, for how long, and how a round ends.
 * Decides who holds a calendar. Never touches the mirror itself: see `Mirror.ts`.
 *
 * The index leads to calendars that seem to be due; what their rows and the connection say decides, in the transaction
 * that takes the claim.
 */
import {
  type Calendar,
  type CalendarId,
  type Claim,
  type Connection,
  Fenced,
  type Instant,
  type Span,
  type SyncStatus,
  type UserId,
  calendarSynced,
  noCounts
} from "@punctual/core"
import { Effect, Option } from "effect"
import type { Action } from "../table/Batches.ts"
import type { OnContention } from "../table/DynamoRetry.ts"
import { type Condition, type Item, type Key, unchanged } from "../table/Item.ts"
import { type Cursor, last, merged } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import {
  type HeldCalendar,
  calendarItem,
  dueList,
  isCalendarOf,
  openAtOf,
  readyAt,
  toHeldCalendar,
  waitsFor
} from "./items/Calendar.ts"
import { isOfGeneration, isOfRevision, toConnectionOrNull } from "./items/Connection.ts"
import { calendarKey, connectionKey, everyShard, ordered, ownerOf } from "./items/Keys.ts"
import { appending, logOf } from "./Appending.ts"
import { optimisticRetry } from "./OptimisticRetry.ts"

/** From the longest due on; one that another takes at this very moment is passed over. Who is left out costs no read. */
export const claimNext = Effect.fnUntraced(function* (
  table: Table,
  now: Instant,
  leaseUntil: Instant,
  leftOut: ReadonlyArray<UserId>
): Effect.fn.Return<Option.Option<Claim>, TableError> {
  const cursor = yield* inOrder(table, `${ordered(now)}${last}`)
  const without = new Set(leftOut)
  for (;;) {
    const found = yield* cursor.next
    if (found === null) return Option.none()
    if (waitsFor(String(found["isk"])).readyAt > now || without.has(ownerOf(found["pk"]))) continue
    const candidate = yield* read(table, ownerOf(found["pk"]), { pk: String(found["pk"]), sk: String(found["sk"]) })
    if (candidate === null) continue
    const ready = readyAt(candidate.held)
    if (ready !== null && ready <= now) {
      const claim = yield* orNone(take(table, candidate, leaseUntil, "tell"))
      if (Option.isSome(claim)) return claim
    } else if (candidate.isMisplaced) {
      yield* orNone(putBack(table, candidate))
    }
  }
})

export const claimCalendar = (
  table: Table,
  userId: UserId,
  calendarId: CalendarId,
  now: Instant,
  leaseUntil: Instant
): Effect.Effect<Option.Option<Claim>, TableError> =>
  optimisticRetry(
    Effect.gen(function* () {
      const candidate = yield* read(table, userId, calendarKey(userId, calendarId))
      if (candidate === null || candidate.held.openAt === null) return Option.none()
      const { leaseUntil: held, selected } = candidate.held.calendar
      if (!selected || (held ?? now) > now) return Option.none()
      return Option.some(yield* take(table, candidate, leaseUntil, "wait"))
    })
  )

/** None where somebody else wrote at this very moment. */
const orNone = <A>(effect: Effect.Effect<A, TableError>): Effect.Effect<Option.Option<A>, TableError> =>
  Effect.asSome(effect).pipe(
    Effect.catchIf(
      ({ kind }) => kind === "condition" || kind === "contention",
      () => Effect.succeedNone
    )
  )

/** Calendars that wait for a round, longest due first. */
const inOrder = (table: Table, high?: string): Effect.Effect<Cursor> =>
  merged(
    table.page,
    everyShard("by_instant", dueList, high === undefined ? {} : { high }),
    (item) => String(item["isk"]),
    pageSize
  )

/** Those that are leased stand before those that are due since. */
const pageSize = 25

interface Candidate {
  readonly item: Item
  readonly connection: Connection
  /** With what the connection says about when the provider may be asked. */
  readonly held: HeldCalendar
  /** It waits where the calendar's own copy of that says it should. */
  readonly isMisplaced: boolean
}

/** One after the other: only the calendar says whose it is. */
const read = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  key: Key
): Effect.fn.Return<Candidate | null, TableError> {
  const item = yield* table.get(key)
  if (item === null) return null
  const copy = toHeldCalendar(userId, item)
  const connection = toConnectionOrNull(yield* table.get(connectionKey(userId, copy.calendar.connectionId)))
  if (connection === null) return null
  const held = { ...copy, openAt: openAtOf(connection) }
  return { item, connection, held, isMisplaced: held.openAt !== copy.openAt }
})

const take = Effect.fnUntraced(function* (
  table: Table,
  { connection, held, item }: Candidate,
  leaseUntil: Instant,
  /** Who looks for any calendar passes over one that another writes, at once. */
  onContention: OnContention
): Effect.fn.Return<Claim, TableError> {
  const { calendar: before, userId } = held
  const calendar: Calendar = { ...before, syncGeneration: before.syncGeneration + 1, leaseUntil }
  const actions = [
    { check: connectionKey(userId, connection.id), condition: isOfRevision(connection) },
    { put: calendarItem({ ...held, calendar }), condition: unchanged(item) }
  ]
  yield* table.transact(actions, onContention)
  return { userId, connection, calendar, leaseUntil }
})

/** Where it belongs in the index, so that it isn't come upon again and again. */
const putBack = (table: Table, { connection, held, item }: Candidate): Effect.Effect<void, TableError> =>
  table.transact(
    [
      { check: connectionKey(held.userId, connection.id), condition: isOfRevision(connection) },
      { put: calendarItem(held), condition: unchanged(item) }
    ],
    "tell"
  )

/** What is ready at once needs no further look; what is leased or paused may stand before it. */
export const nextDue = Effect.fnUntraced(function* (
  table: Table,
  leftOut: ReadonlyArray<UserId>
): Effect.fn.Return<Option.Option<Instant>, TableError> {
  const cursor = yield* inOrder(table)
  const without = new Set(leftOut)
  let soonest = Infinity
  for (;;) {
    const found = yield* cursor.next
    const waits = found === null ? null : waitsFor(String(found["isk"]))
    if (found === null || waits === null || waits.dueAt >= soonest) break
    if (without.has(ownerOf(found["pk"]))) continue
    soonest = Math.min(soonest, waits.readyAt)
  }
  return soonest === Infinity ? Option.none() : Option.some(soonest)
})

/** A lease that would gain less than this is looked at, not written: most rounds are over before their first half. */
const gainMillisMin = 10_000

export const extendLease = (
  table: Table,
  claim: Claim,
  leaseUntil: Instant
): Effect.Effect<void, TableError | Fenced> =>
  underClaim(table, claim, (calendar) => {
    const gain = leaseUntil - (calendar.leaseUntil ?? -Infinity)
    return gain >= 0 && gain < gainMillisMin ? null : { leaseUntil }
  })

/** How a round that was read to its end changes its calendar. */
interface Round {
  readonly cursor: string
  readonly window: Span
  readonly basedAt: Instant
  readonly syncedAt: Instant
  readonly endedAt: Instant
  readonly againAt: Instant
  readonly dueAt: Instant
}

export const finishPass = (table: Table, claim: Claim, round: Round): Effect.Effect<void, TableError | Fenced> =>
  ended(table, claim, round.endedAt, (calendar) => ({
    cursor: round.cursor,
    window: round.window,
    basedAt: round.basedAt,
    lastSyncedAt: round.syncedAt,
    syncStatus: "ok",
    syncError: null,
    // Marked again meanwhile.
    dueAt: calendar.changedMark > claim.calendar.changedMark ? Math.min(round.againAt, round.dueAt) : round.dueAt,
    leaseUntil: null
  }))

/** How a round that failed changes its calendar. */
interface Failure {
  readonly syncStatus: SyncStatus
  readonly syncError: string
  readonly endedAt: Instant
  readonly dueAt: Instant
  readonly reset: boolean
}

export const failPass = (table: Table, claim: Claim, failure: Failure): Effect.Effect<void, TableError | Fenced> =>
  ended(table, claim, failure.endedAt, () => ({
    syncStatus: failure.syncStatus,
    syncError: failure.syncError,
    dueAt: failure.dueAt,
    leaseUntil: null,
    ...(failure.reset ? { cursor: null, window: null } : {})
  }))

/** With the pass ends what was changed and not told. */
const ended = (
  table: Table,
  claim: Claim,
  at: Instant,
  change: (calendar: Calendar) => Partial<Calendar>
): Effect.Effect<void, TableError | Fenced> =>
  underClaim(table, claim, change, ({ calendar, counts, userId }) => {
    const synced = calendarSynced(calendar.id, counts, at)
    return synced === null
      ? Effect.succeed([])
      : Effect.flatMap(logOf(table, userId), (log) => appending(log, [synced]))
  })

const underClaim = (
  table: Table,
  claim: Claim,
  /** Null: as it is, it is well. */
  change: (calendar: Calendar) => Partial<Calendar> | null,
  /** What is told of it, after which the counts are none. */
  telling?: (held: HeldCalendar) => Effect.Effect<ReadonlyArray<Action>, TableError>
): Effect.Effect<void, TableError | Fenced> =>
  optimisticRetry(
    Effect.gen(function* () {
      const { calendar: claimed, connection, userId } = claim
      const connectionAt = connectionKey(userId, connection.id)
      const [found = null, item = null] = yield* table.getMany([connectionAt, calendarKey(userId, claimed.id)])
      if (item === null || !holds(claim, found, item)) return yield* new Fenced()
      const held = toHeldCalendar(userId, item)
      const changed = change(held.calendar)
      if (changed === null) return
      const counts = telling === undefined ? held.counts : noCounts
      yield* table.transact([
        { check: connectionAt, condition: isOfGeneration(connection.generation) },
        {
          put: calendarItem({ ...held, calendar: { ...held.calendar, ...changed }, counts }),
          condition: unchanged(item)
        },
        ...(telling === undefined ? [] : yield* telling(held))
      ])
    })
  )

/** Whether the claim is still the claimant's, by the items of its connection and its calendar. */
export const holds = ({ calendar, connection }: Claim, found: Item | null, item: Item | null): boolean =>
  found?.["generation"] === connection.generation &&
  item?.["syncGeneration"] === calendar.syncGeneration &&
  isCalendarOf(connection.id, item)

/** What every write under a claim holds by. */
export const ofClaim = ({ calendar }: Claim): Condition => ({
  expression: "syncGeneration = :syncGeneration",
  values: { ":syncGeneration": calendar.syncGeneration }
})
