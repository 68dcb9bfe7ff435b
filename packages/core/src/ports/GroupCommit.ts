/**
 * Group commit: requests that arrive while a write is under way share the next write.
 * Decides when a write begins and whom it takes: at once where none is under way, else when that has ended, with all
 * who have come by then. Each caller learns the outcome of the write that took its item. Never decides what is written.
 */
import { Deferred, Effect, Exit, Queue, type Scope } from "effect"

interface Waiting<A, B, E> {
  readonly item: A
  readonly answer: Deferred.Deferred<B, E>
}

/**
 * The function that asks. `write` answers for its items in their order; it goes on when who asked is gone. Ends with the
 * scope, for those who wait then too.
 */
export const groupCommits = Effect.fnUntraced(function* <A, B, E>(
  write: (items: ReadonlyArray<A>) => Effect.Effect<ReadonlyArray<B>, E>,
  itemsMax: number
): Effect.fn.Return<(item: A) => Effect.Effect<B, E>, never, Scope.Scope> {
  const queue = yield* Queue.unbounded<Waiting<A, B, E>>()
  const writeNext = Effect.flatMap(Queue.takeBetween(queue, 1, itemsMax), (taken) =>
    Effect.suspend(() => write(taken.map(({ item }) => item))).pipe(
      Effect.onExit((exit) => Effect.sync(() => tell(taken, exit))),
      Effect.exit
    )
  )
  yield* Effect.addFinalizer(() =>
    Queue.clear(queue).pipe(
      Effect.map((left) => tell(left, Exit.interrupt())),
      Effect.andThen(Queue.shutdown(queue))
    )
  )
  yield* Effect.forkScoped(Effect.forever(writeNext))
  return Effect.fnUntraced(function* (item) {
    const answer = yield* Deferred.make<B, E>()
    const isOpen = yield* Queue.offer(queue, { item, answer })
    return yield* isOpen ? Deferred.await(answer) : Effect.interrupt
  })
})

const tell = <A, B, E>(taken: ReadonlyArray<Waiting<A, B, E>>, exit: Exit.Exit<ReadonlyArray<B>, E>): void => {
  for (const [index, { answer }] of taken.entries()) {
    Deferred.doneUnsafe(
      answer,
      // The cast: `write` answers for each of its items, which no type says of two arrays.
      Exit.map(exit, (answers) => answers[index] as B)
    )
  }
}
