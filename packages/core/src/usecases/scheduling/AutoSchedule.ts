/**
 * "A bot for everything", switched on and off, and its nightly run.
 * Decides nothing itself: what a request changes is `decide/requests/AutoSchedule.ts`.
 */
import { Clock, Effect } from "effect"
import { disableAutoSchedule, enableAutoSchedule, runAutoSchedule } from "../../decide/requests/AutoSchedule.ts"
import { changing } from "../../decide/requests/Change.ts"
import type { BotConfig } from "../../domain/Bot.ts"
import type { UserId } from "../../domain/Ids.ts"
import type { AutoSchedule } from "../../domain/Intent.ts"
import type { Instant } from "../../domain/Time.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { connectionsOf } from "../account/OpenAccount.ts"
import type { Failure } from "../contract/Contract.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { decideAndCommit } from "./DecideAndCommit.ts"

/** The settings as they stand. Refused: `calendar_not_connected`. */
export const autoSchedule = Effect.fn("Punctual.autoSchedule")(function* (
  userId: UserId
): Effect.fn.Return<AutoSchedule, Failure, Store> {
  yield* connectionsOf(userId)
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  return (yield* store.slice(userId, { kind: "meetings", meetings: [], series: [] }, now)).auto
})

/** Switches it on and runs it at once; a null configuration keeps the one before. Refused: `calendar_not_connected`. */
export const enableAuto = Effect.fn("Punctual.enableAuto")(function* (
  userId: UserId,
  config: BotConfig | null
): Effect.fn.Return<AutoSchedule, Failure, Scheduler | Store> {
  yield* connectionsOf(userId)
  const span = yield* nextDay(null)
  const { answer } = yield* decideAndCommit(userId, { kind: "span", span }, (state, at) =>
    enableAutoSchedule(state, at, config)
  )
  return answer
})

/**
 * Switches it off. Bots that it made stay, each as an intent of its own, unless they are to be cancelled too. Refused:
 * `calendar_not_connected`.
 */
export const disableAuto = Effect.fn("Punctual.disableAuto")(function* (
  userId: UserId,
  cancelScheduled: boolean
): Effect.fn.Return<AutoSchedule, Failure, Scheduler | Store> {
  yield* connectionsOf(userId)
  const now = yield* Clock.currentTimeMillis
  const { answer } = yield* decideAndCommit(
    userId,
    // An intent that auto-scheduling left for a meeting whose bot is gone for now must go too: it would bring it back.
    cancelScheduled ? { kind: "intended" } : { kind: "span", span: { from: now, to: now } },
    (state) => disableAutoSchedule(state, cancelScheduled)
  )
  return answer
})

/**
 * One user's share of a run. At midnight it also takes what began after the coverage before it ended, which a server
 * that was down has missed. Succeeds with the number of bots made.
 */
export const autoScheduleUser = Effect.fn("Punctual.autoScheduleUser")(function* (
  userId: UserId,
  midnight: Instant | null
): Effect.fn.Return<number, StoreError, Scheduler | Store> {
  const span = yield* nextDay(midnight)
  return yield* decideAndCommit(
    userId,
    { kind: "span", span },
    changing((state, at) => runAutoSchedule(state, at, midnight))
  ).pipe(
    Effect.map(({ decision }) => decision.commands.filter(({ kind }) => kind === "create").length),
    // Refused only where the user has disconnected meanwhile.
    Effect.catchTag("Refusal", () => Effect.succeed(0))
  )
})

const nextDay = Effect.fnUntraced(function* (midnight: Instant | null) {
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const reach = policy.autoAheadMillis + policy.leadMillis + policy.autoSlackMillis
  return { from: now, to: (midnight === null ? now : Math.max(now, midnight)) + reach }
})
