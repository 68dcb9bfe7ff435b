/**
 * "A bot for this meeting", and if asked "and always for the next one".
 * Decides which occurrence is meant, why it can have no bot, and which intents the request becomes.
 */
import { type Moment, nextOccurrence, occurrenceAt } from "../occurrences/ResolveOccurrence.ts"
import type { CurrentState } from "../reschedule/CurrentState.ts"
import { type StateIndex, indexState } from "../state/StateIndex.ts"
import type { At, Plan } from "./Change.ts"
import { isGivenUp, policyOf, whyNotJoinable } from "./Joinable.ts"
import { recurringIntent } from "./RecurringSeries.ts"
import type { BotConfig } from "../../domain/Bot.ts"
import { activeBot } from "../../domain/BotStatus.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { SeriesKey } from "../../domain/Ids.ts"
import type { EventIntent } from "../../domain/Intent.ts"
import { Refusal, alreadyScheduled, eventNotFound, refuse } from "../../domain/Refusal.ts"
import { nextSeq } from "../../domain/Sequence.ts"
import type { Instant } from "../../domain/Time.ts"

export interface EventRequest {
  /** The event named, as it was found; null: a series was named. */
  readonly event: CalendarEvent | null
  /** Its series, or the one named; null: it is none's. */
  readonly series: SeriesKey | null
  /** Which occurrence of the series; null: the one named, or the next. */
  readonly moment: Moment | null
  readonly config: BotConfig
  /** Also for each occurrence after this one. */
  readonly recurring: boolean
}

export interface EventPlan {
  readonly event: CalendarEvent
  /** The bot that auto-scheduling made becomes the caller's. */
  readonly overridesAutoSchedule: boolean
}

/** The intents for one meeting, or why it gets no bot. */
export const scheduleEvent = (
  state: CurrentState,
  { now }: Pick<At, "now">,
  request: EventRequest
): Plan<EventPlan> | Refusal => {
  const index = indexState(state)
  const event = eventMeant(index, request, now)
  if (event instanceof Refusal) return event
  if (isGivenUp(state, event.calendarId)) return eventNotFound
  const refusal = whyNotJoinable(event, now) ?? policyOf(state)(event)
  if (refusal !== null) return refusal
  const active = activeBot(index.bots.get(event.meeting), event, now)
  const isTakeOver = active !== null && active.status === "Scheduled" && active.origin === "auto"
  if (active !== null && !isTakeOver) return alreadyScheduled(active)
  const seq = nextSeq(state)
  const own: EventIntent = {
    kind: "event",
    id: `event:${event.meeting}`,
    seq,
    meeting: event.meeting,
    origin: "manual",
    config: request.config
  }
  const { config, recurring, series } = request
  const chain = recurring && series !== null ? [recurringIntent(series, event, seq, config)] : []
  return { change: { putIntents: [own, ...chain] }, answer: { event, overridesAutoSchedule: isTakeOver } }
}

const eventMeant = (
  index: StateIndex,
  { event, moment, series }: EventRequest,
  now: Instant
): CalendarEvent | Refusal => {
  if (moment !== null && series !== null) {
    return (
      occurrenceAt(index, series, moment, now) ??
      refuse("occurrence_not_found", "The series has no occurrence at that time.")
    )
  }
  if (event === null && series !== null) {
    return nextOccurrence(index, series, now) ?? refuse("event_ended", "The series has no occurrence left.")
  }
  if (event === null) return eventNotFound
  // Read again: the copy that was found may have changed since.
  return index.copies.get(event.meeting)?.find(({ id }) => id === event.id) ?? event
}
