/**
 * "No bot for this meeting", and "none of this series from here on".
 * Decides which exclusions a request becomes and which intents it ends; bots go because they are wanted no more.
 * A removal counts although there is no bot at the moment. Never writes a bot itself.
 */
import { Effect, Option } from "effect"
import type { Change } from "../../decide/requests/Change.ts"
import { nextSeq } from "../../domain/Sequence.ts"
import { dateOfMeeting, seriesOfMeeting } from "../../domain/MeetingKey.ts"
import { type StateIndex, indexState } from "../../decide/state/StateIndex.ts"
import { dateFrom, momentOf, nextOccurrence, seriesRowOf, zoneOf } from "../../decide/occurrences/ResolveOccurrence.ts"
import type { Bot } from "../../domain/Bot.ts"
import type { BotId, MeetingKey, SeriesKey, UserId } from "../../domain/Ids.ts"
import type { Intent } from "../../domain/Intent.ts"
import type { Slice } from "../../domain/Slice.ts"
import type { LocalDate } from "../../domain/Time.ts"
import { toLocal } from "../../recurrence/WallClock.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { Store } from "../../ports/Store.ts"
import type { Failure, UnscheduleRequest, Unscheduled } from "../contract/Contract.ts"
import { type DecisionInput, type DecisionResult, decideAndCommit } from "./DecideAndCommit.ts"
import { Refusal, refuse } from "../../domain/Refusal.ts"
import { parseInstant } from "./ScheduleBot.ts"
import { resolve, scopeOf } from "../account/FindTarget.ts"
import { connectionOf } from "../account/OpenAccount.ts"

/**
 * Ends the wish for an event, or for a series (from a date on), and excludes it. No bot there is no error. Refused:
 * `event_not_found`, `occurrence_not_found`, `not_recurring`, `calendar_not_connected`.
 */
export const unschedule = Effect.fn("Punctual.unschedule")(function* (
  userId: UserId,
  request: UnscheduleRequest
): Effect.fn.Return<Unscheduled, Failure, Scheduler | Store> {
  yield* connectionOf(userId)
  const named = yield* resolve(userId, request.eventId)
  const { event, series } = named
  const key = series?.key ?? event?.seriesKey ?? null
  const isWhole = key !== null && (request.allOccurrences || request.fromDate !== null)
  const scope = yield* scopeOf(userId, named)
  const decided = yield* decideAndCommit(userId, scope, (asked) => {
    if (isWhole) return endSeries(asked, key, request.fromDate)
    const meeting = event?.meeting ?? (key === null ? null : nextWithBot(asked, key))
    return meeting === null ? {} : excludeMeeting(asked.slice, meeting)
  })
  return { cancelled: cancelledBy(decided), isSeries: key !== null }
})

/** Removes the meeting of a bot that is `Scheduled`. */
export const removeBot = Effect.fn("Punctual.removeBot")(function* (
  userId: UserId,
  botId: BotId
): Effect.fn.Return<Bot, Failure, Scheduler | Store> {
  const bot = yield* scheduledBot(userId, botId)
  const series = seriesOfMeeting(bot.meeting)
  const scope = { kind: "meetings", meetings: [bot.meeting], series: series === null ? [] : [series] } as const
  const { decision } = yield* decideAndCommit(userId, scope, ({ slice }) => {
    const current = slice.bots.find(({ id }) => id === botId)
    return current?.status === "Scheduled" ? excludeMeeting(slice, bot.meeting) : notScheduled(current ?? bot)
  })
  return decision.bots.find(({ id }) => id === botId) ?? bot
})

/** The bot, if it may still be changed by hand. */
export const scheduledBot = Effect.fnUntraced(function* (
  userId: UserId,
  botId: BotId
): Effect.fn.Return<Bot, Failure, Store> {
  yield* connectionOf(userId)
  const store = yield* Store
  const bot = Option.getOrNull(yield* store.bot(userId, botId))
  if (bot === null) return yield* Effect.fail(refuse("bot_not_found", "No such bot."))
  return bot.status === "Scheduled" ? bot : yield* Effect.fail(notScheduled(bot))
})

