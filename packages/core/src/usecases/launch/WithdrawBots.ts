/**
 * Withdraws bots that were handed over: takes them out of meetings that were cancelled, deleted, moved away or given
 * another link.
 * Decides how each answer of the bot service is recorded. The store alone says what is left to do, so another process
 * carries on after a crash: each call is repeated until it is answered. Never launches: where the meeting goes on, the
 * commit that records the withdrawal also decides about its next bot.
 */
import { Clock, Effect, Option } from "effect"
import { changing } from "../../decide/requests/Change.ts"
import { noteWithdrawal, withdrawReason } from "../../decide/requests/Withdraw.ts"
import { currentState } from "../../decide/reschedule/SeriesChange.ts"
import type { Bot, WithdrawReason } from "../../domain/Bot.ts"
import { causeOfEnd } from "../../domain/BotChange.ts"
import type { UserId } from "../../domain/Ids.ts"
import { Launcher, type WithdrawOutcome } from "../../ports/Launcher.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { type OwnedBot, type Place, Store, type StoreError } from "../../ports/Store.ts"
import { scopeOfBot } from "../account/FindTarget.ts"
import { UserShares } from "../account/UserShares.ts"
import { decideAndCommit } from "../scheduling/DecideAndCommit.ts"
import type { WithdrawCounts } from "../contract/Contract.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { takeBack } from "./AskService.ts"

/** Bots looked at by one call. */
const botsPerLookMax = 500
/** Of those at once. */
const looksAtOnce = 4

/**
 * Looks at bots that are in meetings now, from a place on, and withdraws those whose meeting has changed. Does nothing
 * where the service takes no bot back.
 */
export const withdrawBots = Effect.fn("Punctual.withdrawBots")(function* (
  after: Place | null
): Effect.fn.Return<WithdrawCounts, StoreError, Launcher | Scheduler | Store | UserShares> {
  const store = yield* Store
  const shares = yield* UserShares
  const launcher = yield* Launcher
  if (!launcher.capabilities.withdraw) return { looked: 0, withdrawn: 0, unanswered: 0, next: null }
  const owned = yield* store.handedOver(yield* Clock.currentTimeMillis, after, botsPerLookMax)
  const outcomes = yield* Effect.forEach(
    owned,
    (each) =>
      Effect.map(
        shares.run("withdraw", each.userId, look(each)),
        Option.getOrElse(() => "unanswered" as const)
      ),
    { concurrency: looksAtOnce }
  )
  const last = owned.length < botsPerLookMax ? undefined : owned.at(-1)?.bot
  return {
    looked: owned.length,
    withdrawn: outcomes.filter((outcome) => outcome !== null && outcome !== "unanswered").length,
    unanswered: outcomes.filter((outcome) => outcome === "unanswered").length,
    next: last === undefined ? null : { at: last.end, id: last.id }
  }
})

/** Null: the bot stays where it is. */
const look = Effect.fnUntraced(function* ({
  bot,
  userId
}: OwnedBot): Effect.fn.Return<WithdrawOutcome | null, StoreError, Launcher | Scheduler | Store> {
  const store = yield* Store
  const { name } = yield* Launcher
  const now = yield* Clock.currentTimeMillis
  const slice = yield* store.slice(userId, scopeOfBot(bot), now)
  const reason = withdrawReason(currentState(slice, now), bot, { policy: yield* CurrentPolicy, now })
  if (reason === null) return null
  const outcome = yield* takeBack(bot)
  yield* Effect.logInfo("a bot handed over is called back").pipe(
    Effect.annotateLogs({
      user_id: userId,
      event_id: bot.eventId,
      bot_id: bot.id,
      external_id: bot.externalId,
      status: bot.status,
      reason,
      outcome,
      launcher: name
    })
  )
  if (outcome !== "unanswered") yield* note(userId, bot, reason, outcome)
  return outcome
})

/**
 * Records the service's answer, and in the same commit decides about the meeting as one without this bot. A bot that
 * the service would not take out is still in the meeting, which so gets no other.
 */
const note = (
  userId: UserId,
  bot: Bot,
  reason: WithdrawReason,
  outcome: Exclude<WithdrawOutcome, "unanswered">
): Effect.Effect<void, StoreError, Scheduler | Store> =>
  decideAndCommit(
    userId,
    scopeOfBot(bot),
    changing((state, at) => noteWithdrawal(state, at, bot, reason, outcome), causeOfEnd(reason))
  ).pipe(
    Effect.asVoid,
    // Refused only where the user has disconnected meanwhile: its rows go.
    Effect.catchTag("Refusal", () => Effect.void)
  )
