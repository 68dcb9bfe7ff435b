/**
 * A bot's meeting, looked at again before a question is put to the bot service.
 * Decides nothing by itself: what the look says is the decision that sync would make.
 */
import { Effect, Option } from "effect"
import type { Decision } from "../../decide/Decide.ts"
import type { Verdict } from "../../decide/desired/Verdict.ts"
import { nothing } from "../../decide/requests/Change.ts"
import type { Bot } from "../../domain/Bot.ts"
import type { UserId, WorkspaceId } from "../../domain/Ids.ts"
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
      const { pausedUntil, workspaceId } = decision
      const verdict = decision.verdicts.get(current.meeting) ?? gone
      return { bot: current, verdict, pausedUntil, workspaceId, subject: subjectOfBot(decision, verdict, current) }
    }),
    // Refused only where the user has disconnected meanwhile, which marks what is on its way.
    Effect.catchTag("Refusal", () =>
      Effect.map(store.bot(userId, bot.id), (row) => ({
        bot: Option.getOrElse(row, () => bot),
        verdict: disconnected,
        pausedUntil: null,
        workspaceId: null,
        subject: null
      }))
    )
  )
})

interface ReadAgain {
  readonly bot: Bot
  readonly verdict: Verdict
  readonly pausedUntil: Instant | null
  readonly workspaceId: WorkspaceId | null
  /** Of the bot's event; null: it is not known any more. */
  readonly subject: string | null
}

/** A virtual occurrence that is stored nowhere is known by the verdict alone. */
const subjectOfBot = ({ events }: Decision, verdict: Verdict, { eventId }: Bot): string | null => {
  const wanted = verdict.kind === "wanted" ? [verdict.bot.event] : []
  return [...wanted, ...events].find(({ id }) => id === eventId)?.subject ?? null
}

const gone: Verdict = { kind: "unwanted", reason: "meeting_deleted" }
const disconnected: Verdict = { kind: "unwanted", reason: "calendar_disconnected" }