/** A bot that is past being scheduled: where it is. */
export const notScheduled = (bot: Bot): Refusal =>
  new Refusal({
    code: "bot_not_scheduled",
    detail: `The bot is ${bot.status}, so it can't be changed.`,
    botStatus: bot.status
  })

const cancelledBy = ({ decision }: DecisionResult): ReadonlyArray<Bot> => {
  const ids = new Set(decision.commands.flatMap((command) => (command.kind === "cancel" ? [command.bot.id] : [])))
  return decision.bots.filter((bot) => ids.has(bot.id)).toSorted((a, b) => a.start - b.start)
}

/** The meeting excluded from now on, what was asked for it before forgotten. */
const excludeMeeting = (slice: Slice, meeting: MeetingKey): Change => ({
  putIntents: [{ kind: "exclusion", id: `exclusion:${meeting}`, seq: nextSeq(slice), meeting }],
  deleteIntents: slice.intents.flatMap((intent) =>
    intent.kind === "event" && intent.meeting === meeting ? [intent.id] : []
  ),
  deleteOverrides: [meeting]
})

/** The series' own wishes end at the date; its occurrences from there on are excluded. */
const endSeries = ({ now, slice }: DecisionInput, key: SeriesKey, from: string | null): Change | Refusal => {
  const index = indexState(slice)
  const fromDate = firstDate(index, key, from, now)
  const ends = slice.intents.flatMap((intent) => endedAt(intent, key, fromDate))
  const overridden = slice.overrides
    .map(({ meeting }) => meeting)
    .filter((meeting) => seriesOfMeeting(meeting) === key && (dateOfMeeting(meeting) ?? "") >= fromDate)
  return {
    putIntents: [
      {
        kind: "series-exclusion",
        id: `series-exclusion:${fromDate}:${key}`,
        seq: nextSeq(slice),
        series: key,
        fromDate
      },
      ...ends.flatMap(({ shortened }) => (shortened === null ? [] : [shortened]))
    ],
    deleteIntents: ends.flatMap(({ id, shortened }) => (shortened === null ? [id] : [])),
    deleteOverrides: overridden
  }
}

const firstDate = (index: StateIndex, key: SeriesKey, from: string | null, now: number): LocalDate => {
  const series = seriesRowOf(index, key)
  const moment = from === null ? null : momentOf(from, parseInstant)
  if (moment === null) {
    // The occurrence that is going on counts: its date may be yesterday's.
    const listed = (index.listedBySeries.get(key) ?? [])
      .filter((event) => event.end > now)
      .map((event) => event.originalDate ?? "9999-12-31")
    const today = toLocal(series === null ? "UTC" : zoneOf(series), now)?.date ?? "0001-01-01"
    return [today, ...listed].toSorted()[0] ?? today
  }
  return series === null ? (moment.kind === "date" ? moment.date : "0001-01-01") : dateFrom(series, moment)
}

const endedAt = (
  intent: Intent,
  key: SeriesKey,
  fromDate: LocalDate
): ReadonlyArray<{ readonly id: string; readonly shortened: Intent | null }> => {
  if ((intent.kind === "series" || intent.kind === "recurring") && intent.series === key) {
    const isCut = intent.kind === "series" && intent.fromDate < fromDate
    return [{ id: intent.id, shortened: isCut ? { ...intent, beforeDate: fromDate } : null }]
  }
  const isFrom =
    intent.kind === "event" &&
    seriesOfMeeting(intent.meeting) === key &&
    (dateOfMeeting(intent.meeting) ?? "") >= fromDate
  return isFrom ? [{ id: intent.id, shortened: null }] : []
}

/** What a bare series id means here: the next occurrence that has a bot, else the next one. */
const nextWithBot = ({ now, slice }: DecisionInput, key: SeriesKey): MeetingKey | null => {
  const bots = slice.bots
    .filter((bot) => bot.status === "Scheduled" && seriesOfMeeting(bot.meeting) === key)
    .toSorted((a, b) => a.start - b.start)
  return bots[0]?.meeting ?? nextOccurrence(indexState(slice), key, now)?.meeting ?? null
}
