/**
 * A decision about one bot that somebody named.
 * Decides nothing itself. A bot's meeting may be called otherwise by the time that it is decided (it became a series, or one of
 * several with a UID): then the bot is not in what was loaded, and it is found again by its new name, so that nothing that
 * was asked of it is lost.
 */
import { Effect, Option } from "effect"
import type { Request } from "../../decide/requests/Change.ts"
import type { Bot } from "../../domain/Bot.ts"
import type { UserId } from "../../domain/Ids.ts"
import { Refusal } from "../../domain/Refusal.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { Store } from "../../ports/Store.ts"
import { scopeOfBot } from "../account/FindTarget.ts"
import type { Failure } from "../contract/Contract.ts"
import { decideAndCommit } from "./DecideAndCommit.ts"

/** Succeeds with the bot as it is then. */
export const decideAboutBot = Effect.fnUntraced(function* (
  userId: UserId,
  found: Bot,
  request: Request<null>
): Effect.fn.Return<Bot, Failure, Scheduler | Store> {
  const store = yield* Store
  let bot = found
  for (;;) {
    const { answer: isDecided, decision } = yield* decideAndCommit(userId, scopeOfBot(bot), ifThere(bot, request))
    if (isDecided) return decision.bots.find(({ id }) => id === bot.id) ?? bot
    const again = Option.getOrElse(yield* store.bot(userId, bot.id), () => bot)
    const isCalledSo = again.meeting === bot.meeting
    bot = again
    // Under the same name and not there: it has ended, by this decision or by another that came between.
    if (isCalledSo) break
  }
  const { decision } = yield* decideAndCommit(userId, scopeOfBot(bot), request)
  return decision.bots.find(({ id }) => id === bot.id) ?? bot
})

/** Answers whether the bot was there; where it was not, nothing is asked for. */
const ifThere =
  ({ id }: Bot, request: Request<null>): Request<boolean> =>
  (state, at) => {
    if (!state.bots.some((bot) => bot.id === id)) return { change: {}, answer: false }
    const plan = request(state, at)
    return plan instanceof Refusal ? plan : { change: plan.change, answer: true }
  }
