/**
 * Bots of which nobody can be asked whether they are in their meetings, and bots that nobody waits for any more.
 * Decides how that is counted and said. Which bots those are `decide/launch` says.
 */
import { Effect, Metric, Option } from "effect"
import type { Bot } from "../../domain/Bot.ts"
import type { UserId } from "../../domain/Ids.ts"
import type { Launcher } from "../../ports/Launcher.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { takeBack } from "./AskService.ts"
import { type BotOwner, writeBot } from "./LaunchWrites.ts"

const inDoubt = Metric.counter("punctual_launches_in_doubt_total", {
  description: "Bots of which nobody could be asked, or answered, whether they were in their meetings",
  incremental: true
})

/** The service has a bot that no row speaks of any more (its user has left, or it was let go): it is taken back at once. */
export const withdrawForgotten = Effect.fnUntraced(function* (
  userId: UserId,
  bot: Bot,
  externalId: string | null
): Effect.fn.Return<void, StoreError, Launcher | Store> {
  const store = yield* Store
  const row = Option.getOrNull(yield* store.bot(userId, bot.id))
  if (row !== null && row.status !== "Cancelled" && row.status !== "Failed") return
  const outcome = yield* takeBack({ ...bot, externalId })
  yield* Effect.logWarning("a bot that nobody waits for any more was taken back").pipe(
    Effect.annotateLogs({ user_id: userId, event_id: bot.eventId, bot_id: bot.id, external_id: externalId, outcome })
  )
})

/** Its key stays its meeting's until that ends, so that no second bot is made beside it. */
export const waitForEnd = Effect.fnUntraced(function* (
  owner: BotOwner,
  bot: Bot
): Effect.fn.Return<void, StoreError, Store> {
  if (bot.launch === null || isWaiting(bot)) return
  yield* noteDoubt(owner.userId, bot)
  yield* writeBot(owner, bot, { ...bot, launch: { ...bot.launch, leaseUntil: bot.end, retryAt: null, owner: null } })
})

/** For its meeting's end: said once. */
const isWaiting = ({ end, launch }: Bot): boolean => launch?.owner === null && launch.leaseUntil === end

/** Counted and said once for each bot. */
export const noteDoubt = Effect.fnUntraced(function* (userId: UserId, bot: Bot): Effect.fn.Return<void> {
  if (isWaiting(bot)) return
  yield* Metric.update(inDoubt, 1)
  yield* Effect.logWarning("a bot may be in its meeting, and nobody can tell").pipe(
    Effect.annotateLogs({ user_id: userId, event_id: bot.eventId, bot_id: bot.id, status_message: bot.statusMessage })
  )
})
