/**
 * Which series a meeting's key belongs to, so that rows about one occurrence are found with their series.
 * Decides nothing: keys are made by `occurrenceMeetingKey` of the core, `on:yyyy-mm-dd:` and the series' key. The store's
 * contract fails here first if that form changes.
 */
import type { MeetingKey, SeriesKey } from "@punctual/core"

const prefix = "on:"
const keyStart = "on:yyyy-mm-dd:".length

/** Null for a meeting that does not recur. */
export const seriesOfMeeting = (meeting: MeetingKey): SeriesKey | null =>
  meeting.startsWith(prefix) ? (meeting.slice(keyStart) as SeriesKey) : null
