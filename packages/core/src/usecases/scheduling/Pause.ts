/**
 * A user's launches, paused and let go on.
 * Decides nothing: what a pause keeps from being launched is `decide/launch/LaunchStep.ts`.
 */
import { Clock, Effect } from "effect"
import { pauseLaunches } from "../../decide/requests/Pause.ts"
import type { UserId } from "../../domain/Ids.ts"
import type { Instant } from "../../domain/Time.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { Store } from "../../ports/Store.ts"
import { connectionsOf } from "../account/OpenAccount.ts"
import type { Failure } from "../contract/Contract.ts"
import { decideAndCommit } from "./DecideAndCommit.ts"

const scope = { kind: "meetings", meetings: [], series: [] } as const

/** Null: launches go on. Answers with it. Refused: `calendar_not_connected`. */
export const pause = Effect.fn("Punctual.pause")(function* (
  userId: UserId,
  until: Instant | null
): Effect.fn.Return<Instant | null, Failure, Scheduler | Store> {
  yield* connectionsOf(userId)
  const { answer } = yield* decideAndCommit(userId, scope, () => pauseLaunches(until))
  return answer
})

/** Until when the user's own pause lasts; null: there is none, or it has ended. Refused: `calendar_not_connected`. */
export const pauseOf = Effect.fn("Punctual.pausedUntil")(function* (
  userId: UserId
): Effect.fn.Return<Instant | null, Failure, Store> {
  yield* connectionsOf(userId)
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  const { pausedUntil } = yield* store.slice(userId, scope, now)
  return pausedUntil === null || pausedUntil <= now ? null : pausedUntil
})
