/**
 * Brings one calendar's mirror up to date, under a claim.
 * Decides whether a pass is full or incremental, what a failure means for the calendar and its connection, and when the
 * calendar is due again. The cursor is written last: a crash anywhere repeats work and loses none.
 */
import { Clock, Effect, Option } from "effect"
import type { Calendar } from "../../domain/Calendar.ts"
import type { Connection } from "../../domain/Connection.ts"
import type { Instant, Span } from "../../domain/Time.ts"
import type { CalendarError, CalendarSession } from "../../ports/CalendarProvider.ts"
import type { CalendarProviders } from "../../ports/CalendarProviders.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import type { Secrets } from "../../ports/Secrets.ts"
import { type Claim, Store, type StoreError } from "../../ports/Store.ts"
import { buryCalendar } from "../scheduling/BuryCalendar.ts"
import { decideChanged } from "../scheduling/DecideAndCommit.ts"
import { judgeAnew, markByWindow } from "../scheduling/JudgeAnew.ts"
import { confirmAfterFull, confirmAfterIncremental } from "./ConfirmDeletions.ts"
import { Refusal, type RefusalCode, refuse } from "../../domain/Refusal.ts"
import { refusalOf } from "../contract/ProviderRefusal.ts"
import { heedSilence } from "./HeedSilence.ts"
import { keepZone } from "./KeepZone.ts"
import { readPass } from "./SyncPass.ts"
import { type SyncProgress, newPass } from "./SyncProgress.ts"
import {
  type OpenAccount,
  credentialsUnreadable,
  noteFailure,
  noteLost,
  openAccount,
  unreadable
} from "../account/OpenAccount.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { isWorthTrying, renewSubscription, subscribeCalendar } from "../account/Subscriptions.ts"

export type SyncRequirements = CalendarProviders | Scheduler | Secrets | Store

/** How a pass ended: fresh, or why not. */
export interface Synced {
  readonly refusal: Refusal | null
  readonly changed: number
}

/** A calendar that failed is tried again after this long, unless the provider named a time. */
const retryMillis = 30_000
/**
 * A calendar whose reading is denied is tried again after this long: some refusals pass, others wait for an
 * administrator.
 */
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
      SecretsError: (error) =>
        Effect.andThen(
          Effect.logError("credentials can't be read; the calendar is left to whoever can", error.message).pipe(
            Effect.annotateLogs({ user_id: claim.userId })
          ),
          afterRefusal(claim, unreadable(error))
        )
    }),
    // Another process took the claim over, or the calendar was dropped: nothing is written.
    Effect.catchReason("StoreError", "Fenced", () =>
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
            endedAt: now,
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
  const account = yield* openAccount(claim.connection)
  const { session } = account
  const isSubscribed = yield* keepSubscribed(account, claim.calendar)
  const now = yield* Clock.currentTimeMillis
  const { notes, round } = yield* mirror(claim, session, now)
  // Decided before the cursor is written: a crash in between only repeats the pass.
  yield* decideRead(notes)
  const { changed } = notes
  if (notes.doubted.size > 0) return { ...(yield* leftOpen(claim, now)), changed }
  const isIncremental = round.basedAt === claim.calendar.basedAt
  const isHeard = isSubscribed && (yield* heedSilence(claim, account, { now, changed, isIncremental }))
  const isOtherWindow = !isSame(round.window, claim.calendar.window)
  if (isOtherWindow) yield* markByWindow(claim.userId)
  const endedAt = yield* Clock.currentTimeMillis
  yield* store.finishPass(claim, {
    ...round,
    syncedAt: now,
    endedAt,
    againAt: endedAt + policy.settleMillis,
    dueAt: now + (isHeard ? policy.safetyPollMillis : policy.pollMillis)
  })
  // A date that stood by its series' rule alone, and is not among those listed in the window now, does not take place.
  if (isOtherWindow) yield* judgeAnew(claim.userId, "calendar")
  if (notes.rejected > 0) yield* Effect.logWarning("items not understood", notes.rejected)
  return { refusal: null, changed } satisfies Synced
})

const isSame = (one: Span, other: Span | null): boolean => one.from === other?.from && one.to === other.to

/** Decides what was read, in the zone that is noted with it; all that rules judge, where that is another by now. */
const decideRead = Effect.fnUntraced(function* (notes: SyncProgress) {
  const { userId } = notes.claim
  const isOther = yield* keepZone(notes)
  yield* decideChanged(userId)
  if (isOther) yield* judgeAnew(userId, "calendar")
})

/**
 * The cursor is held, so that the same changes are told again: if the series is gone, its occurrences are no longer among
 * them. Asked again soon, and the seldomer the longer it stays open.
 */
