/**
 * A user's launches, paused and let go on.
 * Decides nothing: what a pause keeps from being launched is `decide/launch/LaunchStep.ts`.
 */
import { Effect } from "effect"
import { pauseLaunches } from "../../decide/requests/Pause.ts"
import type { UserId } from "../../domain/Ids.ts"
import type { Instant } from "../../domain/Time.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import type { Store } from "../../ports/Store.ts"
import { connectionsOf } from "../account/OpenAccount.ts"
import type { Failure } from "../contract/Contract.ts"
import { decideAndCommit } from "./DecideAndCommit.ts"

/** Null: launches go on. Answers with it. Refused: `calendar_not_connected`. */
export const pause = Effect.fn("Punctual.pause")(function* (
  userId: UserId,
  until: Instant | null
): Effect.fn.Return<Instant | null, Failure, Scheduler | Store> {
  yield* connectionsOf(userId)
  const scope = { kind: "meetings", meetings: [], series: [] } as const
  const { answer } = yield* decideAndCommit(userId, scope, () => pauseLaunches(until))
  return answer
})
