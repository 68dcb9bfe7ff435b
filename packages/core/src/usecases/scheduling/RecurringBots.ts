/**
 * "And always the next one": chains switched on and off, and one occurrence more by hand.
 * Decides which intents such a request becomes. Never writes a bot itself.
 */
import { Effect } from "effect"
import { excludedAt } from "../../decide/intents/Exclusions.ts"
import { upcomingOccurrences } from "../../decide/occurrences/Upcoming.ts"
import type { Change } from "../../decide/requests/Change.ts"
import { nextSeq } from "../../domain/Sequence.ts"
import { type StateIndex, indexState } from "../../decide/state/StateIndex.ts"
import { nextByRule, startOf } from "../../decide/requests/FallbackRule.ts"
import { activeBot } from "../../domain/BotStatus.ts"
import { nextOccurrence } from "../../decide/occurrences/ResolveOccurrence.ts"
import type { BotConfig } from "../../domain/Bot.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { EventId, SeriesId, SeriesKey, UserId } from "../../domain/Ids.ts"
import type { EventIntent } from "../../domain/Intent.ts"
import type { Slice } from "../../domain/Slice.ts"
import type { Instant } from "../../domain/Time.ts"
import { type MeetingLink, findMeetingLink } from "../../links/Link.ts"
import type { CalendarProvider } from "../../ports/CalendarProvider.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import type { Secrets } from "../../ports/Secrets.ts"
import type { Store } from "../../ports/Store.ts"
import { parseRule } from "../../recurrence/RuleText.ts"
import type { Failure, NextRequest, Scheduled, Toggled } from "../contract/Contract.ts"
import { keepBots } from "./AutoSchedule.ts"
import { type DecisionInput, decideAndCommit } from "./DecideAndCommit.ts"
import { Refusal, alreadyScheduled, refuse } from "../../domain/Refusal.ts"
import { eventNotFound, exceptionsOf, resolve, scopeOf } from "../account/FindTarget.ts"
import { isGivenUp, recurringIntent, scheduledOne, whyNot, withDetails } from "./ScheduleBot.ts"
import { connectionOf } from "../account/OpenAccount.ts"

const notRecurring = refuse("not_recurring", "The event is not part of a recurring series.")

/** Occurrences looked at beyond the one named, to find one that may have a bot. */
const aheadMax = 400

/**
 * Switches "the next one, always" on or off for the series of an event. Refused: `not_recurring`, `event_not_found`,
 * `occurrence_not_found`, `calendar_not_connected`.
 */
export const toggleRecurrence = Effect.fn("Punctual.toggleRecurrence")(function* (
  userId: UserId,
  eventId: EventId | SeriesId,
  enabled: boolean
): Effect.fn.Return<Toggled, Failure, CalendarProvider | Scheduler | Secrets | Store> {
  yield* connectionOf(userId)
  const named = yield* resolve(userId, eventId)
  const { series } = named
  if (series === null) return yield* Effect.fail(notRecurring)
  const details = enabled ? yield* exceptionsOf(userId, series) : []
  const scope = yield* scopeOf(userId, named)
  const { now, slice } = yield* decideAndCommit(userId, scope, (asked): Change | Refusal => {
    if (!enabled) return endChain(asked.slice, series.key)
    if (isGivenUp(asked.slice, series.calendarId)) return eventNotFound
    return { ...startChain(withDetails(asked, details), named.event, series.key), details }
  })
  const event = named.event ?? nextOccurrence(indexState(slice), series.key, now)
  return event === null
    ? yield* Effect.fail(refuse("occurrence_not_found", "The series has no occurrence left."))
    : { event, series, isEnabled: enabled }
})

/**
 * A bot for the occurrence after the one named, for that one alone. Refused as `schedule` is, and with
 * `occurrence_not_found` where nothing is known to follow.
 */
export const scheduleNext = Effect.fn("Punctual.scheduleNext")(function* (
  userId: UserId,
  request: NextRequest
): Effect.fn.Return<Scheduled, Failure, CalendarProvider | Scheduler | Secrets | Store> {
  yield* connectionOf(userId)
  const named = yield* resolve(userId, request.eventId)
  const { series } = named
  if (series === null) return yield* Effect.fail(notRecurring)
  const details = yield* exceptionsOf(userId, series)
  const scope = yield* scopeOf(userId, named)
  let target: CalendarEvent | null = null
  const decided = yield* decideAndCommit(userId, scope, (asked) => {
    const plan = planNext(withDetails(asked, details), series.key, named.event, request)
    if (plan instanceof Refusal) return plan
    target = plan.event
    return { ...plan.change, details }
  })
  return yield* scheduledOne(decided, target, false)
})

const startChain = ({ slice }: DecisionInput, event: CalendarEvent | null, key: SeriesKey): Change => {
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
  { now, slice }: DecisionInput,
  key: SeriesKey,
  named: CalendarEvent | null,
  request: NextRequest
): { readonly change: Change; readonly event: CalendarEvent } | Refusal => {
  const index = indexState(slice)
  const after = named?.start ?? request.after ?? now
  const mirrored = upcomingOccurrences(index, key, now, aheadMax).find((candidate) => {
    const excluded = excludedAt(index, candidate)
    return candidate.start > after && excluded.meeting === 0 && excluded.series === 0
  })
  const event = mirrored ?? byCallersRule(index, key, named, request, { after, now })
  if (event instanceof Refusal) return event
  const callerLink = event.link === null && request.link !== null ? linkIn(request.link) : null
  const refusal = whyNot({ ...event, link: event.link ?? callerLink }, now)
  if (refusal !== null) return refusal
  const active = activeBot(index.bots.get(event.meeting), event, now)
  if (active !== null) return alreadyScheduled(active)
  const given = { link: callerLink, span: mirrored === undefined ? { from: event.start, to: event.end } : null }
  const intent: EventIntent = {
    kind: "event",
    id: `event:${event.meeting}`,
    seq: nextSeq(slice),
    meeting: event.meeting,
    origin: "recurring",
    config: request.config,
    ...(given.link === null && given.span === null ? {} : { given })
  }
  return { change: { putIntents: [intent] }, event }
}

/** By the rule that came with the request: counted from the occurrence named, else from the last that is listed. */
const byCallersRule = (
  index: StateIndex,
  key: SeriesKey,
  named: CalendarEvent | null,
  { after: said, rule: text }: NextRequest,
  when: { readonly after: Instant; readonly now: Instant }
): CalendarEvent | Refusal => {
  const listed = (index.listedBySeries.get(key) ?? []).filter(({ isDeleted }) => !isDeleted)
  const last = listed.reduce<CalendarEvent | null>((a, b) => (a === null || b.start > a.start ? b : a), null)
  const anchor = { event: named ?? last, start: said }
  const start = startOf(anchor)
  const rule = text === null || start === null ? null : parseRule(text, start)
  if (rule?.kind === "rejected") {
    return refuse(
      "occurrence_not_found",
      `The calendar knows no occurrence after that one, and the rule given can't be read: ${rule.reason}.`
    )
  }
  const found = rule === null ? null : nextByRule(index, key, anchor, rule, when)
  return found ?? refuse("occurrence_not_found", "The series has no occurrence after that one.")
}

/** The link in a text that is nothing but an address, under the same rules as an event's own (law C9). */
const linkIn = (text: string): MeetingLink | null => findMeetingLink([{ form: "address", text, isCut: false }])