const leftOpen = Effect.fnUntraced(function* (claim: Claim, now: Instant) {
  const { pollMillis } = yield* CurrentPolicy
  const { lastSyncedAt, syncStatus } = claim.calendar
  const openMillis = syncStatus === "stale" ? now - (lastSyncedAt ?? now) : 0
  const afterMillis = Math.min(Math.max(openMillis, retryMillis), pollMillis)
  return yield* failed(claim, contradiction(claim.connection), { afterMillis, reset: false })
})

const contradiction = ({ platform }: Connection): Refusal =>
  new Refusal({
    code: "provider_unavailable",
    trouble: "failing",
    platform,
    detail:
      "The calendar's provider lists meetings of a series and says that the series is not there; it is asked again."
  })

/** A subscription that is missing is tried for, one with little life left is prolonged. Failing at it fails no sync. */
const keepSubscribed = Effect.fnUntraced(function* (account: OpenAccount, calendar: Calendar) {
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const subscription = calendar.subscription
  if (subscription === null) {
    if (!isWorthTrying(calendar)) return false
    const made = yield* subscribeCalendar(account, calendar)
    return made.outcome === "created"
  }
  if (subscription.expiresAt - now > policy.renewOnNotificationMillis) return true
  return yield* renewSubscription(account, calendar).pipe(
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
      Effect.catchReason("CalendarError", "CursorExpired", () => Effect.succeed(Option.none<Mirrored>()))
    )
    if (Option.isSome(round)) return round.value
  }
  return yield* full(claim, session, now)
})

const incremental = Effect.fnUntraced(function* (claim: Claim, session: CalendarSession, from: Mirrored["round"]) {
  const notes = newPass(claim, session)
  const cursor = yield* readPass(notes, { cursor: from.cursor }, Effect.void)
  yield* confirmAfterIncremental(notes, from.window)
  // From the new cursor the provider would not tell again what it did not answer now.
  const reached = notes.unanswered > 0 ? from.cursor : (cursor ?? from.cursor)
  return { notes, round: { ...from, cursor: reached } } satisfies Mirrored
})

const full = Effect.fnUntraced(function* (claim: Claim, session: CalendarSession, now: Instant) {
  const policy = yield* CurrentPolicy
  const window = { from: now - policy.windowPastMillis, to: now + policy.windowAheadMillis }
  const notes = newPass(claim, session)
  // All of a large calendar at once would be a slice too large for memory. One that was read before changed little.
  const isFirst = claim.calendar.lastSyncedAt === null
  const before = claim.calendar.cursor
  const cursor = yield* readPass(notes, { window, before }, isFirst ? decideRead(notes) : Effect.void)
  if (cursor === null) return yield* Effect.fail(brokenOff(claim.connection))
  yield* confirmAfterFull(notes, window)
  // With questions unanswered the next pass is a full one again.
  const basedAt = notes.unanswered > 0 ? now - policy.rebaseAfterMillis : now
  return { notes, round: { cursor, window, basedAt } } satisfies Mirrored
})

const brokenOff = ({ platform }: Connection): Refusal =>
  new Refusal({
    code: "provider_unavailable",
    trouble: "broken_off",
    platform,
    detail: "The calendar's provider broke off the listing before its end."
  })

/** Refusals that pass by themselves: the mirror stays as it was. */
const passing: ReadonlySet<RefusalCode> = new Set(["provider_unavailable", "secrets_unavailable"])

const afterCalendarError = Effect.fnUntraced(function* (
  claim: Claim,
  error: CalendarError
): Effect.fn.Return<Synced, StoreError, Store | Scheduler> {
  yield* noteFailure(claim.connection, error)
  const refusal = refusalOf(error, claim.connection.platform)
  switch (error.reason._tag) {
    case "CalendarGone":
      yield* buryCalendar(claim.connection, claim.calendar.id)
      return yield* failed(claim, refusal, { afterMillis: hopelessMillis, reset: true })
    case "Forbidden":
    case "MailboxUnavailable":
      return yield* failed(claim, refusal, { afterMillis: deniedMillis, reset: false })
    default:
      return yield* failed(claim, refusal, { afterMillis: retryMillis, reset: false })
  }
})

/** Credentials that are gone count as a lost grant. */
const afterRefusal = Effect.fnUntraced(function* (
  claim: Claim,
  refusal: Refusal
): Effect.fn.Return<Synced, StoreError, Store> {
  if (refusal.code === "reauthorization_required") {
    yield* noteLost(claim.connection, credentialsUnreadable, refusal.detail)
  }
  return yield* failed(claim, refusal, { afterMillis: retryMillis, reset: false })
})

/**
 * Records a failed pass. A lost grant is no reason to wait: nobody claims the calendar while its connection is not
 * active, and the user may have signed in again while the pass was failing.
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
    endedAt: now,
    dueAt: now + Math.max(refusal.retryAfterMillis ?? 0, afterMillis),
    reset
  })
  return { refusal, changed: 0 }
})
