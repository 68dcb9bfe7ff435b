/**
 * "A bot for the occurrence after this one", once.
 * Decides which occurrence that is: the next one mirrored or expanded, else the next by a rule that the caller gives. What
 * the caller says of link and time counts only where the mirror has nothing to say.
 */
import { upcomingOccurrences } from "../occurrences/Upcoming.ts"
import { excludedAt } from "../intents/Exclusions.ts"
import type { CurrentState } from "../reschedule/CurrentState.ts"
import { type StateIndex, indexState } from "../state/StateIndex.ts"
import type { At, Plan } from "./Change.ts"
import { nextByRule, startOf } from "./FallbackRule.ts"
import { policyOf, whyNotJoinable } from "./Joinable.ts"
import type { BotConfig } from "../../domain/Bot.ts"
import { activeBot } from "../../domain/BotStatus.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { SeriesKey } from "../../domain/Ids.ts"
import type { EventIntent } from "../../domain/Intent.ts"
import { Refusal, alreadyScheduled, refuse } from "../../domain/Refusal.ts"
import { nextSeq } from "../../domain/Sequence.ts"
import type { Instant } from "../../domain/Time.ts"
import type { MeetingLink } from "../../links/Link.ts"
import { parseRule } from "../../recurrence/RuleText.ts"

export interface NextOccurrenceRequest {
  readonly series: SeriesKey
  /** The occurrence named; null: the series was. */
  readonly event: CalendarEvent | null
  readonly config: BotConfig
  /** When the occurrence starts that the next one follows; null: now. */
  readonly after: Instant | null
  /** RFC 5545, the value of an RRULE; null: none. */
  readonly rule: string | null
  /** Joins the meeting where the mirror has no link; null: none. */
  readonly link: MeetingLink | null
}

/** Occurrences looked at beyond the one named, to find one that may have a bot. */
const aheadMax = 400

/** Answers with the occurrence. Refused as `scheduleEvent` is, and with `occurrence_not_found` where none follows. */
export const scheduleNextOccurrence = (
  state: CurrentState,
  { now }: Pick<At, "now">,
  request: NextOccurrenceRequest
): Plan<CalendarEvent> | Refusal => {
  const index = indexState(state)
  const { config, series } = request
  const after = request.event?.start ?? request.after ?? now
  const mirrored = upcomingOccurrences(index, series, now, aheadMax).find((candidate) => {
    const excluded = excludedAt(index, candidate)
    return candidate.start > after && excluded.meeting === 0 && excluded.series === 0
  })
  const event = mirrored ?? byCallersRule(index, request, { after, now })
  if (event instanceof Refusal) return event
  const link = event.link === null ? request.link : null
  const refusal = whyNotJoinable({ ...event, link: event.link ?? link }, now) ?? policyOf(state)(event)
  if (refusal !== null) return refusal
  const active = activeBot(index.bots.get(event.meeting), event, now)
  if (active !== null) return alreadyScheduled(active)
  const hints = { link, span: mirrored === undefined ? { from: event.start, to: event.end } : null }
  const intent: EventIntent = {
    kind: "event",
    id: `event:${event.meeting}`,
    seq: nextSeq(state),
    meeting: event.meeting,
    origin: "recurring",
    config,
    ...(hints.link === null && hints.span === null ? {} : { hints })
  }
  return { change: { putIntents: [intent] }, answer: event }
}

/** By the rule that came with the request: counted from the occurrence named, else from the last that is listed. */
const byCallersRule = (
  index: StateIndex,
  { after: said, event, rule: text, series }: NextOccurrenceRequest,
  when: { readonly after: Instant; readonly now: Instant }
): CalendarEvent | Refusal => {
  const listed = (index.listedBySeries.get(series) ?? []).filter(({ isDeleted }) => !isDeleted)
  const last = listed.reduce<CalendarEvent | null>((a, b) => (a === null || b.start > a.start ? b : a), null)
  const anchor = { event: event ?? last, start: said }
  const start = startOf(anchor)
  const rule = text === null || start === null ? null : parseRule(text, start)
  if (rule?.kind === "rejected") {
    return refuse(
      "occurrence_not_found",
      `The calendar knows no occurrence after that one, and the rule given can't be read: ${rule.reason}.`
    )
  }
  const found = rule === null ? null : nextByRule(index, series, anchor, rule, when)
  return found ?? refuse("occurrence_not_found", "The series has no occurrence after that one.")
}
