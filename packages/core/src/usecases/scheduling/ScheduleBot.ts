/**
 * "A bot for this meeting", "for all of this series", "and always for the next one".
 * Decides what is refused and which intents a request becomes; the bots follow from those. Never writes a bot itself.
 */
import { DateTime, Effect, Option } from "effect"
import { momentOf, nextOccurrence, occurrenceAt } from "../../decide/occurrences/ResolveOccurrence.ts"
import type { Change } from "../../decide/requests/Change.ts"
import { type StateIndex, indexState } from "../../decide/state/StateIndex.ts"
import { activeBot } from "../../domain/BotStatus.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { CalendarId, SeriesKey, UserId } from "../../domain/Ids.ts"
import type { EventIntent, RecurringIntent } from "../../domain/Intent.ts"
import { Refusal, alreadyScheduled, refuse } from "../../domain/Refusal.ts"
import { nextSeq } from "../../domain/Sequence.ts"
import type { Slice } from "../../domain/Slice.ts"
import type { Instant } from "../../domain/Time.ts"
import type { CalendarProvider } from "../../ports/CalendarProvider.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import type { Secrets } from "../../ports/Secrets.ts"
import type { Store } from "../../ports/Store.ts"
import { type Named, eventNotFound, exceptionsOf, resolve, scopeOf } from "../account/FindTarget.ts"
import { connectionOf } from "../account/OpenAccount.ts"
import type { Failure, ScheduleRequest, Scheduled } from "../contract/Contract.ts"
import { type DecisionInput, type DecisionResult, decideAndCommit } from "./DecideAndCommit.ts"
import { type PlanAll, planAll } from "./ScheduleSeries.ts"

/**
 * A bot for one event, for one occurrence of its series, for all of them, or also for each next one. Refused:
 * `event_not_found`, `occurrence_not_found`, `not_recurring`, `no_meeting_link`, `event_cancelled`, `event_ended`,
 * `bot_already_scheduled`, `calendar_not_connected`.
 */
export const schedule = Effect.fn("Punctual.schedule")(function* (
  userId: UserId,
  request: ScheduleRequest
): Effect.fn.Return<Scheduled, Failure, CalendarProvider | Scheduler | Secrets | Store> {
  yield* connectionOf(userId)
  const named = yield* resolve(userId, request.eventId)
  const key = named.series?.key ?? named.event?.seriesKey ?? null
  const isSeriesRequest = request.recurring || request.allOccurrences || request.occurrenceDate !== null
  if (key === null && isSeriesRequest) return yield* Effect.fail(notRecurring)
  const details =
    key !== null && named.series !== null && (request.allOccurrences || request.occurrenceDate !== null)
      ? yield* exceptionsOf(userId, named.series)
      : []
  const scope = yield* scopeOf(userId, named)
  if (request.allOccurrences && key !== null) {
    let all: PlanAll | null = null
    const decided = yield* decideAndCommit(userId, scope, (asked) => {
      const plan = planAll(withDetails(asked, details), key, request)
      if (plan instanceof Refusal) return plan
      all = plan
      return { ...plan.change, details }
    })
    return yield* scheduledAll(decided, all)
  }
  let takenOver = false
  let target: CalendarEvent | null = null
  const decided = yield* decideAndCommit(userId, scope, (asked) => {
    const plan = planOne(withDetails(asked, details), named, key, request)
    if (plan instanceof Refusal) return plan
    takenOver = plan.overridesAutoSchedule
    target = plan.event
    return details.length === 0 ? plan.change : { ...plan.change, details }
  })
  return yield* scheduledOne(decided, target, takenOver)
})

const notRecurring = refuse("not_recurring", "The event is not part of a recurring series.")

const occurrenceNotFound = refuse("occurrence_not_found", "The series has no occurrence at that time.")

/** What was asked, with exceptions of series that were just read from the provider laid over it. */
export const withDetails = (asked: DecisionInput, details: NonNullable<Change["details"]>): DecisionInput =>
  details.length === 0
    ? asked
    : {
        ...asked,
        slice: {
          ...asked.slice,
          series: asked.slice.series.map((row) => ({ ...row, ...details.find((detail) => detail.id === row.id) }))
        }
      }

interface PlanOne {
  readonly change: Change
  readonly event: CalendarEvent
  readonly overridesAutoSchedule: boolean
}

