/**
 * Syncs a calendar while a request waits for it.
 * Decides that a sync which is running already is joined, and that a span beyond the window is read once, without a
 * cursor. Succeeds with null, or with why the calendar is not fresh.
 */
import { Clock, Duration, Effect, Option, Schedule, Stream } from "effect"
import type { CalendarId, UserId } from "../../domain/Ids.ts"
import type { Instant, Span } from "../../domain/Time.ts"
import { AskedByUser } from "../../ports/CalendarProvider.ts"
import { type Claim, Store, type StoreError } from "../../ports/Store.ts"
import { decideChanged } from "../scheduling/DecideAndCommit.ts"
import { refusalOf } from "../contract/ProviderRefusal.ts"
import { type Refusal, refuse } from "../../domain/Refusal.ts"
import { readPage } from "./SyncPass.ts"
import { newPass } from "./SyncProgress.ts"
import { openAccount, reauthorization, unreadable } from "../account/OpenAccount.ts"
import { SyncWaits, syncInProgress } from "./SyncWaits.ts"
import { syncWaitLimits } from "../../domain/Limits.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { type SyncRequirements, syncClaimed } from "./SyncCalendar.ts"

const { lookMillisMax, lookMillisMin, waitMillisMax } = syncWaitLimits
/** A calendar freed between two looks is looked at again at once; one closed to everybody for now looks the same. */
const missesMax = 3

/** One calendar, now, with whoever asks for it at the same time. Succeeds with null once it is fresh, else with why not. */
export const syncTogether = Effect.fn("Punctual.syncTogether")(function* (
  userId: UserId,
  calendarId: CalendarId
): Effect.fn.Return<Refusal | null, StoreError, SyncRequirements | SyncWaits> {
  const waits = yield* SyncWaits
  return yield* waits.join(userId, calendarId, (begun) =>
    Effect.provideService(syncNow(userId, calendarId, begun), AskedByUser, true)
  )
})

/** One calendar, now, by itself; `begun` is done once it is claimed. */
export const syncNow = Effect.fn("Punctual.syncNow")(function* (
  userId: UserId,
  calendarId: CalendarId,
  begun: Effect.Effect<void> = Effect.void
): Effect.fn.Return<Refusal | null, StoreError, SyncRequirements> {
  const started = yield* Clock.currentTimeMillis
  const look = syncOrLook(userId, calendarId, started, begun).pipe(
    Effect.repeat({ while: (found) => found === "free", times: missesMax })
  )
  const found = yield* Effect.repeat(look, {
    schedule: looksUntil(started + waitMillisMax),
    while: (each) => each === "leased"
  })
  return found === "leased" || found === "free" ? syncInProgress : found
})

/** A sync that another process runs is looked at less and less often, and a last time when the wait is over. */
const looksUntil = (end: Instant) =>
  Schedule.min([Schedule.exponential(lookMillisMin), Schedule.spaced(lookMillisMax)]).pipe(
    Schedule.modifyDelay(({ duration }) =>
      Effect.map(Clock.currentTimeMillis, (now) => Math.max(0, Math.min(Duration.toMillis(duration), end - now)))
    )
  )

/**
 * Syncs if nobody else does. `leased`: somebody does. `free`: nobody did by the second of two looks, which another look
 * may tell more of.
 */
const syncOrLook = Effect.fnUntraced(function* (
  userId: UserId,
  calendarId: CalendarId,
  started: number,
  begun: Effect.Effect<void>
): Effect.fn.Return<Refusal | "free" | "leased" | null, StoreError, SyncRequirements> {
  const store = yield* Store
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const claim = yield* store.claimCalendar(userId, calendarId, now, now + policy.leaseMillis)
  if (Option.isSome(claim)) {
    yield* begun
    return (yield* syncClaimed(claim.value)).refusal
  }
  const { calendars, connections } = yield* store.account(userId)
  const calendar = calendars.find(({ id }) => id === calendarId)
  const connection = connections.find(({ id }) => id === calendar?.connectionId)
  if (connection?.status === "reauthorization_required") return reauthorization(connection)
  if (connection?.status === "error") {
    return refuse("mailbox_unavailable", connection.statusMessage ?? "The account's mailbox can't be read.")
  }
  if (calendar === undefined || !calendar.selected) return null
  if (calendar.lastSyncedAt !== null && calendar.lastSyncedAt >= started) return null
  if (calendar.leaseUntil === null || calendar.leaseUntil <= now) return "free"
  return now - started >= waitMillisMax ? syncInProgress : "leased"
})

/** Reads the part of a span that lies outside the mirrored window. Null: nothing to read, or read. */
export const readBeyond = Effect.fn("Punctual.readBeyond")(function* (
  userId: UserId,
  calendarId: CalendarId,
  span: Span
): Effect.fn.Return<Refusal | null, StoreError, SyncRequirements> {
  const store = yield* Store
  const policy = yield* CurrentPolicy
  const calendar = (yield* store.calendars(userId)).find(({ id }) => id === calendarId)
  if (calendar === undefined || calendar.window === null || calendar.cursor === null) return null
  const parts = outside(span, calendar.window)
  if (parts.length === 0) return null
  const now = yield* Clock.currentTimeMillis
  const claim = yield* store.claimCalendar(userId, calendarId, now, now + policy.leaseMillis)
  if (Option.isNone(claim)) return syncInProgress
  return yield* readParts(claim.value, parts).pipe(
    Effect.as(null),
    Effect.catchTags({
      CalendarError: (error) => Effect.succeed(refusalOf(error, claim.value.connection.platform)),
      Refusal: (refusal) => Effect.succeed(refusal),
      SecretsError: (error) => Effect.succeed(unreadable(error))
    }),
    Effect.tap(() => release(claim.value))
  )
})

const readParts = Effect.fnUntraced(function* (claim: Claim, parts: ReadonlyArray<Span>) {
  const { session } = yield* openAccount(claim.connection)
  const notes = newPass(claim, session)
  for (const part of parts) {
    yield* session.view(claim.calendar.providerId, part).pipe(Stream.runForEach((page) => readPage(notes, page)))
  }
  yield* decideChanged(claim.userId)
})

/** Frees a claim with the calendar as it was. */
const release = Effect.fnUntraced(function* ({ calendar, ...claim }: Claim) {
  const store = yield* Store
  const { basedAt, cursor, lastSyncedAt, window } = calendar
  if (cursor === null || window === null || basedAt === null || lastSyncedAt === null) return
  const endedAt = yield* Clock.currentTimeMillis
  const againAt = endedAt + (yield* CurrentPolicy).settleMillis
  yield* store.finishPass(
    { ...claim, calendar },
    { cursor, window, basedAt, syncedAt: lastSyncedAt, endedAt, againAt, dueAt: calendar.dueAt }
  )
})

const outside = (span: Span, window: Span): ReadonlyArray<Span> =>
  [
    { from: span.from, to: Math.min(span.to, window.from) },
    { from: Math.max(span.from, window.to), to: span.to }
  ].filter(({ from, to }) => from < to)
