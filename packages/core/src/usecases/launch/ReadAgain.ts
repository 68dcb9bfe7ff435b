/**
 * A bot's meeting, looked at again before a question is put to the bot service.
 * Decides nothing by itself: what the look says is the decision that sync would make.
 */
import { Effect, Option } from "effect"
import type { Verdict } from "../../decide/desired/Verdict.ts"
import { nothing } from "../../decide/requests/Change.ts"
import type { Bot } from "../../domain/Bot.ts"
import type { UserId } from "../../domain/Ids.ts"
import type { Instant } from "../../domain/Time.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { scopeOfBot } from "../account/FindTarget.ts"
import { decideAndCommit } from "../scheduling/DecideAndCommit.ts"

/** The decision that sync would make, made now: a bot that is still `Scheduled` moves or goes by it. */
export const readAgain = Effect.fnUntraced(function* (
  userId: UserId,
  bot: Bot
): Effect.fn.Return<ReadAgain, StoreError, Scheduler | Store> {
  const store = yield* Store
  return yield* decideAndCommit(userId, scopeOfBot(bot), nothing).pipe(
    Effect.map(({ decision }) => {
      // If its series moved, its meeting has another key now.
      const current = decision.bots.find(({ id }) => id === bot.id) ?? bot
      const { pausedUntil } = decision
      return { bot: current, verdict: decision.verdicts.get(current.meeting) ?? gone, pausedUntil }
    }),
    // Refused only where the user has disconnected meanwhile, which marks what is on its way.
    Effect.catchTag("Refusal", () =>
      Effect.map(store.bot(userId, bot.id), (row) => ({
        bot: Option.getOrElse(row, () => bot),
        verdict: disconnected,
        pausedUntil: null
      }))
    )
  )
})

interface ReadAgain {
  readonly bot: Bot
  readonly verdict: Verdict
  readonly pausedUntil: Instant | null
}

const gone: Verdict = { kind: "unwanted", reason: "meeting_deleted" }
const disconnected: Verdict = { kind: "unwanted", reason: "calendar_disconnected" }
