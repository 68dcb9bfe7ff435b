/**
 * Whose pages of events are read just now in one process.
 * Decides that few are read at once, in turns of users, however many requests wait, and that requests of a user for the
 * same page share a reading that none of them came too late for. Never decides what is on a page.
 */
import { Context, Effect, Layer, PartitionedSemaphore } from "effect"
import type { UserId } from "../../domain/Ids.ts"
import { pageReadLimits } from "../../domain/Limits.ts"
import { makeSharedWork } from "../account/SharedWork.ts"
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
    /** A reading of one request's own, in its turn. */
    readonly inTurn: <A, E, R>(userId: UserId, read: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  }
>()("@punctual/core/usecases/PageReads") {
  static readonly layer: Layer.Layer<PageReads> = Layer.effect(
    PageReads,
    Effect.gen(function* () {
      const readings = yield* makeSharedWork<PageRead, Failure>()
      const turns = yield* PartitionedSemaphore.make<UserId>({ permits: pageReadLimits.atOnceMax })
      return PageReads.of({
        inTurn: (userId, read) => turns.withPermit(userId)(read),
        join: (userId, page, read) =>
          Effect.flatMap(
            readings.join(JSON.stringify([userId, page]), (begun) =>
              turns.withPermit(userId)(Effect.andThen(begun, read))
            ),
            ({ answer }) => answer
          )
      })
    })
  )
}
