/**
 * The answer to a request that is repeated because its first run died before it could answer.
 *
 * Decides that bots which stand in the way are the first run's own, if they were asked for in the same way with this very
 * configuration. Then the answer is the one that the first run would have given.
 */
import { Effect, Option, Stream } from "effect"
import {
  type Bot,
  type BotConfig,
  type BotOrigin,
  type EventId,
  type Failure,
  type ListedBot,
  type Place,
  type Punctual,
  type Refusal,
  sameJson,
  type Scheduled,
  type SeriesId,
  seriesOfMeeting,
  type UserId
} from "@punctual/core"

type Facade = Punctual["Service"]

/** What was asked for, as far as a bot remembers it. */
export interface ReplayedRequest {
  readonly eventId: EventId | SeriesId
  readonly config: BotConfig
  readonly origin: BotOrigin
}

/** Around whatever schedules, on such a repetition alone. */
export const idempotentReplay =
  (punctual: Facade, userId: UserId, request: ReplayedRequest) =>
  (first: Effect.Effect<Scheduled, Failure>): Effect.Effect<Scheduled, Failure> =>
    Effect.catchIf(
      first,
      (failure): failure is Refusal => failure._tag === "Refusal" && failure.code === "bot_already_scheduled",
      (refusal) =>
        Effect.gen(function* () {
          const scheduled = yield* scheduledBots(punctual, userId)
          const bot: Bot | null =
            scheduled.find(({ id }) => id === refusal.botId) ?? (yield* handedOver(punctual, userId, request, refusal))
          if (bot === null || !isFrom(bot, request)) return yield* Effect.fail(refusal)
          const { event } = yield* punctual.event(userId, bot.eventId)
          return {
            bot,
            event,
            overridesAutoSchedule: false,
            isRecurringOccurrence: event.seriesId !== null,
            bots:
              request.origin === "series" ? sameSeries(scheduled, bot, request) : [{ ...bot, subject: event.subject }],
            skipped: []
          }
        })
    )

const isFrom = (bot: Bot, { config, origin }: ReplayedRequest): boolean =>
  bot.origin === origin && sameJson(bot.config, config)

const sameSeries = (
  scheduled: ReadonlyArray<ListedBot>,
  bot: Bot,
  request: ReplayedRequest
): ReadonlyArray<ListedBot> => {
  const series = seriesOfMeeting(bot.meeting)
  return scheduled.filter((each) => isFrom(each, request) && seriesOfMeeting(each.meeting) === series)
}

/** One that was due at once has gone on from `Scheduled` meanwhile. */
const handedOver = (punctual: Facade, userId: UserId, { eventId }: ReplayedRequest, { botId }: Refusal) =>
  Effect.map(
    punctual.event(userId, eventId as EventId),
    ({ bots }) => bots.find(({ id }) => id === botId) ?? null
  ).pipe(Effect.catchTag("Refusal", () => Effect.succeed(null)))

const pageSize = 100

/** By join time. Pages are few: a user has hundreds of scheduled bots at most, and this happens after a crash alone. */
const scheduledBots = (punctual: Facade, userId: UserId): Effect.Effect<ReadonlyArray<ListedBot>, Failure> =>
  Stream.paginate(null as Place | null, (place) =>
    Effect.map(
      punctual.bots(userId, { limit: pageSize, place, backwards: false }),
      ({ hasMore, items }) =>
        [items, hasMore ? Option.map(Option.fromUndefinedOr(items.at(-1)), placeOf) : Option.none()] as const
    )
  ).pipe(Stream.runCollect)

const placeOf = ({ id, joinAt }: Bot): Place => ({ at: joinAt, id })
