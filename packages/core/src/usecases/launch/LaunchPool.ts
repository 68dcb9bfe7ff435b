/**
 * The launches of one process: how many run at once, and which wait.
 * Decides that a bot is claimed only when its call can follow at once, since what is read for a claim grows old in a
 * queue. A pause between two attempts holds up no other bot. What an attempt means is decided in `LaunchBot.ts`.
 */
import { Context, Deferred, Effect, Exit, FiberSet, Layer, Option, Semaphore } from "effect"
import type { BotId, UserId } from "../../domain/Ids.ts"
import type { StoreError } from "../../ports/Store.ts"
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
    /**
     * Succeeds once the bot's claim is durable, or there is nothing to claim; the call and its repetitions go on by
     * themselves, whatever becomes of the one who asked.
     */
    readonly launch: (due: Due) => Effect.Effect<void, StoreError, LaunchRequirements>
  }
>()("@punctual/core/usecases/Launching") {
  static readonly layer: Layer.Layer<LaunchPool> = Layer.effect(
    LaunchPool,
    Effect.gen(function* () {
      const slots = yield* Semaphore.make(launchesMax)
      const running = yield* FiberSet.make<void>()
      return LaunchPool.of({
        launch: ({ botId, userId }) =>
          Effect.gen(function* () {
            const claimed = yield* Deferred.make<void, StoreError>()
            const begun = beginLaunch(userId, botId).pipe(
              Effect.onExit((exit) => Deferred.done(claimed, Exit.asVoid(exit)))
            )
            // Should it end before it began, nobody is left waiting.
            yield* FiberSet.run(running, Effect.ensuring(attempts(slots, begun), Deferred.interrupt(claimed)))
            yield* Deferred.await(claimed)
          })
      })
    })
  )
}

/** Repeats attempts until one has an outcome. */
const attempts = (
  slots: Semaphore.Semaphore,
  begun: Effect.Effect<Option.Option<Attempt>, StoreError, LaunchRequirements>
): Effect.Effect<void, never, LaunchRequirements> =>
  Effect.gen(function* () {
    let claiming = begun
    for (;;) {
      const next = yield* slots.withPermits(1)(
        Effect.flatMap(
          claiming,
          Option.getOrElse(() => settled)
        )
      )
      if (next === null) return
      yield* Effect.sleep(next.afterMillis)
      claiming = next.again
    }
  }).pipe(Effect.catchCause((cause) => Effect.logError("launch interrupted; its lease will end", cause)))

const settled: Attempt = Effect.succeed(null)
