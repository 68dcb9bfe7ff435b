/**
 * "No bot for this meeting", and "none of this series from here on".
 * Decides which exclusions a request becomes and which intents it ends; their bots are cancelled because nothing wants
 * them any more. An exclusion counts although there is no bot at the moment.
 */
import { type Moment, dateFrom, nextOccurrence, seriesRowOf, zoneOf } from "../occurrences/ResolveOccurrence.ts"
import type { CurrentState } from "../reschedule/CurrentState.ts"
import { type StateIndex, indexState } from "../state/StateIndex.ts"
import type { At, Change } from "./Change.ts"
import type { Bot } from "../../domain/Bot.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { MeetingKey, SeriesKey } from "../../domain/Ids.ts"
import type { Intent } from "../../domain/Intent.ts"
import { dateOfMeeting, seriesOfMeeting } from "../../domain/MeetingKey.ts"
import { type Refusal, eventNotFound, notScheduled } from "../../domain/Refusal.ts"
import { nextSeq } from "../../domain/Sequence.ts"
import type { Instant, LocalDate } from "../../domain/Time.ts"
import { toLocal } from "../../recurrence/WallClock.ts"

/**
 * Removes a bot's meeting, also while the bot is on its way: then it goes once it is known what became of it. `found`: the
 * bot as it was named; where it has ended since, its meeting may come back, and is to have none then. Refused:
 * `bot_not_scheduled`.
 */
export const excludeBot = (state: CurrentState, found: Bot): Change | Refusal => {
  const bot = state.bots.find(({ id }) => id === found.id)
  if (bot === undefined) {
    if (found.status !== "Scheduled") return notScheduled(found)
    // Its series moved, and it has no occurrence any more: there is nothing that could come back.
    return isThere(state, found.meeting) ? excludeMeeting(state, found.meeting) : {}
  }
  const isLive = bot.status === "Scheduled" || bot.status === "Launching"
  return isLive ? excludeMeeting(state, bot.meeting) : notScheduled(bot)
}

/**
 * Removes an event; where a series was named, its next occurrence that has a bot, else the next one. Refused:
 * `event_not_found`, where the event has gone since it was named and no calendar has its meeting any more. What it has become
 * is called otherwise, and an exclusion of the former name would leave it its bot.
 */
export const excludeEvent = (
  state: CurrentState,
  { now }: Pick<At, "now">,
  event: Pick<CalendarEvent, "meeting" | "isDeleted"> | null,
  series: SeriesKey | null
): Change | Refusal => {
  if (event?.isDeleted === true && !isThere(state, event.meeting)) return eventNotFound
  const meeting = event?.meeting ?? (series === null ? null : nextWithBot(state, series, now))
  return meeting === null ? {} : excludeMeeting(state, meeting)
}

/** The series' own intents end at the date; its occurrences from there on are excluded. `from` null: from now on. */
export const excludeSeries = (
  state: CurrentState,
  { now }: Pick<At, "now">,
  key: SeriesKey,
  from: Moment | null
): Change => {
  const fromDate = firstDate(indexState(state), key, from, now)
  const ends = state.intents.flatMap((intent) => endedAt(intent, key, fromDate))
  const overridden = state.overrides
    .map(({ meeting }) => meeting)
    .filter((meeting) => seriesOfMeeting(meeting) === key && (dateOfMeeting(meeting) ?? "") >= fromDate)
  return {
    putIntents: [
      {
        kind: "series-exclusion",
        id: `series-exclusion:${fromDate}:${key}`,
        seq: nextSeq(state),
        series: key,
        fromDate
      },
      ...ends.flatMap(({ shortened }) => (shortened === null ? [] : [shortened]))
    ],
    deleteIntents: ends.flatMap(({ id, shortened }) => (shortened === null ? [id] : [])),
    deleteOverrides: overridden
  }
}

const isThere = ({ events }: CurrentState, meeting: MeetingKey): boolean =>
  events.some((event) => event.meeting === meeting && !event.isDeleted)

/** The meeting is excluded from now on, and earlier intents for it end. */
const excludeMeeting = (state: CurrentState, meeting: MeetingKey): Change => ({
  putIntents: [{ kind: "exclusion", id: `exclusion:${meeting}`, seq: nextSeq(state), meeting }],
  deleteIntents: state.intents.flatMap((intent) =>
    intent.kind === "event" && intent.meeting === meeting ? [intent.id] : []
  ),
  deleteOverrides: [meeting]
})

const firstDate = (index: StateIndex, key: SeriesKey, from: Moment | null, now: Instant): LocalDate => {
  const series = seriesRowOf(index, key)
  if (from !== null) {
    return series === null ? (from.kind === "date" ? from.date : "0001-01-01") : dateFrom(series, from)
  }
  // The occurrence that is going on counts: its date may be yesterday's.
  const listed = (index.listedBySeries.get(key) ?? [])
    .filter((event) => event.end > now)
    .map((event) => event.originalDate ?? "9999-12-31")
  const today = toLocal(series === null ? "UTC" : zoneOf(series), now)?.date ?? "0001-01-01"
  return [today, ...listed].toSorted()[0] ?? today
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

const nextWithBot = (state: CurrentState, key: SeriesKey, now: Instant): MeetingKey | null => {
  const bots = state.bots
    .filter((bot) => bot.status === "Scheduled" && seriesOfMeeting(bot.meeting) === key)
    .toSorted((a, b) => a.start - b.start)
  return bots[0]?.meeting ?? nextOccurrence(indexState(state), key, now)?.meeting ?? null
}
