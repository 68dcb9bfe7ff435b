/**
 * "And always the next one" switched on and off, and one occurrence more by hand: found, decided, answered.
 * Decides nothing itself: which intents a request becomes is `decide/requests`.
 */
import { Effect } from "effect"
import { toggleRecurring } from "../../decide/requests/RecurringSeries.ts"
import { scheduleNextOccurrence } from "../../decide/requests/ScheduleNext.ts"
import type { EventId, SeriesId, UserId } from "../../domain/Ids.ts"
import { refuse } from "../../domain/Refusal.ts"
import { type MeetingLink, findMeetingLink } from "../../links/Link.ts"
import type { LinkSettings } from "../../links/LinkSettings.ts"
import type { CalendarProviders } from "../../ports/CalendarProviders.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import type { Secrets } from "../../ports/Secrets.ts"
import type { Store } from "../../ports/Store.ts"
import { exceptionsOf, findTarget, notRecurring, scopeOf } from "../account/FindTarget.ts"
import { connectionsOf } from "../account/OpenAccount.ts"
import type { Failure, NextRequest, Scheduled, Toggled } from "../contract/Contract.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { demandRoom } from "./DemandRoom.ts"
import { decideAndCommit } from "./DecideAndCommit.ts"
import { scheduledOne } from "./ScheduleBot.ts"

/**
 * Switches "the next one, always" on or off for the series of an event. Refused: `not_recurring`, `event_not_found`,
 * `occurrence_not_found`, `calendar_not_connected`.
 */
export const toggleRecurrence = Effect.fn("Punctual.toggleRecurrence")(function* (
  userId: UserId,
  eventId: EventId | SeriesId,
  enabled: boolean
): Effect.fn.Return<Toggled, Failure, CalendarProviders | Scheduler | Secrets | Store> {
  yield* connectionsOf(userId)
  if (enabled) yield* demandRoom(userId)
  const target = yield* findTarget(userId, eventId)
  const { event, series } = target
  if (series === null) return yield* Effect.fail(notRecurring)
  const exceptions = enabled ? yield* exceptionsOf(userId, series) : []
  const scope = yield* scopeOf(userId, target)
  const asked = { series: series.key, calendarId: series.calendarId, event, enabled }
  const { answer } = yield* decideAndCommit(userId, scope, (state, at) => toggleRecurring(state, at, asked), exceptions)
  return answer === null
    ? yield* Effect.fail(refuse("occurrence_not_found", "The series has no occurrence left."))
    : { event: answer, series, isEnabled: enabled }
})

/**
 * A bot for the occurrence after the one named, for that one alone. Refused as `schedule` is, and with
 * `occurrence_not_found` where nothing is known to follow.
 */
export const scheduleNext = Effect.fn("Punctual.scheduleNext")(function* (
  userId: UserId,
  request: NextRequest
): Effect.fn.Return<Scheduled, Failure, CalendarProviders | Scheduler | Secrets | Store> {
  yield* connectionsOf(userId)
  yield* demandRoom(userId)
  const target = yield* findTarget(userId, request.eventId)
  const { event, series } = target
  if (series === null) return yield* Effect.fail(notRecurring)
  const exceptions = yield* exceptionsOf(userId, series)
  const scope = yield* scopeOf(userId, target)
  const { after, config, rule } = request
  const link = request.link === null ? null : linkIn(request.link, (yield* CurrentPolicy).links)
  const asked = { series: series.key, event, config, after, rule, link }
  const { answer, decision } = yield* decideAndCommit(
    userId,
    scope,
    (state, at) => scheduleNextOccurrence(state, at, asked),
    exceptions
  )
  return yield* scheduledOne(decision.bots, answer, false)
})

/** The link in a text that is nothing but an address, under the same rules as an event's own (law C9). */
const linkIn = (text: string, links: LinkSettings): MeetingLink | null =>
  findMeetingLink([{ form: "address", text, isCut: false }], links)