/** Pure: the intents for one meeting, or why not. */
const planOne = (
  { now, slice }: DecisionInput,
  named: Named,
  key: SeriesKey | null,
  request: ScheduleRequest
): PlanOne | Refusal => {
  const index = indexState(slice)
  const event = targetOf(index, named, key, request, now)
  if (event instanceof Refusal) return event
  if (isGivenUp(slice, event.calendarId)) return eventNotFound
  const refusal = whyNot(event, now)
  if (refusal !== null) return refusal
  const active = activeBot(index.bots.get(event.meeting), event, now)
  const isTakeOver = active !== null && active.status === "Scheduled" && active.origin === "auto"
  if (active !== null && !isTakeOver) return alreadyScheduled(active)
  const seq = nextSeq(slice)
  const own: EventIntent = {
    kind: "event",
    id: `event:${event.meeting}`,
    seq,
    meeting: event.meeting,
    origin: "manual",
    config: request.config
  }
  const chain = request.recurring && key !== null ? [recurringIntent(key, event, seq, request.config)] : []
  return { change: { putIntents: [own, ...chain] }, event, overridesAutoSchedule: isTakeOver }
}

/** "The next one, always", from an occurrence on; from the beginning where none is named. */
export const recurringIntent = (
  key: SeriesKey,
  event: Pick<CalendarEvent, "originalDate"> | null,
  seq: number,
  config: RecurringIntent["config"]
): RecurringIntent => ({
  kind: "recurring",
  id: `recurring:${key}`,
  seq,
  series: key,
  fromDate: event?.originalDate ?? "0001-01-01",
  beforeDate: null,
  config
})

const targetOf = (
  index: StateIndex,
  named: Named,
  key: SeriesKey | null,
  request: ScheduleRequest,
  now: Instant
): CalendarEvent | Refusal => {
  if (request.occurrenceDate !== null && key !== null) {
    const moment = momentOf(request.occurrenceDate, parseInstant)
    return (moment === null ? null : occurrenceAt(index, key, moment, now)) ?? occurrenceNotFound
  }
  if (named.event === null && key !== null) {
    return nextOccurrence(index, key, now) ?? refuse("event_ended", "The series has no occurrence left.")
  }
  // Read again: the copy that was found may have changed since.
  const current = index.copies.get(named.event?.meeting ?? ("" as never))?.find(({ id }) => id === named.event?.id)
  return current ?? named.event ?? eventNotFound
}

/**
 * Whether a calendar was deselected since it was looked into. What is wished for there now would outlive its wishes that
 * are just being ended, and come back with the calendar.
 */
export const isGivenUp = ({ calendars }: Slice, calendarId: CalendarId): boolean =>
  calendars.some(({ id, selected }) => id === calendarId && !selected)

/** Nothing left to join, or no way to. */
export const whyNot = (event: CalendarEvent, now: Instant): Refusal | null => {
  if (event.isDeleted) return eventNotFound
  if (event.isCancelled) return refuse("event_cancelled", "The meeting was cancelled.")
  if (event.end <= now) return refuse("event_ended", "The meeting has ended.")
  if (event.link === null) return refuse("no_meeting_link", "The event has no link of a supported meeting platform.")
  return null
}

/** RFC 3339; null: not one. */
export const parseInstant = (text: string): Instant | null =>
  Option.match(DateTime.make(text), { onNone: () => null, onSome: DateTime.toEpochMillis })

/** The bot that now stands for a meeting. */
export const scheduledOne = Effect.fnUntraced(function* (
  { decision }: DecisionResult,
  event: CalendarEvent | null,
  overridesAutoSchedule: boolean
): Effect.fn.Return<Scheduled, Refusal> {
  const bot =
    event === null
      ? undefined
      : decision.bots.find(({ meeting, status }) => meeting === event.meeting && status === "Scheduled")
  // DecisionResult by the same rules as the plan: that it yields no bot means a rule the plan does not know.
  if (event === null || bot === undefined)
    return yield* Effect.fail(refuse("event_ended", "The meeting can't be joined any more."))
  return {
    bot,
    event,
    overridesAutoSchedule,
    isRecurringOccurrence: event.seriesId !== null,
    bots: [bot],
    skipped: []
  }
})

const scheduledAll = Effect.fnUntraced(function* (
  { decision }: DecisionResult,
  plan: PlanAll | null
): Effect.fn.Return<Scheduled, Refusal> {
  const targets = plan?.targets ?? []
  const covered = new Set(targets.map((event) => event.meeting))
  const bots = decision.bots
    .filter((bot) => bot.status === "Scheduled" && covered.has(bot.meeting))
    .toSorted((a, b) => a.start - b.start)
  const bot = bots[0]
  const event = targets.find(({ meeting }) => meeting === bot?.meeting)
  if (bot === undefined || event === undefined)
    return yield* Effect.fail(refuse("event_ended", "The series has no occurrence left."))
  return {
    bot,
    event,
    overridesAutoSchedule: false,
    isRecurringOccurrence: true,
    bots,
    skipped: plan?.skipped ?? []
  }
})
