/**
 * What other settings of auto-scheduling would do, before they are set.
 * Decides nothing of its own: it is the decision that setting them at this instant is, told instead of written (C11).
 */
import type { Bot } from "../domain/Bot.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import type { MeetingKey } from "../domain/Ids.ts"
import type { AutoSchedule } from "../domain/Intent.ts"
import { Refusal } from "../domain/Refusal.ts"
import type { Slice } from "../domain/Slice.ts"
import { type DecideOptions, decide } from "./Decide.ts"
import { canonicalCopy } from "./desired/CanonicalCopy.ts"
import { autoCovers } from "./intents/AutoCoverage.ts"
import { type DecisionContext, contextOf } from "./desired/DecisionContext.ts"
import { type Explained, explainIn } from "./desired/Explain.ts"
import type { SkipCode } from "./desired/Verdict.ts"
import type { Request } from "./requests/Change.ts"
import { currentState } from "./reschedule/SeriesChange.ts"
import { indexState } from "./state/StateIndex.ts"

/** One meeting, and what becomes of it. */
export interface PreviewedMeeting {
  readonly event: CalendarEvent
  /** The bot that there is; null: there is none. */
  readonly bot: Bot | null
  readonly explained: Explained
}

export interface Preview {
  /** Meetings that would get a bot. */
  readonly joins: ReadonlyArray<PreviewedMeeting>
  /** Meetings that would lose it. */
  readonly leaves: ReadonlyArray<PreviewedMeeting>
  /** Meetings whose bot would be another: configuration, name or origin. */
  readonly changes: ReadonlyArray<PreviewedMeeting>
  /** Bots of auto-scheduling that stay as they are. */
  readonly stays: number
  /** Meetings with a link that auto-scheduling looks at and does not join. */
  readonly skipped: ReadonlyArray<PreviewedMeeting>
  /** The settings as they would be. */
  readonly auto: AutoSchedule
}

/**
 * What a request for other settings would do to a state; a refusal where it would be refused. Lists are by start.
 *
 * @example
 * preview(slice, (state, at) => enableAutoSchedule(state, at, { otherwise: "skip" }), { policy, now, isWhole: false })
 */
export const preview = (slice: Slice, request: Request<AutoSchedule>, options: DecideOptions): Preview | Refusal => {
  const decided = decide(slice, request, options)
  if (decided instanceof Refusal) return decided
  const { answer: auto, decision } = decided
  const { now, policy } = options
  const before = currentState(slice, now)
  const context = contextOf(indexState({ ...before, auto }), { now, policy })
  const told = (meeting: MeetingKey, bot: Bot | null): ReadonlyArray<PreviewedMeeting> => {
    const event = canonicalCopy(context, meeting) ?? before.events.find(({ id }) => id === bot?.eventId) ?? null
    return event === null ? [] : [{ event, bot, explained: explainIn(context, meeting) }]
  }
  const ofKind = (kind: "create" | "cancel" | "reconfigure"): ReadonlyArray<PreviewedMeeting> =>
    decision.commands
      .flatMap((command) => {
        if (command.kind !== kind) return []
        if (command.kind === "create") return told(command.meeting, null)
        const rows = told(command.bot.meeting, command.bot)
        // A virtual occurrence is known by the command alone.
        if (rows.length > 0 || command.kind !== "reconfigure") return rows
        const { bot, wanted } = command
        return [{ event: wanted.event, bot, explained: explainIn(context, bot.meeting) }]
      })
      .toSorted(byStart)
  const touched = new Set(decision.commands.flatMap((command) => ("bot" in command ? [command.bot.id] : [])))
  return {
    joins: ofKind("create"),
    leaves: ofKind("cancel"),
    changes: ofKind("reconfigure"),
    stays: before.bots.filter(
      ({ id, origin, status }) => origin === "auto" && status === "Scheduled" && !touched.has(id)
    ).length,
    skipped: skippedIn(context, auto),
    auto
  }
}

const looksAway: ReadonlySet<string> = new Set<SkipCode>([
  "blocked_by_policy",
  "all_day",
  "declined_by_user",
  "skipped_by_rule",
  "skipped_by_default"
])

/** A lock is asked of meetings that auto-scheduling has not come to as well: of those it is not told. */
const skippedIn = (context: DecisionContext, auto: AutoSchedule): ReadonlyArray<PreviewedMeeting> =>
  [...context.meetings]
    .flatMap((meeting) => {
      const explained = explainIn(context, meeting)
      const event = looksAway.has(explained.code) ? canonicalCopy(context, meeting) : null
      if (event === null) return []
      const isLooked = explained.code !== "blocked_by_policy" || autoCovers(auto, event, context.now, null)
      return isLooked ? [{ event, bot: null, explained }] : []
    })
    .toSorted(byStart)

export const byStart = (a: PreviewedMeeting, b: PreviewedMeeting): number =>
  a.event.start - b.event.start || (a.event.id < b.event.id ? -1 : 1)
