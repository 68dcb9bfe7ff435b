/**
 * Bringing one calendar's mirror up to date, under a claim.
 * Decides whether a round is full or incremental, what a failure means for the calendar and its connection, and when
 * the calendar is due again. The cursor is written last: a crash anywhere repeats work and loses none.
 */
import { Clock, Effect, Option } from "effect"
import type { Instant, Span } from "../../domain/Time.ts"
import type { CalendarError, CalendarProvider, CalendarSession } from "../../ports/CalendarProvider.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import type { Secrets } from "../../ports/Secrets.ts"
import { type Claim, Store, type StoreError } from "../../ports/Store.ts"
import { buryCalendar } from "../scheduling/BuryCalendar.ts"
import { decideChanged } from "../scheduling/DecideAndCommit.ts"
import { confirmAfterFull, confirmAfterIncremental } from "./ConfirmDeletions.ts"
import { Refusal, type RefusalCode, refuse } from "../../domain/Refusal.ts"
import { refusalOf } from "../contract/ProviderRefusal.ts"
import { type SyncProgress, newPass, readPass } from "./SyncPass.ts"
import { noteFailure, noteLost, openAccount, unreadable } from "../account/OpenAccount.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { isWorthTrying, renewSubscription, subscribeCalendar } from "../account/Subscriptions.ts"

export type SyncRequirements = CalendarProvider | Scheduler | Secrets | Store

/** How a round ended: fresh, or why not. */
export interface Synced {
  readonly refusal: Refusal | null
  readonly changed: number
}

/** A calendar that failed is tried again after this long, unless the provider named a time. */
const retryMillis = 30_000
/** A calendar that may not be read: some refusals pass, others wait for somebody's administrator. */
const deniedMillis = 3_600_000
/** A calendar that is gone is looked at this seldom. */
const hopelessMillis = 24 * 3_600_000

/** Always frees the claim. Fails only where the store does. */
export const syncClaimed = Effect.fn("Punctual.syncCalendar")(function* (
  claim: Claim
): Effect.fn.Return<Synced, StoreError, SyncRequirements> {
  const store = yield* Store
  return yield* sync(claim).pipe(
    Effect.catchTags({
      CalendarError: (error) => afterCalendarError(claim, error),
      Refusal: (refusal) => afterRefusal(claim, refusal),
      SecretsError: (error) => afterRefusal(claim, unreadable(error))
    }),
    // Another claimant took over, or the calendar was dropped: what we know is worth nothing now.
    Effect.catchIf(
      (error) => error.isFenced,
      () =>
        Effect.succeed<Synced>({
          refusal: refuse("sync_in_progress", "Another process took over the sync."),
          changed: 0
        })
    ),
    // Whatever else failed, the claim must not stay until its lease ends.
    Effect.tapError(() =>
      Clock.currentTimeMillis.pipe(
        Effect.flatMap((now) =>
          store.failPass(claim, {
            syncStatus: "stale",
            syncError: "unavailable",
            dueAt: now + retryMillis,
            reset: false
          })
        ),
        Effect.ignore
      )
    )
  )
})

const sync = Effect.fnUntraced(function* (claim: Claim) {
  const store = yield* Store
  const policy = yield* CurrentPolicy
  const { session } = yield* openAccount(claim.connection)
  const isSubscribed = yield* keepSubscribed(claim, session)
  const now = yield* Clock.currentTimeMillis
  const { notes, round } = yield* mirror(claim, session, now)
  // Decided before the cursor is written: a crash in between only repeats the round.
  yield* decideChanged(claim.userId)
  yield* store.finishPass(claim, {
    ...round,
    syncedAt: now,
    againAt: (yield* Clock.currentTimeMillis) + policy.settleMillis,
    dueAt: now + (isSubscribed ? policy.safetyPollMillis : policy.pollMillis)
  })
  if (notes.rejected > 0) yield* Effect.logWarning("items not understood", notes.rejected)
  return { refusal: null, changed: notes.changed } satisfies Synced
})

/** A subscription that is missing is tried for, one with little life left is prolonged. Failing at it fails no sync. */
const keepSubscribed = Effect.fnUntraced(function* (claim: Claim, session: CalendarSession) {
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const { calendar, connection } = claim
  const subscription = calendar.subscription
  if (subscription === null) {
    if (!isWorthTrying(calendar)) return false
    const made = yield* subscribeCalendar(connection, session, calendar)
    return made.outcome === "created"
  }
  if (subscription.expiresAt - now > policy.renewOnNotificationMillis) return true
  return yield* renewSubscription(connection, session, calendar).pipe(
    Effect.map(({ outcome }) => outcome !== "polled"),
    Effect.catchTag("CalendarError", () => Effect.succeed(subscription.expiresAt > now))
  )
})

