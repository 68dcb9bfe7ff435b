/**
 * What a user may ask for: of one meeting, of a series, of everything; and what is changed on one meeting by hand.
 * Decides default members only: the plainest request of each kind, under the id that deciding gives it.
 */
import type { MeetingKey, SeriesKey } from "../../src/domain/Ids.ts"
import {
  type AutoSchedule,
  type EventIntent,
  type Exclusion,
  type Override,
  type RecurringIntent,
  type SeriesExclusion,
  type SeriesIntent,
  autoNever
} from "../../src/domain/Intent.ts"

export const eventIntent = (meeting: MeetingKey, members: Partial<EventIntent> = {}): EventIntent => ({
  kind: "event",
  id: `event:${meeting}`,
  seq: 1,
  meeting,
  origin: "manual",
  config: {},
  ...members
})

/** All there will ever be, from the first. */
export const seriesIntent = (series: SeriesKey, members: Partial<SeriesIntent> = {}): SeriesIntent => ({
  kind: "series",
  id: `series:${series}`,
  seq: 1,
  series,
  fromDate: "0001-01-01",
  dateCount: 366,
  beforeDate: null,
  config: {},
  ...members
})

export const recurringIntent = (series: SeriesKey, members: Partial<RecurringIntent> = {}): RecurringIntent => ({
  kind: "recurring",
  id: `recurring:${series}`,
  seq: 1,
  series,
  fromDate: "0001-01-01",
  beforeDate: null,
  config: {},
  ...members
})

export const exclusion = (meeting: MeetingKey, members: Partial<Exclusion> = {}): Exclusion => ({
  kind: "exclusion",
  id: `exclusion:${meeting}`,
  seq: 1,
  meeting,
  ...members
})

export const seriesExclusion = (series: SeriesKey, members: Partial<SeriesExclusion> = {}): SeriesExclusion => {
  const fromDate = members.fromDate ?? "0001-01-01"
  return {
    kind: "series-exclusion",
    id: `series-exclusion:${fromDate}:${series}`,
    seq: 1,
    series,
    fromDate,
    ...members
  }
}

/** Nothing changed. */
export const override = (meeting: MeetingKey, members: Partial<Override> = {}): Override => ({
  meeting,
  joinOffsetMillis: null,
  botName: null,
  customAttributes: null,
  config: null,
  ...members
})

/** Off, and never on. */
export const autoSchedule = (members: Partial<AutoSchedule> = {}): AutoSchedule => ({ ...autoNever, ...members })
