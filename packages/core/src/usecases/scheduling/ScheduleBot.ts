/**
 * "A bot for this meeting", "for all of this series", "and always for the next one": found, decided, answered.
 * Decides nothing itself: which intents a request becomes is `decide/requests`, and the bots follow from those.
 */
import { Effect } from "effect"
import { type Moment, momentOf } from "../../decide/occurrences/ResolveOccurrence.ts"
import { scheduleEvent } from "../../decide/requests/ScheduleEvent.ts"
import { scheduleSeries } from "../../decide/requests/ScheduleSeries.ts"
import type { Bot } from "../../domain/Bot.ts"
import { isTakenBack } from "../../domain/BotStatus.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { SeriesKey, UserId } from "../../domain/Ids.ts"
import { type Refusal, refuse } from "../../domain/Refusal.ts"
import type { CalendarProviders } from "../../ports/CalendarProviders.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import type { Secrets } from "../../ports/Secrets.ts"
import type { Store } from "../../ports/Store.ts"
import { exceptionsOf, findTarget, notRecurring, parseInstant, scopeOf } from "../account/FindTarget.ts"
import { connectionsOf } from "../account/OpenAccount.ts"
import type { Failure, ScheduleRequest, Scheduled } from "../contract/Contract.ts"
import { demandRoom } from "./DemandRoom.ts"
import { decideAboutEvent } from "./DecideAboutEvent.ts"
import { decideAndCommit } from "./DecideAndCommit.ts"

/**
 * A bot for one event, for one occurrence of its series, for all of them, or also for each next one. Refused:
 * `event_not_found`, `occurrence_not_found`, `not_recurring`, `no_meeting_link`, `event_cancelled`, `event_ended`,
 * `bot_already_scheduled`, `calendar_not_connected`.
 */
export const schedule = Effect.fn("Punctual.schedule")(function* (
  userId: UserId,
  request: ScheduleRequest
): Effect.fn.Return<Scheduled, Failure, CalendarProviders | Scheduler | Secrets | Store> {
  yield* connectionsOf(userId)
  yield* demandRoom(userId)
  const target = yield* findTarget(userId, request.eventId)
  const key = target.series?.key ?? target.event?.seriesKey ?? null
  const isSeriesRequest = request.recurring || request.allOccurrences || request.occurrenceDate !== null
  if (key === null && isSeriesRequest) return yield* Effect.fail(notRecurring)
  const moment = yield* momentAsked(request)
  const exceptions =
    target.series !== null && (request.allOccurrences || moment !== null || target.event?.isVirtual === true)
      ? yield* exceptionsOf(userId, target.series)
      : []
  const { config, occurrenceLimit, recurring } = request
  if (request.allOccurrences && key !== null) {
    return yield* scheduleAll(userId, yield* scopeOf(userId, target), exceptions, {
      series: key,
      config,
      occurrenceLimit
    })
  }
  const { answer, decision } = yield* decideAboutEvent(
    userId,
    target,
    (event) => (state, at) => scheduleEvent(state, at, { event, series: key, moment, config, recurring }),
    exceptions
  )
  return yield* scheduledOne(decision.bots, answer.event, answer.overridesAutoSchedule)
})

const scheduleAll = Effect.fnUntraced(function* (
  userId: UserId,
  scope: Parameters<typeof decideAndCommit>[1],
  exceptions: Parameters<typeof decideAndCommit>[3],
  request: { readonly series: SeriesKey } & Pick<ScheduleRequest, "config" | "occurrenceLimit">
): Effect.fn.Return<Scheduled, Failure, Scheduler | Store> {
  const { answer, decision } = yield* decideAndCommit(
    userId,
    scope,
    (state, at) => scheduleSeries(state, at, request),
    exceptions
  )
  const passedOver = new Set(answer.skipped.map(({ eventId }) => eventId))
  const covered = new Map(
    answer.targets.filter(({ id }) => !passedOver.has(id)).map(({ meeting, subject }) => [meeting, subject])
  )
  const bots = decision.bots
    .filter((bot) => isComing(bot) && covered.has(bot.meeting))
    .toSorted((a, b) => a.start - b.start)
    .map((bot) => ({ ...bot, subject: covered.get(bot.meeting) ?? "" }))
  const bot = bots[0]
  const event = answer.targets.find(({ meeting }) => meeting === bot?.meeting)
  if (bot === undefined || event === undefined)
    return yield* Effect.fail(refuse("event_ended", "The series has no occurrence left."))
  return { bot, event, overridesAutoSchedule: false, isRecurringOccurrence: true, bots, skipped: answer.skipped }
})

/** The moment that names an occurrence; null: none was given. */
const momentAsked = ({
  occurrenceDate
}: Pick<ScheduleRequest, "occurrenceDate">): Effect.Effect<Moment | null, Refusal> => {
  const moment = occurrenceDate === null ? null : momentOf(occurrenceDate, parseInstant)
  return occurrenceDate !== null && moment === null
    ? Effect.fail(refuse("occurrence_not_found", "The series has no occurrence at that time."))
    : Effect.succeed(moment)
}

/** The bot that now stands for a meeting. */
export const scheduledOne = (
  decided: ReadonlyArray<Bot>,
  event: CalendarEvent,
  overridesAutoSchedule: boolean
): Effect.Effect<Scheduled, Refusal> => {
  const bot = decided.find((one) => one.meeting === event.meeting && isComing(one))
  // Decided by the same rules as the plan: that it yields no bot means a rule the plan does not know.
  if (bot === undefined) return Effect.fail(refuse("event_ended", "The meeting can't be joined any more."))
  const isRecurringOccurrence = event.seriesId !== null
  const bots = [{ ...bot, subject: event.subject }]
  return Effect.succeed({ bot, event, overridesAutoSchedule, isRecurringOccurrence, bots, skipped: [] })
}

/** Scheduled, or on its way: one that was to go and is wanted again keeps its id and key. */
const isComing = (bot: Bot): boolean => bot.status === "Scheduled" || (bot.status === "Launching" && !isTakenBack(bot))
