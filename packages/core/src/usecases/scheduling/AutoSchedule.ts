/**
 * "A bot for everything", switched on and off, and its nightly run.
 * Decides nothing itself: what a request changes is `decide/requests/AutoSchedule.ts`.
 */
import { Clock, Effect } from "effect"
import { type Preview, preview } from "../../decide/Preview.ts"
import type { Command } from "../../decide/reconcile/Command.ts"
import {
  type AutoSettings,
  changeRules,
  disableAutoSchedule,
  enableAutoSchedule,
  runAutoSchedule
} from "../../decide/requests/AutoSchedule.ts"
import { changing } from "../../decide/requests/Change.ts"
import type { BotConfig } from "../../domain/Bot.ts"
import type { UserId } from "../../domain/Ids.ts"
import type { AutoSchedule } from "../../domain/Intent.ts"
import { Refusal } from "../../domain/Refusal.ts"
import type { Instant } from "../../domain/Time.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { connectionsOf } from "../account/OpenAccount.ts"
import type { Failure } from "../contract/Contract.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { decideAndCommit } from "./DecideAndCommit.ts"

/** What of the rules is to be another; what is left out stays as it was. */
export type AutoRules = Omit<AutoSettings, "config">

/** The settings as they are then, and how many bots came, went and changed with them. */
export interface RulesSet {
  readonly auto: AutoSchedule
  readonly joins: number
  readonly leaves: number
  readonly changes: number
}

/** The settings as they stand. Refused: `calendar_not_connected`. */
export const autoSchedule = Effect.fn("Punctual.autoSchedule")(function* (
  userId: UserId
): Effect.fn.Return<AutoSchedule, Failure, Store> {
  yield* connectionsOf(userId)
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  return (yield* store.slice(userId, { kind: "meetings", meetings: [], series: [] }, now)).auto
})

/**
 * Switches it on and runs it at once; a null configuration keeps the one before, and so do rules that are left out. Refused:
 * `calendar_not_connected`.
 */
export const enableAuto = Effect.fn("Punctual.enableAuto")(function* (
  userId: UserId,
  config: BotConfig | null,
  rules: AutoRules = {}
): Effect.fn.Return<AutoSchedule, Failure, Scheduler | Store> {
  yield* connectionsOf(userId)
  const span = yield* nextDay(null)
  const { answer } = yield* decideAndCommit(userId, { kind: "span", span }, (state, at) =>
    enableAutoSchedule(state, at, { ...rules, ...(config === null ? {} : { config }) })
  )
  return answer
})

/** Sets other rules, and decides anew by them at once. Refused: `calendar_not_connected`. */
export const setAutoRules = Effect.fn("Punctual.setAutoRules")(function* (
  userId: UserId,
  rules: AutoRules
): Effect.fn.Return<RulesSet, Failure, Scheduler | Store> {
  yield* connectionsOf(userId)
  const span = yield* coveredSpan(userId)
  const { answer, decision } = yield* decideAndCommit(userId, { kind: "span", span }, (state) =>
    changeRules(state, rules)
  )
  const count = (kind: Command["kind"]): number => decision.commands.filter((command) => command.kind === kind).length
  return { auto: answer, joins: count("create"), leaves: count("cancel"), changes: count("reconfigure") }
})

/** What enabling it with these settings would do now; nothing is written. Refused: `calendar_not_connected`. */
export const previewAuto = Effect.fn("Punctual.previewAuto")(function* (
  userId: UserId,
  config: BotConfig | null,
  rules: AutoRules = {}
): Effect.fn.Return<Preview, Failure, Store> {
  yield* connectionsOf(userId)
  const store = yield* Store
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const slice = yield* store.slice(userId, { kind: "span", span: yield* nextDay(null) }, now)
  const previewed = preview(
    slice,
    (state, at) => enableAutoSchedule(state, at, { ...rules, ...(config === null ? {} : { config }) }),
    { policy, now, isWhole: false }
  )
  return previewed instanceof Refusal ? yield* Effect.fail(previewed) : previewed
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
  // An intent that auto-scheduling left for a meeting whose bot is gone for now must go too: it would bring it back.
  const { answer } = yield* decideAndCommit(userId, { kind: "intended" }, (state) =>
    disableAutoSchedule(state, cancelScheduled)
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
    changing((state, at) => runAutoSchedule(state, at, midnight), "auto_schedule")
  ).pipe(
    Effect.map(({ decision }) => decision.commands.filter(({ kind }) => kind === "create").length),
    // Refused only where the user has disconnected meanwhile.
    Effect.catchTag("Refusal", () => Effect.succeed(0))
  )
})

/** What auto-scheduling has come to: its bots alone may be ahead of that. */
export const coveredSpan = Effect.fnUntraced(function* (userId: UserId) {
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  const { auto } = yield* store.slice(userId, { kind: "meetings", meetings: [], series: [] }, now)
  return { from: now, to: Math.max(now, auto.coveredUntil ?? now) }
})

const nextDay = Effect.fnUntraced(function* (midnight: Instant | null) {
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const reach = policy.autoAheadMillis + policy.leadMillis + policy.autoSlackMillis
  return { from: now, to: (midnight === null ? now : Math.max(now, midnight)) + reach }
})
