/**
 * Whose pages of events are read just now in one process.
 * Decides that few are read at once, in turns of users, however many requests wait, and that requests of a user for the
 * same page share a reading that none of them came too late for: one that has not begun. Never decides what is on a page.
 */
import { Context, Deferred, Effect, FiberSet, Layer, PartitionedSemaphore } from "effect"
import type { UserId } from "../../domain/Ids.ts"
import { pageReadLimits } from "../../domain/Limits.ts"
import type { EventsPage, Failure } from "../contract/Contract.ts"

/** What all who share a reading are given; whether it is stale is each request's own. */
export type PageRead = Pick<EventsPage, "hasMore" | "items">

export class PageReads extends Context.Service<
  PageReads,
  {
    /** `page` names what is asked for. The reading goes on when who asked is gone: others may share it. */
    readonly join: <R>(
      userId: UserId,
      page: string,
      read: Effect.Effect<PageRead, Failure, R>
    ) => Effect.Effect<PageRead, Failure, R>
  }
>()("@punctual/core/usecases/PageReads") {
  static readonly layer: Layer.Layer<PageReads> = Layer.effect(
    PageReads,
    Effect.gen(function* () {
      const running = yield* FiberSet.make<void>()
      const turns = yield* PartitionedSemaphore.make<UserId>({ permits: pageReadLimits.atOnceMax })
      /** The latest of each page. */
      const readings = new Map<string, Reading>()
      return PageReads.of({
        join: Effect.fnUntraced(function* (userId, page, read) {
          const key = JSON.stringify([userId, page])
          const current = readings.get(key)
          if (current?.isOpen === true) return yield* Deferred.await(current.answer)
          const reading: Reading = { answer: Deferred.makeUnsafe(), isOpen: true }
          readings.set(key, reading)
          const before = current === undefined ? Effect.void : Effect.exit(Deferred.await(current.answer))
          const begun = Effect.sync(() => void (reading.isOpen = false))
          yield* FiberSet.run(
            running,
            before.pipe(
              Effect.andThen(turns.withPermit(userId)(Effect.andThen(begun, read))),
              Effect.onExit((exit) =>
                Effect.suspend(() => {
                  reading.isOpen = false
                  if (readings.get(key) === reading) readings.delete(key)
                  return Deferred.done(reading.answer, exit)
                })
              ),
              // Whoever waits is told of it.
              Effect.exit,
              Effect.asVoid
            )
          )
          return yield* Deferred.await(reading.answer)
        })
      })
    })
  )
}

interface Reading {
  readonly answer: Deferred.Deferred<PageRead, Failure>
  /** It has not begun: whoever asks now is served by it. */
  isOpen: boolean
}
