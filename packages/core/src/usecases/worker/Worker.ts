/**
 * The work of a process: sync what is due, launch what is due, sweep.
 * Decides how much runs at once and how long it rests. Any number of processes may do it at once.
 */
import { Cause, Clock, Effect, FiberSet, Option, Semaphore, Stream } from "effect"
import type { CalendarId, UserId } from "../../domain/Ids.ts"
import type { Instant } from "../../domain/Time.ts"
import { Scheduler } from "../../ports/Scheduler.ts"
import { type Claim, Store, type StoreError } from "../../ports/Store.ts"
import { dueAt } from "../launch/LaunchBot.ts"
import { type Due, LaunchPool } from "../launch/LaunchPool.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { dueSoon, mend } from "./Sweep.ts"
import { type SyncRequirements, syncClaimed } from "../sync/SyncCalendar.ts"
import { WakeSignal } from "../account/WakeSignal.ts"

/** Calendars synced at once by one process. */
const syncsMax = 16
/** Of one user at once, as many as a mailbox takes requests: more would wait in it, and others for them. */
const syncsOfOneUserMax = 4
/** What is claimed beyond that is let go, for whoever comes after so long. */
const letGoMillis = 1_000
/** Bots of fires claimed at once. */
const claimsMax = 32
/**
 * The sweep rings so much later than the scheduler should have, and for so few at once: every process rings for the same
 * bots, while each fire comes to one. Where all are behind, that must not keep them from the fires.
 */
const graceMillis = 2_000
const ringsMax = 4
/** Rest after a failure of the store. */
const restMillis = 1_000

/** Claims and syncs the calendar that is longest due; none: nothing was due. */
export const syncNext = Effect.gen(function* (): Effect.fn.Return<
  Option.Option<CalendarId>,
  StoreError,
  SyncRequirements
> {
  const store = yield* Store
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const claim = yield* store.claimNext(now, now + policy.leaseMillis)
  if (Option.isNone(claim)) return Option.none()
  yield* syncClaimed(claim.value)
  return Option.some(claim.value.calendar.id)
})

/** Never ends; a failure of one part rests that part alone. */
export const run = Effect.suspend(() =>
  Effect.all([restart(syncing), restart(firing), restart(ringingSoon), restart(mending)], { concurrency: "unbounded" })
).pipe(Effect.andThen(Effect.never))

const restart = <E extends { readonly _tag: string }, R>(
  part: Effect.Effect<void, E, R>
): Effect.Effect<never, never, R> =>
  part.pipe(
    Effect.catchCause((cause) => Effect.logError("work failed; it goes on shortly", cause)),
    Effect.andThen(Effect.sleep(restMillis)),
    Effect.forever
  )

/** Claims as many calendars as may run at once, and sleeps until the next is due, or one that someone pokes for. */
const syncing = Effect.gen(function* () {
  const store = yield* Store
  const wake = yield* WakeSignal
  const policy = yield* CurrentPolicy
  const permits = yield* Semaphore.make(syncsMax)
  const running = yield* FiberSet.make<void>()
  const ofUser = new Map<UserId, number>()
  const count = (userId: UserId, change: number): void => {
    const left = (ofUser.get(userId) ?? 0) + change
    if (left === 0) ofUser.delete(userId)
    else ofUser.set(userId, left)
  }
  const pokeSoon = Effect.flatMap(Clock.currentTimeMillis, (now) => wake.notify(now + policy.settleMillis))
  for (;;) {
    yield* permits.take(1)
    const now = yield* Clock.currentTimeMillis
    const claim = yield* store.claimNext(now, now + policy.leaseMillis).pipe(Effect.tapError(() => permits.release(1)))
    if (Option.isSome(claim)) {
      const { userId } = claim.value
      const isTooMuch = (ofUser.get(userId) ?? 0) >= syncsOfOneUserMax
      count(userId, 1)
      yield* FiberSet.run(
        running,
        (isTooMuch ? letGo(claim.value, now) : syncClaimed(claim.value)).pipe(
          Effect.catchCause((cause) => Effect.logError("sync failed", cause)),
          Effect.asVoid,
          Effect.ensuring(
            Effect.suspend(() => {
              count(userId, -1)
              return permits.release(1)
            })
          ),
          // What was told meanwhile is due by then.
          Effect.andThen(pokeSoon)
        )
      )
      continue
    }
    yield* permits.release(1)
    const due = Option.getOrElse(yield* store.nextDue, () => Infinity)
    const looked = yield* Clock.currentTimeMillis
    yield* wake.wait(Math.min(Math.max(due, looked + 1), looked + policy.idleMillis))
  }
}).pipe(Effect.scoped)

/** As due as it was, and free shortly. */
const letGo = (claim: Claim, now: Instant): Effect.Effect<void, StoreError, Store> =>
  Effect.flatMap(Store, (store) => store.extendLease(claim, now + letGoMillis))

const firing = Effect.gen(function* () {
  const scheduler = yield* Scheduler
  const { launch } = yield* LaunchPool
  yield* scheduler.fires.pipe(
    Stream.runForEach((fires) =>
      Effect.forEach(
        fires,
        // Done once the claim is durable: what follows has a lease of its own.
        (fire) => launch(fire).pipe(Effect.andThen(fire.done), passedOver("fire not handled; it comes again")),
        { concurrency: claimsMax, discard: true }
      )
    )
  )
})

/** Rings for whatever the scheduler should have rung for and did not. Waits for nothing else that is to be mended. */
const ringingSoon = Effect.gen(function* () {
  const policy = yield* CurrentPolicy
  for (;;) {
    const due = yield* dueSoon
    const bots = due.map(({ bot, userId }) => ({ userId, botId: bot.id, ringAt: dueAt(bot) + graceMillis }))
    yield* Effect.raceFirst(
      Effect.andThen(ringing(bots.toSorted((a, b) => a.ringAt - b.ringAt)), Effect.never),
      Effect.sleep(policy.sweepMillis)
    )
  }
})

const mending = Effect.gen(function* () {
  const policy = yield* CurrentPolicy
  for (;;) {
    yield* mend()
    yield* Effect.sleep(policy.sweepMillis)
  }
})

/** In the order of their instants, so that those who wait are the soonest. */
const ringing = (bots: ReadonlyArray<Due & { readonly ringAt: Instant }>) =>
  Effect.gen(function* () {
    const { launch } = yield* LaunchPool
    yield* Effect.forEach(
      bots,
      (bot) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.sleep(Math.max(0, bot.ringAt - now))).pipe(
          Effect.andThen(launch(bot)),
          passedOver("launch failed; the next sweep rings for it again")
        ),
      { concurrency: ringsMax, discard: true }
    )
  })

/** One bot's trouble, a defect too, is not another's. */
const passedOver =
  (message: string) =>
  <E, R>(effect: Effect.Effect<void, E, R>): Effect.Effect<void, never, R> =>
    Effect.catchCause(effect, (cause) =>
      Cause.hasInterruptsOnly(cause) ? Effect.interrupt : Effect.logWarning(message, cause)
    )
