/**
 * What is stored of each series when it is decided: the timing that its intents' dates refer to.
 */
import { isLive, leadingSeries } from "../occurrences/BeyondWindow.ts"
import type { StateIndex } from "../state/StateIndex.ts"
import { singleOf } from "./Conversions.ts"
import type { SeriesChanges } from "./SeriesChange.ts"
import type { Bot } from "../../domain/Bot.ts"
import type { SeriesKey } from "../../domain/Ids.ts"
import { sameJson } from "../../domain/JsonEquality.ts"
import { seriesOfMeeting } from "../../domain/MeetingKey.ts"
import type { SeriesExceptions } from "../../domain/Series.ts"
import type { Commit, Slice } from "../../domain/Slice.ts"

/**
 * Stores the timing of each series that an intent or a bot names, so that a later change of its dates is noticed; and
 * the exceptions that the provider was asked for. Of one that has become a single meeting nothing is left to notice.
 */
export const decidedSeries = (
  slice: Slice,
  index: StateIndex,
  seriesChanges: SeriesChanges,
  asked: ReadonlyArray<SeriesExceptions>,
  bots: ReadonlyArray<Bot>
): NonNullable<Commit["decidedSeries"]> => {
  const named = namedSeries(index, bots)
  const told = new Set(asked.map(({ id }) => id))
  const before = new Map(slice.series.map((row) => [row.id, row.decidedTiming]))
  return index.state.series.flatMap((row) => {
    const leading = named.has(row.key) && !seriesChanges.postponed.has(row.key) ? leadingSeries(index, row.key) : null
    const isKnown = leading !== null && leading.timing !== null && isLive(index, leading)
    const lastTiming = singleOf(index.state, row) === undefined ? row.decidedTiming : null
    const decidedTiming = isKnown ? leading.timing : lastTiming
    const isSame = sameJson(before.get(row.id) ?? null, decidedTiming)
    return isSame && !told.has(row.id) ? [] : [{ id: row.id, decidedTiming, exceptions: row.exceptions }]
  })
}

const namedSeries = ({ state }: StateIndex, bots: ReadonlyArray<Bot>): ReadonlySet<SeriesKey> => {
  const keys = new Set<SeriesKey>()
  for (const intent of state.intents) if ("series" in intent) keys.add(intent.series)
  const scheduled = bots.filter(({ status }) => status === "Scheduled")
  const meetings = [...state.intents.filter((intent) => "meeting" in intent), ...state.overrides, ...scheduled]
  for (const { meeting } of meetings) {
    const key = seriesOfMeeting(meeting)
    if (key !== null) keys.add(key)
  }
  return keys
}
