/**
 * "And always the next one": chains switched on and off, and one occurrence more by hand.
 * Decides which intents such a request becomes. Never writes a bot itself.
 */
import { Effect } from "effect"
import { excludedAt, upcomingOccurrences } from "../decide/Coverage.ts"
import { type Change, nextSeq } from "../decide/Decision.ts"
import { arrange } from "../decide/Slice.ts"
import { activeBot, nextOccurrence } from "../decide/Targets.ts"
import type { BotConfig } from "../domain/Bot.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import type { EventId, SeriesId, SeriesKey, UserId } from "../domain/Ids.ts"
import type { Slice } from "../domain/Slice.ts"
import type { Instant } from "../domain/Time.ts"
import { type CalendarProvider } from "../ports/Calendar.ts"
import { type Scheduler } from "../ports/Scheduler.ts"
import { type Secrets } from "../ports/Secrets.ts"
import { type Store } from "../ports/Store.ts"
import type { Failure, Scheduled, Toggled } from "./Requests.ts"
import { keepBots } from "./AutoSchedule.ts"
import { type Asked, decideWith } from "./Deciding.ts"
import { alreadyScheduled, Refusal, refuse } from "./Refusal.ts"
import {
  eventNotFound,
  exceptionsOf,
  isGivenUp,
  recurringIntent,
  resolve,
  scheduledOne,
  scopeOf,
  whyNot,
  withDetails
} from "./ScheduleBot.ts"
import { connectionOf } from "./Session.ts"

const notRecurring = refuse("not_recurring", "The event is not part of a recurring series.")

/** Occurrences looked at beyond the one named, to find one that may have a bot. */
const aheadMax = 400

export const toggleRecurrence = Effect.fn("Punctual.toggleRecurrence")(function* (
  userId: UserId,
  eventId: EventId | SeriesId,
  enabled: boolean
): Effect.fn.Return<Toggled, Failure, CalendarProvider | Scheduler | Secrets | Store> {
  yield* connectionOf(userId)
  const named = yield* resolve(userId, eventId)
  const { series } = named
  if (series === null) return yield* notRecurring
  const details = enabled ? yield* exceptionsOf(userId, series) : []
  const scope = yield* scopeOf(userId, named)
  const { now, slice } = yield* decideWith(userId, scope, (asked): Change | Refusal => {
    if (!enabled) return endChain(asked.slice, series.key)
    if (isGivenUp(asked.slice, series.calendarId)) return eventNotFound
    return { ...startChain(withDetails(asked, details), named.event, series.key), details }
  })
  const event = named.event ?? nextOccurrence(arrange(slice), series.key, now)
  return event === null
    ? yield* refuse("occurrence_not_found", "The series has no occurrence left.")
    : { event, series, isEnabled: enabled }
})

export const scheduleNext = Effect.fn("Punctual.scheduleNext")(function* (
  userId: UserId,
  request: { readonly eventId: EventId | SeriesId; readonly after: Instant | null; readonly config: BotConfig }
): Effect.fn.Return<Scheduled, Failure, CalendarProvider | Scheduler | Secrets | Store> {
  yield* connectionOf(userId)
  const named = yield* resolve(userId, request.eventId)
  const { series } = named
  if (series === null) return yield* notRecurring
  const details = yield* exceptionsOf(userId, series)
  const scope = yield* scopeOf(userId, named)
  let target: CalendarEvent | null = null
  const decided = yield* decideWith(userId, scope, (asked) => {
    const plan = planNext(withDetails(asked, details), series.key, named.event?.start ?? request.after, request.config)
    if (plan instanceof Refusal) return plan
    target = plan.event
    return { ...plan.change, details }
  })
  return yield* scheduledOne(decided, target, false)
})

const startChain = ({ slice }: Asked, event: CalendarEvent | null, key: SeriesKey): Change => {
  const config = chainConfig(slice, event, key)
  return { putIntents: [recurringIntent(key, event, nextSeq(slice), config)] }
}

/** A chain that is switched on anew looks as the one before it did, else as the bot there is, else as the default. */
const chainConfig = (slice: Slice, event: CalendarEvent | null, key: SeriesKey): BotConfig => {
  const before = slice.intents.find((intent) => intent.kind === "recurring" && intent.series === key)
  if (before !== undefined && before.kind === "recurring") return before.config
  const bot =
    slice.bots.find(({ meeting }) => meeting === event?.meeting) ?? slice.bots.toSorted((a, b) => b.start - a.start)[0]
  return bot?.config ?? slice.auto.config
}

const endChain = (slice: Slice, key: SeriesKey): Change => {
  const ended = slice.intents.filter((intent) => intent.kind === "recurring" && intent.series === key)
  const config = ended.flatMap((intent) => (intent.kind === "recurring" ? [intent.config] : []))[0] ?? {}
  return { deleteIntents: ended.map((intent) => intent.id), putIntents: keepBots(slice, "recurring", config) }
}

const planNext = (
  { now, slice }: Asked,
  key: SeriesKey,
  after: Instant | null,
  config: BotConfig
): { readonly change: Change; readonly event: CalendarEvent } | Refusal => {
  const arranged = arrange(slice)
  const event = upcomingOccurrences(arranged, key, now, aheadMax).find((candidate) => {
    const excluded = excludedAt(arranged, candidate)
    return candidate.start > (after ?? now) && excluded.meeting === 0 && excluded.series === 0
  })
  if (event === undefined) return refuse("occurrence_not_found", "The series has no occurrence after that one.")
  const refusal = whyNot(event, now)
  if (refusal !== null) return refusal
  const active = activeBot(arranged.bots.get(event.meeting), event, now)
  if (active !== null) return alreadyScheduled(active)
  const intent = {
    kind: "event",
    id: `event:${event.meeting}`,
    seq: nextSeq(slice),
    meeting: event.meeting,
    origin: "recurring",
    config
  } as const
  return { change: { putIntents: [intent] }, event }
}
