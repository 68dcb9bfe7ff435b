/**
 * Long work in short turns, so that nobody else in the process waits for it.
 * Decides that one slice is done in a turn of the event loop, whoever's it is.
 */
import { Effect, Semaphore } from "effect"
import { type Slices, sliceOf } from "../text/Slices.ts"

export interface Turns {
  readonly take: <A>(work: Slices<A>) => Effect.Effect<A>
}

export const makeTurns = (sliceBytes: number): Turns => {
  const turn = Semaphore.makeUnsafe(1)
  const slice = <A>(work: Slices<A>) =>
    turn.withPermit(
      Effect.suspend(() => {
        const done = sliceOf(work, sliceBytes)
        return done === null ? Effect.as(Effect.yieldNow, null) : Effect.succeed(done)
      })
    )
  return {
    take: Effect.fnUntraced(function* <A>(work: Slices<A>) {
      for (;;) {
        const done = yield* slice(work)
        if (done !== null) return done.result
      }
    })
  }
}
