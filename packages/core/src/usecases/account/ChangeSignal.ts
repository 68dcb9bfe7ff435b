/**
 * Wakes whoever follows the log in this process when something may have been written to it, so that nobody waits for a look.
 * A wake-up is a hint: it does not reach other processes, which is what looks are for.
 */
import { Context, Deferred, Effect, Layer } from "effect"
import { Store } from "../../ports/Store.ts"

export class ChangeSignal extends Context.Service<
  ChangeSignal,
  {
    /** Says that something may have been written. */
    readonly notify: Effect.Effect<void>
    /** What waits for the first write from now on. Taken before a look, it misses none that the look did not see. */
    readonly next: Effect.Effect<Effect.Effect<void>>
  }
>()("@punctual/core/usecases/ChangeSignal") {
  static readonly layer: Layer.Layer<ChangeSignal> = Layer.effect(
    ChangeSignal,
    Effect.sync(() => {
      let written = Deferred.makeUnsafe<void>()
      return ChangeSignal.of({
        notify: Effect.sync(() => {
          const before = written
          written = Deferred.makeUnsafe<void>()
          Deferred.doneUnsafe(before, Effect.void)
        }),
        next: Effect.sync(() => Deferred.await(written))
      })
    })
  )
}

/** The same store; whatever it writes to the log is told to those who follow it here. */
export const tellingStore: Layer.Layer<Store, never, ChangeSignal | Store> = Layer.effect(
  Store,
  Effect.gen(function* () {
    const store = yield* Store
    const { notify } = yield* ChangeSignal
    const telling =
      <Args extends ReadonlyArray<unknown>, A, E>(write: (...args: Args) => Effect.Effect<A, E>) =>
      (...args: Args): Effect.Effect<A, E> =>
        Effect.tap(write(...args), () => notify)
    return Store.of({
      ...store,
      commit: telling(store.commit),
      writeBot: telling(store.writeBot),
      finishPass: telling(store.finishPass),
      failPass: telling(store.failPass),
      dropMirror: telling(store.dropMirror),
      tellCoverage: telling(store.tellCoverage),
      saveConnection: telling(store.saveConnection),
      erase: telling(store.erase)
    })
  })
)
