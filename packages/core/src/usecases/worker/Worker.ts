/**
 * The background work of a process: syncs due calendars and sweeps. Who launches due bots stands in `Firing.ts`.
 * Decides how much runs at once and how long it rests. Any number of processes may run it.
 */
import { Clock, Effect, FiberSet, Option, Schedule } from "effect"
import type { CalendarId } from "../../domain/Ids.ts"
import { type Claim, Store, type StoreError } from "../../ports/Store.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { mend } from "./Sweep.ts"
import { type SyncRequirements, syncClaimed } from "../sync/SyncCalendar.ts"
import { makeSyncSlots } from "../sync/SyncSlots.ts"
import { WakeSignal } from "../account/WakeSignal.ts"

/** A store that does not answer a process that ends is waited for this long. */
const releaseMillisMax = 3_000

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

/** Mends what lags, each time the policy says. */
export const sweeping = Effect.gen(function* () {
  const policy = yield* CurrentPolicy
  yield* Effect.repeat(mend(), Schedule.spaced(policy.sweepMillis))
})
