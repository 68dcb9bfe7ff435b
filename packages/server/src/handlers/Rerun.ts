/**
 * What a request is answered when it is repeated because its first run died before it could answer.
 *
 * Decides that a bot which stands in the way is the first run's own, if it was asked for by hand with this very
 * configuration; then the answer is the one that the first run would have given. Only ever asked on such a repetition.
 */
import { Effect } from "effect"
import type { Bot, Failure, Punctual, Refusal, Scheduled, UserId } from "@punctual/core"

type Facade = Punctual["Service"]
type ScheduleRequest = Parameters<Facade["schedule"]>[1]

/** For `punctual.schedule`. */
export const metOwnWork =
  (punctual: Facade, userId: UserId, request: ScheduleRequest) =>
  (first: Effect.Effect<Scheduled, Failure>): Effect.Effect<Scheduled, Failure> =>
    Effect.catchIf(
      first,
      (failure): failure is Refusal => failure._tag === "Refusal" && failure.code === "bot_already_scheduled",
      (refusal) =>
        Effect.flatMap(findBot(punctual, userId, refusal.botId ?? ""), (bot) => {
          if (bot === null || !isFrom(bot, request)) return Effect.fail(refusal)
          return Effect.map(punctual.event(userId, bot.eventId), ({ event }): Scheduled => ({
            bot,
            event,
            overridesAutoSchedule: false,
            isRecurringOccurrence: event.seriesId !== null,
            bots: [bot],
            skipped: []
          }))
        })
    )

const isFrom = (bot: Bot, { allOccurrences, config }: ScheduleRequest): boolean =>
  bot.origin === (allOccurrences ? "series" : "manual") && JSON.stringify(bot.config) === JSON.stringify(config)

const pageSize = 100

/** Pages are few: a user has hundreds of scheduled bots at most, and this happens after a crash alone. */
const findBot = Effect.fnUntraced(function* (
  punctual: Facade,
  userId: UserId,
  botId: string
): Effect.fn.Return<Bot | null, Failure> {
  let place: Parameters<Facade["bots"]>[1]["place"] = null
  for (;;) {
    const { hasMore, items }: { readonly items: ReadonlyArray<Bot>; readonly hasMore: boolean } = yield* punctual.bots(
      userId,
      { limit: pageSize, place, backwards: false }
    )
    const found = items.find(({ id }) => id === botId)
    const last = items.at(-1)
    if (found !== undefined) return found
    if (!hasMore || last === undefined) return null
    place = { at: last.joinAt, id: last.id }
  }
})
