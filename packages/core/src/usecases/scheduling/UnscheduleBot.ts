/**
 * "No bot for this meeting", and "none of this series from here on": found, decided, answered.
 * Decides nothing itself: which exclusions a request becomes is `decide/requests/Exclude.ts`.
 */
import { Effect, Option } from "effect"
import { momentOf } from "../../decide/occurrences/ResolveOccurrence.ts"
import { planned } from "../../decide/requests/Change.ts"
import { excludeBot, excludeEvent, excludeSeries } from "../../decide/requests/Exclude.ts"
import type { Bot } from "../../domain/Bot.ts"
import { isTakenBack } from "../../domain/BotStatus.ts"
import type { BotId, UserId } from "../../domain/Ids.ts"
import { seriesOfMeeting } from "../../domain/MeetingKey.ts"
import { botNotFound, notScheduled } from "../../domain/Refusal.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { Store } from "../../ports/Store.ts"
import { findTarget, parseInstant } from "../account/FindTarget.ts"
import { connectionsOf } from "../account/OpenAccount.ts"
import type { Failure, UnscheduleRequest, Unscheduled } from "../contract/Contract.ts"
import { decideAboutBot } from "./DecideAboutBot.ts"
import { decideAboutEvent } from "./DecideAboutEvent.ts"

/**
 * Ends what was asked for an event, or for a series (from a date on), and excludes it. No bot there is no error. Refused:
 * `event_not_found`, `occurrence_not_found`, `not_recurring`, `calendar_not_connected`.
 */
export const unschedule = Effect.fn("Punctual.unschedule")(function* (
  userId: UserId,
  request: UnscheduleRequest
): Effect.fn.Return<Unscheduled, Failure, Scheduler | Store> {
  yield* connectionsOf(userId)
  const target = yield* findTarget(userId, request.eventId)
  const key = target.series?.key ?? target.event?.seriesKey ?? null
  const from = request.fromDate === null ? null : momentOf(request.fromDate, parseInstant)
  const { decision, event } = yield* decideAboutEvent(
    userId,
    target,
    (named) => (state, at) =>
      planned(
        key !== null && (request.allOccurrences || request.fromDate !== null)
          ? excludeSeries(state, at, key, from)
          : excludeEvent(state, at, named, key)
      )
  )
  const gone = new Set(decision.commands.flatMap((command) => (command.kind === "cancel" ? [command.bot.id] : [])))
  const scope = request.allOccurrences || request.fromDate !== null ? key : null
  const isNamed = ({ meeting }: Bot): boolean =>
    event?.meeting === meeting || (scope !== null && seriesOfMeeting(meeting) === scope)
  return {
    cancelled: decision.bots.filter(({ id }) => gone.has(id)).toSorted((a, b) => a.start - b.start),
    // Also those that were to go before: nothing is known of them yet.
    takenBack: decision.bots.filter((bot) => isTakenBack(bot) && isNamed(bot)),
    isSeries: key !== null
  }
})

/**
 * Removes the meeting of a bot that is `Scheduled`, or on its way: that one stays `Launching` until it is known what became
 * of it.
 */
export const removeBot = Effect.fn("Punctual.removeBot")(function* (
  userId: UserId,
  botId: BotId
): Effect.fn.Return<Bot, Failure, Scheduler | Store> {
  const bot = yield* ownBot(userId, botId)
  return yield* decideAboutBot(userId, bot, (state) => planned(excludeBot(state, bot)))
})

/** The bot, if it may still be changed by hand. */
export const scheduledBot = Effect.fnUntraced(function* (
  userId: UserId,
  botId: BotId
): Effect.fn.Return<Bot, Failure, Store> {
  const bot = yield* ownBot(userId, botId)
  return bot.status === "Scheduled" ? bot : yield* Effect.fail(notScheduled(bot))
})

const ownBot = Effect.fnUntraced(function* (userId: UserId, botId: BotId): Effect.fn.Return<Bot, Failure, Store> {
  yield* connectionsOf(userId)
  const store = yield* Store
  const bot = Option.getOrNull(yield* store.bot(userId, botId))
  return bot ?? (yield* Effect.fail(botNotFound))
})
