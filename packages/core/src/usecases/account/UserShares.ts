/**
 * The boundary between one user's trouble and everybody else's work: a share of a run that is made for all.
 * Decides that a share which fails, by a defect too, is logged and counted under its user, that the run goes on, and that
 * a user whose share keeps failing is held back for longer and longer. Never decides what a share does.
 */
import { Cause, Clock, Context, Effect, Layer, Metric, Option } from "effect"
import type { UserId } from "../../domain/Ids.ts"
import { shareLimits } from "../../domain/Limits.ts"
import type { Instant } from "../../domain/Time.ts"

/** What shares are called in logs and in the counter's label: few, and never a user's id. */
export type SharePart = "coverage" | "decide" | "erase" | "job" | "policy" | "withdraw"

const failed = Metric.counter("punctual_user_shares_failed_total", {
  description: "Shares of one user in work done for all that failed and were passed over, by what they were for",
  incremental: true
})

/** None: it failed, whatever the cause, and that is in the log. Interruption is no failure. */
export const userShare =
  (part: SharePart, userId: UserId) =>
  <A, E, R>(share: Effect.Effect<A, E, R>): Effect.Effect<Option.Option<A>, never, R> =>
    Effect.catchCause(Effect.asSome(share), (cause) =>
      Cause.hasInterruptsOnly(cause)
        ? Effect.interrupt
        : Metric.update(Metric.withAttributes(failed, { part }), 1).pipe(
            Effect.andThen(Effect.logWarning("a user's share failed; the others' goes on", cause)),
            Effect.annotateLogs({ part, user_id: userId }),
            Effect.as(Option.none())
          )
    )

/** How a share has failed so far. */
export interface HeldShare {
  readonly failures: number
  readonly until: Instant
}

/** After one more failure. */
export const heldAfter = (before: HeldShare | undefined, now: Instant): HeldShare => {
  const failures = (before?.failures ?? 0) + 1
  const { backoffMaxMillis, backoffMinMillis } = shareLimits
  const pause = failures === 1 ? 0 : Math.min(backoffMaxMillis, backoffMinMillis * 2 ** Math.min(failures - 2, 16))
  return { failures, until: now + pause }
}

/** Who is held back in this process. Another process finds out by itself. */
export class UserShares extends Context.Service<
  UserShares,
  {
    /** As `userShare`; none also for a user who is held back for this part. */
    readonly run: <A, E, R>(
      part: SharePart,
      userId: UserId,
      share: Effect.Effect<A, E, R>
    ) => Effect.Effect<Option.Option<A>, never, R>
  }
>()("@punctual/core/usecases/UserShares") {
  static readonly layer: Layer.Layer<UserShares> = Layer.sync(UserShares, () => {
    const held = new Map<string, HeldShare>()
    return UserShares.of({
      run: Effect.fnUntraced(function* (part, userId, share) {
        const key = `${part} ${userId}`
        const before = held.get(key)
        if (before !== undefined && before.until > (yield* Clock.currentTimeMillis)) return Option.none()
        const outcome = yield* userShare(part, userId)(share)
        held.delete(key)
        if (Option.isNone(outcome)) {
          held.set(key, heldAfter(before, yield* Clock.currentTimeMillis))
          // In the order in which they were held: the first is the oldest.
          if (held.size > shareLimits.heldMax) held.delete(held.keys().next().value ?? key)
        }
        return outcome
      })
    })
  })
}
