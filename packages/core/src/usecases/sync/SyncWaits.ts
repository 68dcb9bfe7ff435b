/**
 * Who waits for a sync in one process, so that a thousand requests for one calendar cost what one costs.
 * Decides that a calendar has one sync on its way and at most one more for those who came after that began (what they
 * ask about may have changed since), which waits longer where they ask without a pause; that a user has few requests
 * waiting; and how long a sync is waited for that was there before. Never decides how a calendar is synced.
 */
import { Clock, Context, Effect, Layer, Option } from "effect"
import type { CalendarId, UserId } from "../../domain/Ids.ts"
import { syncWaitLimits } from "../../domain/Limits.ts"
import type { Instant } from "../../domain/Time.ts"
import { type Refusal, refuse } from "../../domain/Refusal.ts"
import type { StoreError } from "../../ports/Store.ts"
import { type BeginningWork, makeSharedWork } from "../account/SharedWork.ts"

export const syncInProgress: Refusal = refuse(
  "sync_in_progress",
  "The calendar is being synced for others who asked; try again shortly."
)

const { burstMax, rememberedMax, restMillis } = syncWaitLimits

/** `restedAt`: when a calendar could take a burst again. */
export const turnAfter = (restedAt: Instant | undefined, now: Instant) => {
  const since = Math.max(now, restedAt ?? now)
  return { restedAt: since + restMillis, waitMillis: Math.max(0, since - now - (burstMax - 1) * restMillis) }
}

/** It has begun once the calendar is claimed. */
type AwaitedSync<R> = BeginningWork<Refusal | null, StoreError, R>

export class SyncWaits extends Context.Service<
  SyncWaits,
  {
    /** Joins the calendar's sync, or makes it; it goes on when who asked is gone. Refused: `sync_in_progress`. */
    readonly join: <R>(
      userId: UserId,
      calendarId: CalendarId,
      sync: AwaitedSync<R>
    ) => Effect.Effect<Refusal | null, StoreError, R>
  }
>()("@punctual/core/usecases/SyncWaits") {
  static readonly layer: Layer.Layer<SyncWaits> = Layer.effect(
    SyncWaits,
    Effect.gen(function* () {
      const syncs = yield* makeSharedWork<Refusal | null, StoreError>()
      const rests = new Map<string, Instant>()
      /** Whoever asks without a pause waits for its turn, and shares it with all who ask meanwhile. */
      const turnOf = (key: string) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => {
          const { restedAt, waitMillis } = turnAfter(rests.get(key), now)
          rests.set(key, restedAt)
          if (rests.size > rememberedMax) for (const [each, at] of rests) if (at <= now) rests.delete(each)
          return Effect.sleep(waitMillis)
        })
      const waiters = new Map<UserId, number>()
      const count = (userId: UserId, change: number): void => {
        const left = (waiters.get(userId) ?? 0) + change
        if (left === 0) waiters.delete(userId)
        else waiters.set(userId, left)
      }
      const take = <R>(key: string, sync: AwaitedSync<R>) =>
        Effect.flatMap(
          syncs.join(key, (begun) => Effect.andThen(turnOf(key), sync(begun))),
          ({ answer, isBehind }) => (isBehind ? bounded(answer) : answer)
        )
      return SyncWaits.of({
        join: (userId, calendarId, sync) =>
          Effect.suspend(() =>
            (waiters.get(userId) ?? 0) >= syncWaitLimits.waitersOfOneUserMax
              ? Effect.succeed(syncInProgress)
              : Effect.acquireUseRelease(
                  Effect.sync(() => count(userId, 1)),
                  () => take(JSON.stringify([userId, calendarId]), sync),
                  () => Effect.sync(() => count(userId, -1))
                )
          )
      })
    })
  )
}

const bounded = (answer: Effect.Effect<Refusal | null, StoreError>): Effect.Effect<Refusal | null, StoreError> =>
  Effect.map(
    Effect.timeoutOption(answer, syncWaitLimits.waitMillisMax),
    Option.getOrElse(() => syncInProgress)
  )