interface Mirrored {
  readonly notes: SyncProgress
  readonly round: { readonly cursor: string; readonly window: Span; readonly basedAt: Instant }
}

const mirror = Effect.fnUntraced(function* (claim: Claim, session: CalendarSession, now: Instant) {
  const policy = yield* CurrentPolicy
  const { basedAt, cursor, window } = claim.calendar
  const isIncremental =
    cursor !== null && window !== null && basedAt !== null && now - basedAt < policy.rebaseAfterMillis
  if (isIncremental) {
    const round = yield* incremental(claim, session, { cursor, window, basedAt }).pipe(
      Effect.map(Option.some),
      Effect.catchIf(
        (error) => error._tag === "CalendarError" && error.reason._tag === "CursorExpired",
        () => Effect.succeed(Option.none<Mirrored>())
      )
    )
    if (Option.isSome(round)) return round.value
  }
  return yield* full(claim, session, now)
})

const incremental = Effect.fnUntraced(function* (claim: Claim, session: CalendarSession, from: Mirrored["round"]) {
  const notes = newPass(claim, session)
  const cursor = yield* readPass(notes, { cursor: from.cursor }, Effect.void)
  yield* confirmAfterIncremental(notes, from.window)
  // What the provider did not answer it would not tell again from the new cursor.
  const reached = notes.unanswered > 0 ? from.cursor : (cursor ?? from.cursor)
  return { notes, round: { ...from, cursor: reached } } satisfies Mirrored
})

const full = Effect.fnUntraced(function* (claim: Claim, session: CalendarSession, now: Instant) {
  const policy = yield* CurrentPolicy
  const window = { from: now - policy.windowPastMillis, to: now + policy.windowAheadMillis }
  const notes = newPass(claim, session)
  // All of a large calendar at once would be a slice too large for memory. One that was read before changed little.
  const isFirst = claim.calendar.lastSyncedAt === null
  const cursor = yield* readPass(notes, { window }, isFirst ? decideChanged(claim.userId) : Effect.void)
  if (cursor === null) return yield* Effect.fail(brokenOff)
  yield* confirmAfterFull(notes, window)
  // With questions left open the next round is a full one again.
  const basedAt = notes.unanswered > 0 ? now - policy.rebaseAfterMillis : now
  return { notes, round: { cursor, window, basedAt } } satisfies Mirrored
})

const brokenOff = new Refusal({
  code: "provider_unavailable",
  trouble: "broken_off",
  detail: "The calendar's provider broke off the listing before its end."
})

/** Refusals that pass by themselves: what is mirrored is from before, and stays. */
const passing: ReadonlySet<RefusalCode> = new Set(["provider_unavailable", "secrets_unavailable"])

const afterCalendarError = Effect.fnUntraced(function* (
  claim: Claim,
  error: CalendarError
): Effect.fn.Return<Synced, StoreError, Store | Scheduler> {
  yield* noteFailure(claim.connection, error)
  const refusal = refusalOf(error)
  switch (error.reason._tag) {
    case "CalendarGone":
      yield* buryCalendar(claim.userId, claim.connection.generation, claim.calendar.id)
      return yield* failed(claim, refusal, { afterMillis: hopelessMillis, reset: true })
    case "Forbidden":
      return yield* failed(claim, refusal, { afterMillis: deniedMillis, reset: false })
    default:
      return yield* failed(claim, refusal, { afterMillis: retryMillis, reset: false })
  }
})

/** Credentials that are gone, or that nobody can read, are as good as a grant that is lost. */
const afterRefusal = Effect.fnUntraced(function* (
  claim: Claim,
  refusal: Refusal
): Effect.fn.Return<Synced, StoreError, Store> {
  if (refusal.code === "reauthorization_required") {
    yield* noteLost(claim.connection, "credentials_unreadable", refusal.detail)
  }
  return yield* failed(claim, refusal, { afterMillis: retryMillis, reset: false })
})

/**
 * A lost grant alone is no reason to wait long: nobody claims a calendar while its connection is not active. The user may
 * have signed in again while this round was failing with what was before, and then it is due.
 */
const failed = Effect.fnUntraced(function* (
  claim: Claim,
  refusal: Refusal,
  { afterMillis, reset }: { readonly afterMillis: number; readonly reset: boolean }
): Effect.fn.Return<Synced, StoreError, Store> {
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  yield* store.failPass(claim, {
    syncStatus: passing.has(refusal.code) ? "stale" : "failed",
    syncError: refusal.code,
    dueAt: now + Math.max(refusal.retryAfterMillis ?? 0, afterMillis),
    reset
  })
  return { refusal, changed: 0 }
})
