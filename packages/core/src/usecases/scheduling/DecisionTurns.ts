/**
 * The turns of one user's decisions in one process: many at once would each be decided again for every one that is written
 * before it, which costs as many loads as there are pairs.
 * Decides that a user's decisions come one after the other, and that launches wait for none of them. Between processes the
 * version of the user's state decides, as without turns.
 */
import { Context, Effect, RcMap, Scope, Semaphore } from "effect"
import type { UserId } from "../../domain/Ids.ts"
import { ForLaunch } from "../../ports/ForLaunch.ts"

export interface Turns {
  readonly inTurn: <A, E, R>(userId: UserId, decide: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

/** None, unless a host's process has made some: they are its own, as its store is. */
export const DecisionTurns = Context.Reference<Turns>("@punctual/core/usecases/DecisionTurns", {
  defaultValue: () => ({ inTurn: (_, decide) => decide })
})

export const makeDecisionTurns: Effect.Effect<Turns, never, Scope.Scope> = Effect.map(
  RcMap.make({ lookup: (_: UserId) => Semaphore.make(1) }),
  (turns): Turns => ({
    inTurn: (userId, decide) =>
      Effect.flatMap(ForLaunch, (isForLaunch) =>
        isForLaunch
          ? decide
          : Effect.scopedWith((scope) =>
              Effect.flatMap(Scope.provide(RcMap.get(turns, userId), scope), (turn) => turn.withPermits(1)(decide))
            )
      )
  })
)
