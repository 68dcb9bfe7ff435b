/**
 * The background work of a process: syncs due calendars, launches due bots, sweeps.
 * Decides how much runs at once and how long it rests. Any number of processes may run it.
 */
import { Cause, Clock, Effect, FiberSet, Option, Schedule, Stream } from "effect"
import type { CalendarId } from "../../domain/Ids.ts"
import type { Instant } from "../../domain/Time.ts"
import { ForLaunch } from "../../ports/ForLaunch.ts"
import { Scheduler } from "../../ports/Scheduler.ts"
import { type Claim, Store, type StoreError } from "../../ports/Store.ts"
import { dueAt } from "../launch/LaunchBot.ts"
import { LaunchPool } from "../launch/LaunchPool.ts"
import type { Due } from "../launch/ReadAhead.ts"
import { launchLimits } from "../../domain/Limits.ts"
import { ClockNotTrusted } from "../clock/ClockNotTrusted.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { dueSoon, mend } from "./Sweep.ts"
import { type SyncRequirements, syncClaimed } from "../sync/SyncCalendar.ts"
import { makeSyncSlots } from "../sync/SyncSlots.ts"
import { WakeSignal } from "../account/WakeSignal.ts"

/** A store that does not answer a process that ends is waited for this long. */
const releaseMillisMax = 3_000
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
  const claim = yield* store.claimNext(now, now + policy.leaseMillis, [])
  if (Option.isNone(claim)) return Option.none()
  yield* syncClaimed(claim.value)
  return Option.some(claim.value.calendar.id)
})

/**
 * Claims as many calendars as may run at once, and waits until the next is due or a wake-up says that one is. Users who
 * have as much under way as they may are left out of the claim itself: nothing is claimed that would only wait.
 */
export const syncing = Effect.gen(function* () {
  const store = yield* Store
  const wake = yield* WakeSignal
  const policy = yield* CurrentPolicy
  const notifyIn = (millis: number) => Effect.flatMap(Clock.currentTimeMillis, (now) => wake.notify(now + millis))
  const slots = yield* makeSyncSlots(notifyIn(0))
  const running = yield* FiberSet.make<void>()
  const next = Effect.gen(function* () {
    yield* slots.take
    const leftOut = slots.leftOut()
    const now = yield* Clock.currentTimeMillis
    const claim = yield* store
      .claimNext(now, now + policy.leaseMillis, leftOut)
      .pipe(Effect.tapError(() => slots.giveBack))
    if (Option.isSome(claim)) {
      const runInSlot = slots.begin(claim.value.userId)
      yield* FiberSet.run(
        running,
        runInSlot(syncClaimed(claim.value)).pipe(
          // A process that ends lets go of what it reads: whoever comes next need not wait for the lease.
          Effect.onInterrupt(() => Effect.ignore(Effect.timeout(letGo(claim.value), releaseMillisMax))),
          Effect.catchCause((cause) => Effect.logError("sync failed", cause)),
          Effect.asVoid,
          // Notifications that came meanwhile make their calendar due by then.
          Effect.andThen(notifyIn(policy.settleMillis))
        )
      )
      return
    }
    yield* slots.giveBack
    const due = Option.getOrElse(yield* store.nextDue(leftOut), () => Infinity)
    const looked = yield* Clock.currentTimeMillis
    yield* wake.wait(Math.min(Math.max(due, looked + 1), looked + policy.idleMillis))
  })
  // Nobody waits for a turn: each step waits for the store, or for the signal.
  return yield* Effect.forever(next, { disableYield: true })
}).pipe(Effect.scoped)

/** As due as it was, and free at once. */
const letGo = (claim: Claim): Effect.Effect<void, StoreError, Store> =>
  Effect.flatMap(Store, (store) => Effect.flatMap(Clock.currentTimeMillis, (now) => store.extendLease(claim, now)))

/** Fires come ahead of their instants, so that what they lead to is read by then. */
export const firing = Effect.gen(function* () {
  const scheduler = yield* Scheduler
  const { expect, ready } = yield* LaunchPool
  // What this process may not launch it leaves to those that may.
  yield* ready
  yield* scheduler
    .fires(launchLimits.readAheadMillis)
    .pipe(
      Stream.runForEach((fires) =>
        expect(fires).pipe(leftToOthers, passedOver("fires not handled; they come again"), Effect.andThen(ready))
      )
    )
}).pipe(Effect.provideService(ForLaunch, true))

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
          leftToOthers,
          passedOver("launch failed; the next sweep rings for it again")
        ),
      { concurrency: ringsMax, discard: true }
    )
  })

/** A process whose clock is wrong has said so: what it does not launch others ring for. */
const leftToOthers = <E, R>(launch: Effect.Effect<void, E | ClockNotTrusted, R>) =>
  Effect.catchIf(
    launch,
    (error) => error instanceof ClockNotTrusted,
    () => Effect.void
  )

/** One bot's failure, a defect too, does not stop the others. */
const passedOver =
  (message: string) =>
  <E, R>(effect: Effect.Effect<void, E, R>): Effect.Effect<void, never, R> =>
    Effect.catchCause(effect, (cause) =>
      Cause.hasInterruptsOnly(cause) ? Effect.interrupt : Effect.logWarning(message, cause)
    )
