/**
 * Work that many requests ask for at once, and that is done once for all of them.
 * Decides who shares it: whoever asks before it has begun. Who comes later is served by the next one, which waits for this
 * one and of which there is one at most. Never decides what is done.
 */
import { Deferred, Effect, FiberSet, type Scope } from "effect"

/** Says when it has begun: who comes after that is not sure to see what they came for. */
export type BeginningWork<A, E, R> = (begun: Effect.Effect<void>) => Effect.Effect<A, E, R>

export interface Joined<A, E> {
  readonly answer: Effect.Effect<A, E>
  /** Whether it was asked for by others before, or waits for what was. */
  readonly isBehind: boolean
}

export interface SharedWork<A, E> {
  /** `key` names what is asked for. The work goes on when who asked is gone: others may share it. */
  readonly join: <R>(key: string, work: BeginningWork<A, E, R>) => Effect.Effect<Joined<A, E>, never, R>
}

interface Work<A, E> {
  readonly answer: Deferred.Deferred<A, E>
  /** It has not begun: whoever asks now is served by it. */
  isOpen: boolean
}

export const makeSharedWork = Effect.fnUntraced(function* <A, E>(): Effect.fn.Return<
  SharedWork<A, E>,
  never,
  Scope.Scope
> {
  const running = yield* FiberSet.make<void>()
  /** The latest for each key. */
  const latest = new Map<string, Work<A, E>>()
  return {
    // Noted and begun as one: interrupted in between, it would be joined by all who come, and never end.
    join: Effect.fnUntraced(function* (key, work) {
      const current = latest.get(key)
      if (current?.isOpen === true) return { answer: Deferred.await(current.answer), isBehind: true }
      const next: Work<A, E> = { answer: Deferred.makeUnsafe<A, E>(), isOpen: true }
      latest.set(key, next)
      const before = current === undefined ? Effect.void : Effect.exit(Deferred.await(current.answer))
      const begun = Effect.sync(() => void (next.isOpen = false))
      yield* FiberSet.run(
        running,
        Effect.andThen(before, work(begun)).pipe(
          Effect.onExit((exit) =>
            Effect.suspend(() => {
              next.isOpen = false
              if (latest.get(key) === next) latest.delete(key)
              return Deferred.done(next.answer, exit)
            })
          ),
          // Whoever waits is told of it.
          Effect.exit,
          Effect.asVoid
        )
      )
      return { answer: Deferred.await(next.answer), isBehind: current !== undefined }
    }, Effect.uninterruptible)
  }
})
