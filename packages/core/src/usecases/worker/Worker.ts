/**
 * The background work of a process: syncs due calendars, launches due bots, sweeps.
 * Decides how much runs at once and how long it rests. Any number of processes may run it.
 */
import { Cause, Clock, Effect, FiberSet, Option, Schedule, Semaphore, Stream } from "effect"
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
/**
 * Of one user at once: as many as a mailbox takes requests. More would only wait, and keep others from being synced.
 */
const syncsOfOneUserMax = 4
/** A calendar claimed beyond that is given back, and free again after this long. */
const letGoMillis = 1_000
/** A store that does not answer a process that ends is waited for this long. */
const releaseMillisMax = 3_000
/** Bots of fires claimed at once. */
const claimsMax = 32
/**
 * The sweep rings this long after the scheduler should have fired, and for few bots at once. Every process rings for
 * the same bots, while each fire comes to one process: rings must not keep a process from its fires.
 */
const graceMillis = 2_000
const ringsMax = 4

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

/** Claims as many calendars as may run at once, and waits until the next is due or a wake-up says that one is. */
export const syncing = Effect.gen(function* () {
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
  const next = Effect.gen(function* () {
    yield* permits.take(1)
    const now = yield* Clock.currentTimeMillis
    const claim = yield* store.claimNext(now, now + policy.leaseMillis).pipe(Effect.tapError(() => permits.release(1)))
    if (Option.isSome(claim)) {
      const { userId } = claim.value
      const isTooMuch = (ofUser.get(userId) ?? 0) >= syncsOfOneUserMax
      count(userId, 1)
      yield* FiberSet.run(
        running,
        (isTooMuch ? letGo(claim.value, letGoMillis) : syncClaimed(claim.value)).pipe(
          // A process that ends lets go of what it reads: whoever comes next need not wait for the lease.
          Effect.onInterrupt(() => Effect.ignore(Effect.timeout(letGo(claim.value, 0), releaseMillisMax))),
          Effect.catchCause((cause) => Effect.logError("sync failed", cause)),
          Effect.asVoid,
          Effect.ensuring(
            Effect.suspend(() => {
              count(userId, -1)
              return permits.release(1)
            })
          ),
          // Notifications that came meanwhile make their calendar due by then.
          Effect.andThen(pokeSoon)
        )
      )
      return
    }
    yield* permits.release(1)
    const due = Option.getOrElse(yield* store.nextDue, () => Infinity)
    const looked = yield* Clock.currentTimeMillis
    yield* wake.wait(Math.min(Math.max(due, looked + 1), looked + policy.idleMillis))
  })
  // Nobody waits for a turn: each step waits for the store, or for the signal.
  return yield* Effect.forever(next, { disableYield: true })
}).pipe(Effect.scoped)

/** As due as it was, and free after so long. */
const letGo = (claim: Claim, afterMillis: number): Effect.Effect<void, StoreError, Store> =>
  Effect.flatMap(Store, (store) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => store.extendLease(claim, now + afterMillis))
  )

export const firing = Effect.gen(function* () {
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
export const ringing = Effect.gen(function* () {
  const policy = yield* CurrentPolicy
  // So that the first look finds what a former life of this process has left.
  yield* (yield* LaunchPool).ready
  return yield* Effect.forever(ringUntilNextLook(policy.sweepMillis))
})

const ringUntilNextLook = Effect.fnUntraced(function* (sweepMillis: number) {
  const due = yield* dueSoon
  if (due.length === 0) return yield* Effect.sleep(sweepMillis)
  const bots = due.map(({ bot, userId }) => ({ userId, botId: bot.id, ringAt: dueAt(bot) + graceMillis }))
  yield* Effect.raceFirst(
    Effect.andThen(ringInTurn(bots.toSorted((a, b) => a.ringAt - b.ringAt)), Effect.never),
    Effect.sleep(sweepMillis)
  )
})

/** Mends what lags, each time the policy says. */
export const sweeping = Effect.gen(function* () {
  const policy = yield* CurrentPolicy
  yield* Effect.repeat(mend(), Schedule.spaced(policy.sweepMillis))
})

/** In the order of their instants, so that those who wait are the soonest. */
const ringInTurn = (bots: ReadonlyArray<Due & { readonly ringAt: Instant }>) =>
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

/** One bot's failure, a defect too, does not stop the others. */
const passedOver =
  (message: string) =>
  <E, R>(effect: Effect.Effect<void, E, R>): Effect.Effect<void, never, R> =>
    Effect.catchCause(effect, (cause) =>
      Cause.hasInterruptsOnly(cause) ? Effect.interrupt : Effect.logWarning(message, cause)
    )
