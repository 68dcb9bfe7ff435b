/**
 * Judges one meeting: whether it should have a bot, and which rule decided.
 */
import { absence, canonicalCopy } from "./CanonicalCopy.ts"
import type { DecisionContext } from "./DecisionContext.ts"
import { winningIntent } from "./Precedence.ts"
import type { Reason, Verdict } from "./Verdict.ts"
import { want } from "./WantedBot.ts"
import { excludedAt, exclusionOf } from "../intents/Exclusions.ts"
import type { CancelReason } from "../../domain/Bot.ts"
import { liveBot } from "../../domain/BotStatus.ts"
import type { MeetingKey } from "../../domain/Ids.ts"

/** Judges one meeting. `note` is told each rule asked, in order, up to the one that decided. */
export const judge = (context: DecisionContext, meeting: MeetingKey, note?: (reason: Reason) => void): Verdict => {
  const { index, now } = context
  const live = liveBot(index.bots.get(meeting))
  const unwanted = (reason: CancelReason): Verdict => ({ kind: "unwanted", reason })

  const isConnected = index.state.connection !== null && index.state.connection.status !== "disconnected"
  note?.({
    rule: "connection",
    passed: isConnected,
    field: "connection.status",
    value: index.state.connection?.status ?? null,
    intent: null
  })
  if (!isConnected) return unwanted("calendar_disconnected")

  const event = canonicalCopy(context, meeting)
  if (event === null) {
    const { reason, removal } = absence(context, meeting)
    note?.({ rule: "calendar", passed: false, field: "event", value: null, intent: removal })
    return unwanted(reason)
  }
  note?.({ rule: "calendar", passed: true, field: "event", value: event.id, intent: null })

  note?.({
    rule: "cancelled",
    passed: !event.isCancelled,
    field: "is_cancelled",
    value: event.isCancelled,
    intent: null
  })
  if (event.isCancelled) return unwanted("meeting_cancelled")

  const covering = winningIntent(context, event, live)
  const excluded = excludedAt(index, event)
  const isExcluded = excluded.meeting > covering.requested || excluded.series > covering.liftsSeries
  note?.({
    rule: "exclusion",
    passed: !isExcluded,
    field: "removed_by_user",
    value: isExcluded,
    intent: (isExcluded ? exclusionOf(index, event) : covering.intent)?.id ?? null
  })
  if (isExcluded) return unwanted("removed_by_user")

  const given = event.link === null ? covering.callerLink : null
  const link = event.link ?? given?.link ?? null
  note?.({
    rule: "link",
    passed: link !== null,
    field: given === null ? "meeting_url" : "given_meeting_url",
    value: link?.platform ?? null,
    intent: given?.intent ?? null
  })
  if (link === null) return unwanted("link_removed")

  note?.({ rule: "time", passed: event.end > now, field: "end_time", value: event.end, intent: null })
  if (event.end <= now) {
    return live !== null && live.end !== event.end ? unwanted("meeting_moved_to_past") : { kind: "over" }
  }

  note?.({
    rule: "intent",
    passed: covering.intent !== null,
    field: "origin",
    value: covering.intent?.origin ?? null,
    intent: covering.intent?.id ?? null
  })
  if (covering.intent === null) return unwanted(live?.origin === "auto" ? "auto_schedule_disabled" : "no_longer_wanted")
  return { kind: "wanted", bot: want(context, event, link, covering, note) }
}
