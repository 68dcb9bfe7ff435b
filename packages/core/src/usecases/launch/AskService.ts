/**
 * Puts one question to the bot service, and hears what it means.
 * Decides how long an answer is awaited. Never repeats a question and writes nothing.
 */
import { Effect, Option } from "effect"
import { type LaunchAnswer, ofCall, ofLookup, ofWithdrawal } from "../../decide/launch/LaunchAnswer.ts"
import type { Question } from "../../decide/launch/LaunchStep.ts"
import type { Bot } from "../../domain/Bot.ts"
import type { UserId } from "../../domain/Ids.ts"
import { Launcher, type WithdrawOutcome } from "../../ports/Launcher.ts"
import { Store } from "../../ports/Store.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { requestOf } from "../contract/LaunchRequest.ts"
import type { BotOwner } from "./LaunchWrites.ts"

/** One question about a claimed bot. */
export const askService = Effect.fnUntraced(function* (
  owner: BotOwner,
  bot: Bot,
  question: Question
): Effect.fn.Return<LaunchAnswer, never, Launcher | Store> {
  const launcher = yield* Launcher
  switch (question.kind) {
    case "call":
    case "repeat": {
      const event = question.wanted?.event ?? (yield* mirroredEvent(owner.userId, bot))
      const call = Effect.map(launcher.launch(requestOf(owner, bot, event)), ofCall)
      return yield* inTime(call, { kind: "later", afterMillis: null, definite: false, message: "no answer in time" })
    }
    case "look-up": {
      const lookup = Effect.map(launcher.lookUp(bot.id), ofLookup)
      return yield* inTime(lookup, {
        kind: "later",
        afterMillis: null,
        definite: true,
        message: "not looked up in time"
      })
    }
    case "withdraw":
      return ofWithdrawal(yield* takeBack(bot), question.reason)
  }
})

/** Takes a bot back that the service has; one whose name there was lost is found by its key first, where that can be. */
export const takeBack = Effect.fnUntraced(function* (
  bot: Pick<Bot, "id" | "externalId" | "end">
): Effect.fn.Return<WithdrawOutcome, never, Launcher> {
  const { capabilities, lookUp, withdraw } = yield* Launcher
  const asked = Effect.gen(function* (): Effect.fn.Return<WithdrawOutcome> {
    if (bot.externalId !== null || !capabilities.lookup) return yield* withdraw(bot.id, bot.externalId, bot.end)
    const found = yield* lookUp(bot.id)
    if (found.kind === "absent") return "gone"
    return found.kind === "found" ? yield* withdraw(bot.id, found.externalId, bot.end) : "unanswered"
  })
  return yield* inTime(asked, "unanswered")
})

/** Half the lease: what is heard by then can still be written under it. */
const inTime = <A, R>(question: Effect.Effect<A, never, R>, otherwise: A): Effect.Effect<A, never, R> =>
  Effect.flatMap(CurrentPolicy, ({ launchTimeoutMillis }) =>
    Effect.timeoutOrElse(question, { duration: launchTimeoutMillis, orElse: () => Effect.succeed(otherwise) })
  )

/** What the mirror still says of a meeting that has no use for its bot any more; a store that is away says nothing. */
const mirroredEvent = (userId: UserId, bot: Bot) =>
  Effect.flatMap(Store, (store) => store.event(userId, bot.eventId)).pipe(
    Effect.map(Option.getOrNull),
    Effect.catch(() => Effect.succeed(null))
  )
