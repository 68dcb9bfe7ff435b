/**
 * The launches of one process: what is read ahead, how many are made at once, and who waits.
 *
 * Decides that a bot is claimed only when its call can follow at once, together with others whose calls can, by what was
 * read of it before its time where that still holds. A pause between two attempts holds up nobody. What follows upon launches
 * waits until the burst is over. A process that ends claims nothing new, finishes its calls and lets go of what it holds.
 * Never decides what an attempt means (`LaunchBot.ts`), nor who of those that wait is next (`WaitingRoom.ts`).
 */
import { Clock, Context, Deferred, Effect, Exit, Fiber, FiberSet, Latch, Layer, Random, Schedule } from "effect"
import { ForLaunch } from "../../ports/ForLaunch.ts"
import type { Fire } from "../../ports/Scheduler.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { launchLimits } from "../../domain/Limits.ts"
import { ClockNotTrusted } from "../clock/ClockNotTrusted.ts"
import { StoreClock } from "../clock/StoreClock.ts"
import { CurrentInstance } from "./CurrentInstance.ts"
import { DecideLater } from "./DecideLater.ts"
import { type Launching, makeLaunches } from "./Launches.ts"
import type { LaunchRequirements } from "./LaunchRequirements.ts"
import { WriteTogether } from "./LaunchWrites.ts"
import { type Due, readAhead } from "./ReadAhead.ts"
import { makeOutcomeWrites } from "./OutcomeWrites.ts"

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
    /**
     * Takes fires over, also before their instants: each is confirmed once its bot's claim is durable, or there is nothing to
     * claim. Succeeds when what can be is read, and more fires may come.
     */
    readonly expect: (fires: ReadonlyArray<Fire>) => Effect.Effect<void, ClockNotTrusted, LaunchRequirements>
    /** Bots that wait for a slot. */
    readonly waiting: Effect.Effect<number>
    /** Whether so many wait here, for their instant or for a slot, that whatever else can wait should. */
    readonly isCrowded: () => boolean
  }
>()("@punctual/core/usecases/Launching") {
  static readonly layer: Layer.Layer<LaunchPool, never, Store | StoreClock> = Layer.effect(
    LaunchPool,
    Effect.gen(function* () {
      const store = yield* Store
      const named = yield* CurrentInstance
      const instance = named ?? `unnamed-${yield* Random.nextInt}`
      const running = yield* FiberSet.make<void>()
      const stopping = yield* Latch.make()
      const clock = yield* StoreClock
      const together = yield* makeOutcomeWrites(store)
      const launches = yield* makeLaunches({ running, stopping, mayGoOn: clock.allowLaunch })
      const release = clock.corrected(
        Effect.flatMap(Clock.currentTimeMillis, (now) => store.releaseLaunches(instance, now))
      )
      // A former life under this name is over: what it held is free before anything new is claimed under it.
      const formerLife = yield* Effect.forkScoped(
        Effect.retry(named === null ? clock.measured : Effect.asVoid(release), releasePauses)
      )
      const over = Effect.asVoid(Fiber.await(formerLife))
      yield* Effect.addFinalizer(() => stop(stopping, running, release))
      const inPool = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
        effect.pipe(
          Effect.provideService(CurrentInstance, instance),
          Effect.provideService(ForLaunch, true),
          Effect.provideService(WriteTogether, together),
          Effect.provideService(DecideLater, launches.decideLater)
        )
      return LaunchPool.of({
        ready: Effect.andThen(over, clock.trusted),
        launch: (due) =>
          inPool(
            Effect.gen(function* () {
              const claimed = yield* Deferred.make<void, StoreError | ClockNotTrusted>()
              yield* over
              yield* clock.allowLaunch
              if (stopping.isOpen()) return yield* Effect.interrupt
              const at = yield* Clock.currentTimeMillis
              const told = (exit: Exit.Exit<void, StoreError | ClockNotTrusted>) =>
                Effect.asVoid(Deferred.done(claimed, exit))
              yield* launches.add([{ ...due, at, told, left: told(Exit.void) }])
              yield* Deferred.await(claimed)
            })
          ),
        expect: (fires) =>
          inPool(
            Effect.gen(function* () {
              yield* over
              yield* clock.allowLaunch
              yield* expectAll(launches, fires)
            })
          ),
        waiting: launches.waiting,
        isCrowded: launches.isCrowded
      })
    })
  )
}

/** What is not due yet is read now; what is due is read when its turn comes, together with whatever else is due. */
const expectAll = Effect.fnUntraced(function* (
  launches: Launching,
  fires: ReadonlyArray<Fire>
): Effect.fn.Return<void, never, LaunchRequirements> {
  const now = yield* Clock.currentTimeMillis
  const early = fires.filter(({ at }) => at > now)
  // What can't be read ahead is read at its instant.
  const foreseen = yield* early.length === 0
    ? Effect.succeed(new Map())
    : Effect.catchCause(readAhead(early), () => Effect.succeed(new Map()))
  yield* launches.add(
    fires.map(({ at, botId, done, userId }) => ({
      userId,
      botId,
      at: Math.max(at, now),
      foresight: foreseen.get(botId),
      told: confirm(done),
      // The one that waits has a confirmation of its own; this one comes again, and finds nothing to do.
      left: Effect.void
    }))
  )
  yield* launches.hasRoom
})

/** A fire that was not handled comes again. */
const confirm =
  (done: Fire["done"]) =>
  (exit: Exit.Exit<void, StoreError | ClockNotTrusted>): Effect.Effect<void> => {
    if (Exit.isSuccess(exit)) {
      return Effect.catchCause(done, (cause) => Effect.logWarning("fire not confirmed; it comes again", cause))
    }
    // A process whose clock is wrong has said so: others launch what it does not.
    const isLeft = Exit.findErrorOption(exit)
    return isLeft._tag === "Some" && isLeft.value instanceof ClockNotTrusted
      ? Effect.void
      : Effect.logWarning("fire not handled; it comes again", exit.cause)
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

export const { launchesMax } = launchLimits
