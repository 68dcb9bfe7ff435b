/**
 * The master of a meeting that takes place every day at noon, without a link of its own, never decided over.
 * Decides default members only; a series' label names it as an event's does.
 */
import type { SeriesId } from "../../src/domain/Ids.ts"
import { seriesKey } from "../../src/domain/MeetingKey.ts"
import type { Series } from "../../src/domain/Series.ts"
import type { RecurringSeries } from "../../src/recurrence/Rule.ts"
import { facts } from "./Facts.ts"
import { calendarId, day, hour, now } from "./Present.ts"

/** At the time of day of the present, for as long as a meeting lasts. */
export const daily: RecurringSeries = {
  rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } },
  startDate: "2041-04-01",
  startTime: 12 * hour,
  durationMillis: hour,
  zone: "UTC"
}

export const series = (label: string, members: Partial<Series> = {}): Series => {
  const id = members.id ?? (`srs_${label}` as SeriesId)
  const iCalUid = members.iCalUid === undefined ? `series ${label}` : members.iCalUid
  return {
    id,
    calendarId,
    providerId: `provider series ${label}`,
    key: seriesKey(id, iCalUid),
    iCalUid,
    timing: daily,
    decidedTiming: null,
    ruleText: null,
    exceptions: null,
    subject: label,
    organizer: null,
    link: null,
    isCancelled: false,
    facts: facts(),
    isDeleted: false,
    createdAt: now - day,
    updatedAt: now - day,
    raw: {},
    rawTruncated: false,
    ...members
  }
}
