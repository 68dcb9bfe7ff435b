/**
 * Changes to whole series: time, zone, rule, and "this and following".
 *
 * Decides what a new rhythm does to exceptions and cancelled dates: Outlook forgets them, and so does this, unless the
 * edit keeps them by name.
 */
import { dateOfDay, dayMillis, dayOfDate, graphLocal } from "../world/Dates.ts"
import type { Edit } from "./Edit.ts"
import type { Item, Series } from "../world/World.ts"
import { slotOfDate } from "../world/Recurrence.ts"
import { created, patternOf, rangeOf, timesOf } from "./Create.ts"
import type { Changed } from "./Change.ts"
import { type Scene, occurrenceNamed, put, refuse } from "./Place.ts"

type ChangeSeries = Extract<Edit, { readonly type: "changeSeries" }>
type SplitSeries = Extract<Edit, { readonly type: "splitSeries" }>

export const rewritten = (scene: Scene, series: Series, edit: ChangeSeries): Changed => {
  const zone = edit.timeZone ?? series.zone
  const anchor = dayOfDate(edit.range?.startDate ?? series.range.startDate) * dayMillis
  const times =
    edit.start === undefined ? {} : timesOf(edit.start, edit.end ?? laterBy(edit.start, series.durationMillis), zone)
  const isNewRhythm =
    edit.start !== undefined || edit.pattern !== undefined || edit.range !== undefined || edit.timeZone !== undefined
  const keeps = edit.keepExceptions === true || !isNewRhythm
  const next: Series = {
    ...series,
    ...times,
    zone,
    pattern: edit.pattern === undefined ? series.pattern : patternOf(edit.pattern, anchor),
    range:
      edit.range === undefined ? series.range : rangeOf({ startDate: series.range.startDate, ...edit.range }, anchor),
    exceptions: keeps ? series.exceptions : {},
    cancelled: keeps ? series.cancelled : [],
    details: { ...series.details, ...edit.details }
  }
  return put(scene, { ...next, exceptions: namedBy(next) }, "updated")
}

/** Kept are exceptions of dates that the rule still names: one of no date has no original start to tell. */
const namedBy = (series: Series): Series["exceptions"] =>
  Object.fromEntries(Object.entries(series.exceptions).filter(([date]) => slotOfDate(series, date) !== null))

/** The old series ends the day before `date`; a new one, with an id of its own, begins there. */
export const split = (
  scene: Scene,
  series: Series,
  edit: SplitSeries
): { readonly scene: Scene; readonly item: Item } => {
  occurrenceNamed(series, edit.date)
  const before = (dates: ReadonlyArray<string>): ReadonlyArray<string> => dates.filter((date) => date < edit.date)
  const shortened: Series = {
    ...series,
    range: { ...series.range, type: "endDate", endDate: dateOfDay(dayOfDate(edit.date) - 1), numberOfOccurrences: 0 },
    exceptions: Object.fromEntries(Object.entries(series.exceptions).filter(([date]) => date < edit.date)),
    cancelled: before(series.cancelled)
  }
  const ended = put(scene, shortened, "updated")
  const start = edit.start ?? `${edit.date}${graphLocal(series.startOfDayMillis).slice(10, 19)}`
  const remaining =
    series.range.type === "endDate"
      ? ({ type: "endDate", endDate: series.range.endDate } as const)
      : ({ type: "noEnd" } as const)
  const { isOrganizer: _, isCancelled: __, ...details } = series.details
  return created(ended.scene, {
    type: "createSeries",
    mailbox: scene.mailbox.id,
    calendar:
      Object.values(scene.mailbox.calendars).find((calendar) => calendar.serial === series.calendar)?.name ??
      "Calendar",
    start,
    end: edit.end ?? laterBy(start, series.durationMillis),
    timeZone: series.zone,
    pattern: edit.pattern ?? series.pattern,
    range: remaining,
    details: { ...details, ...edit.details }
  })
}

const laterBy = (start: string, millis: number): string => {
  const wall = Date.parse(start.endsWith("Z") ? start : `${start}Z`)
  return Number.isNaN(wall)
    ? refuse(`"${start}" needs an end beside it`)
    : graphLocal(wall + millis).slice(0, 19) + (start.endsWith("Z") ? "Z" : "")
}
