/**
 * The launches of one process: how many it makes at once, and who waits.
 * Decides that a bot is claimed only when its call can follow at once: what is read for a claim is out of date after a
 * while in a queue. A pause between two attempts holds up nobody. A process that ends claims nothing new, finishes its calls
 * and lets go of what it holds. Never decides what an attempt means (`LaunchBot.ts`).
 */
import {
  Clock,
  Context,
  Deferred,
  Effect,
  Exit,
  Fiber,
  FiberSet,
  Latch,
  Layer,
  Option,
  Random,
  Schedule,
  Semaphore
} from "effect"
import type { BotId, UserId } from "../../domain/Ids.ts"
import { ForLaunch } from "../../ports/ForLaunch.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import type { ClockNotTrusted } from "../clock/ClockNotTrusted.ts"
import { StoreClock } from "../clock/StoreClock.ts"
import { CurrentInstance } from "./CurrentInstance.ts"
import { type Attempt, type LaunchRequirements, beginLaunch } from "./LaunchBot.ts"

export interface Due {
  readonly userId: UserId
  readonly botId: BotId
}

/** Bots being claimed or handed over at once by one process. */
export const launchesMax = 256

export class LaunchPool extends Context.Service<
  LaunchPool,
  {
    /** Once nothing is held any more by a former life of this process, and whenever its clock may be trusted. */
    readonly ready: Effect.Effect<void>
    /**
     * Succeeds once the bot's claim is durable, or there is nothing to claim; the call and its repetitions go on by
     * themselves, whatever becomes of the one who asked. Refused where this process's clock is far from the store's.
     */
    readonly launch: (due: Due) => Effect.Effect<void, StoreError | ClockNotTrusted, LaunchRequirements>
  }
>()("@punctual/core/usecases/Launching") {
  static readonly layer: Layer.Layer<LaunchPool, never, Store | StoreClock> = Layer.effect(
    LaunchPool,
    Effect.gen(function* () {
      const store = yield* Store
      const named = yield* CurrentInstance
      const instance = named ?? `unnamed-${yield* Random.nextInt}`
      const slots = yield* Semaphore.make(launchesMax)
      const running = yield* FiberSet.make<void>()
      const stopping = yield* Latch.make()
      const clock = yield* StoreClock
      const release = clock.corrected(
        Effect.flatMap(Clock.currentTimeMillis, (now) => store.releaseLaunches(instance, now))
      )
      // A former life under this name is over: what it held is free before anything new is claimed under it.
      const formerLife = yield* Effect.forkScoped(
        Effect.retry(named === null ? clock.measured : Effect.asVoid(release), releasePauses)
      )
      const over = Effect.asVoid(Fiber.await(formerLife))
      yield* Effect.addFinalizer(() => stop(stopping, running, release))
      return LaunchPool.of({
        ready: Effect.andThen(over, clock.trusted),
        launch: ({ botId, userId }) =>
          Effect.gen(function* () {
            const claimed = yield* Deferred.make<void, StoreError>()
            yield* over
            yield* clock.allowLaunch
            const begun = beginLaunch(userId, botId).pipe(
              Effect.onExit((exit) => Deferred.done(claimed, Exit.asVoid(exit)))
            )
            const mayGoOn = clock.allowLaunch
            // Should it end before it began, nobody is left waiting.
            const all = Effect.ensuring(attempts({ slots, stopping, begun, mayGoOn }), Deferred.interrupt(claimed))
            yield* FiberSet.run(
              running,
              all.pipe(Effect.provideService(CurrentInstance, instance), Effect.provideService(ForLaunch, true))
            )
            yield* Deferred.await(claimed)
          })
      })
    })
  )
}

/** Calls under way at a stop are waited for this long: 15 seconds, of the 25 that a stop may take in all. */
const stopMillisMax = 15_000
/** Leases that can't be let go of by then end by themselves. */
const releaseMillisMax = 3_000
/** A store that is not there yet is asked again every second. */
const releasePauses = Schedule.spaced("1 second")

/** Nothing new is claimed, calls under way are finished and written, and what is still held is let go of. */
const stop = (
  stopping: Latch.Latch,
  running: FiberSet.FiberSet<void>,
  release: Effect.Effect<number, StoreError>
): Effect.Effect<void> =>
  stopping.open.pipe(
    Effect.andThen(FiberSet.awaitEmpty(running)),
    Effect.timeoutOrElse({
      duration: stopMillisMax,
      orElse: () => Effect.logWarning("a call of the bot service was not finished in time; its lease will end")
    }),
    Effect.andThen(FiberSet.clear(running)),
    Effect.andThen(Effect.timeout(release, releaseMillisMax)),
    Effect.asVoid,
    Effect.catch((error) => Effect.logWarning("launches were not let go of; their leases will end", error._tag))
  )

interface Launching {
  readonly slots: Semaphore.Semaphore
  readonly stopping: Latch.Latch
  readonly begun: Effect.Effect<Option.Option<Attempt>, StoreError, LaunchRequirements>
  /** Whether another attempt may be claimed; if not, others go on. */
  readonly mayGoOn: Effect.Effect<void, ClockNotTrusted>
}

/** Until an attempt settles it, or the process is to end. */
const attempts = ({ begun, mayGoOn, slots, stopping }: Launching): Effect.Effect<void, never, LaunchRequirements> =>
  Effect.gen(function* () {
    let claiming = begun
    for (;;) {
      const next = yield* slots.withPermits(1)(
        Effect.suspend(() =>
          stopping.isOpen()
            ? settled
            : Effect.flatMap(
                claiming,
                Option.getOrElse(() => settled)
              )
        )
      )
      if (next === null) return
      yield* Effect.raceFirst(Effect.sleep(next.afterMillis), stopping.await)
      yield* mayGoOn
      claiming = next.again
    }
  }).pipe(
    // Its lease is over, and other processes know when the next attempt is due.
    Effect.catchTag("ClockNotTrusted", () => Effect.void),
    Effect.catchCause((cause) => Effect.logError("launch interrupted; its lease will end", cause))
  )

const settled: Attempt = Effect.succeed(null)
