/**
 * "A bot for everything", switched on and off, and its nightly run.
 * Decides how far coverage reaches and what becomes of bots when it is switched off: each stays, as a wish of its own.
 */
import { Clock, Effect } from "effect"
import { extendCoverage } from "../../decide/intents/AutoCoverage.ts"
import type { Change } from "../../decide/requests/Change.ts"
import { nextSeq } from "../../domain/Sequence.ts"
import type { BotConfig, BotOrigin } from "../../domain/Bot.ts"
import type { UserId } from "../../domain/Ids.ts"
import type { AutoSchedule, EventIntent } from "../../domain/Intent.ts"
import type { Slice } from "../../domain/Slice.ts"
import type { Instant } from "../../domain/Time.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import type { Failure } from "../contract/Contract.ts"
import { decideAndCommit } from "./DecideAndCommit.ts"
import { connectionOf } from "../account/OpenAccount.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"

/** The settings as they stand. Refused: `calendar_not_connected`. */
export const autoSchedule = Effect.fn("Punctual.autoSchedule")(function* (
  userId: UserId
): Effect.fn.Return<AutoSchedule, Failure, Store> {
  yield* connectionOf(userId)
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  return (yield* store.slice(userId, { kind: "meetings", meetings: [], series: [] }, now)).auto
})

/** Switches it on and runs it at once; a null configuration keeps the one before. Refused: `calendar_not_connected`. */
export const enableAuto = Effect.fn("Punctual.enableAuto")(function* (
  userId: UserId,
  config: BotConfig | null
): Effect.fn.Return<AutoSchedule, Failure, Scheduler | Store> {
  yield* connectionOf(userId)
  const span = yield* nextDay(null)
  let enabled: AutoSchedule | null = null
  const { slice } = yield* decideAndCommit(userId, { kind: "span", span }, ({ now, policy, slice: held }) => {
    const auto = {
      ...held.auto,
      enabled: true,
      seq: held.auto.enabled ? held.auto.seq : nextSeq(held),
      config: config ?? held.auto.config
    }
    // Enabled anew, what was covered before it was switched off counts no more.
    enabled = extendCoverage(held.auto.enabled ? auto : { ...auto, coveredUntil: null }, policy, now, null)
    return { auto: enabled }
  })
  return enabled ?? slice.auto
})

/**
 * Switches it off. Bots that it made stay, each as a wish of its own, unless they are to be cancelled too. Refused:
 * `calendar_not_connected`.
 */
export const disableAuto = Effect.fn("Punctual.disableAuto")(function* (
  userId: UserId,
  cancelScheduled: boolean
): Effect.fn.Return<AutoSchedule, Failure, Scheduler | Store> {
  yield* connectionOf(userId)
  const now = yield* Clock.currentTimeMillis
  const { slice } = yield* decideAndCommit(
    userId,
    // A wish that auto-scheduling left for a meeting whose bot is gone for now must go too: it would bring the bot back.
    cancelScheduled ? { kind: "all" } : { kind: "span", span: { from: now, to: now } },
    ({ slice: held }): Change => ({
      auto: { ...held.auto, enabled: false },
      ...(cancelScheduled
        ? {
            deleteIntents: held.intents.flatMap((intent) =>
              intent.kind === "event" && intent.origin === "auto" ? [intent.id] : []
            )
          }
        : { putIntents: keepBots(held, "auto", held.auto.config) })
    })
  )
  return { ...slice.auto, enabled: false }
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
  return yield* decideAndCommit(userId, { kind: "span", span }, ({ now, policy, slice }): Change => {
    if (!slice.auto.enabled) return {}
    return {
      auto: extendCoverage(slice.auto, policy, now, midnight),
      graceFrom: midnight === null ? null : slice.auto.coveredUntil
    }
  }).pipe(
    Effect.map(({ decision }) => decision.commands.filter(({ kind }) => kind === "create").length),
    // Refused only where the user has disconnected meanwhile.
    Effect.catchTag("Refusal", () => Effect.succeed(0))
  )
})

/** Each live bot of that origin as a wish for its meeting alone, origin and number kept. */
export const keepBots = (slice: Slice, origin: BotOrigin, config: BotConfig): ReadonlyArray<EventIntent> => {
  const pinned = new Set(slice.intents.flatMap((intent) => (intent.kind === "event" ? [intent.meeting] : [])))
  return slice.bots
    .filter(
      (bot) =>
        bot.origin === origin && (bot.status === "Scheduled" || bot.status === "Launching") && !pinned.has(bot.meeting)
    )
    .map((bot) => ({ kind: "event", id: `event:${bot.meeting}`, seq: bot.seq, meeting: bot.meeting, origin, config }))
}

const nextDay = Effect.fnUntraced(function* (midnight: Instant | null) {
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const reach = policy.autoAheadMillis + policy.leadMillis + policy.autoSlackMillis
  return { from: now, to: (midnight === null ? now : Math.max(now, midnight)) + reach }
})
