/**
 * Instants and days as Google writes them: `{dateTime, timeZone?}`, `{date}`, and RFC 3339 texts.
 *
 * Decides which instant each means: by the offset of the text where it has one, otherwise by the zone beside it or the
 * calendar's. A day is midnight in UTC. Anything else, and years that no calendar is used for, is no time.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events (`start`, `end`, `originalStartTime`)
 */
import type { Instant } from "@punctual/core"
import { type WrittenTime, parseWrittenTime, resolveZone, toInstant } from "@punctual/core/recurrence"
import { type JsonObject, readObject, readText } from "@punctual/core/http"

export interface EventTime {
  readonly instant: Instant
  readonly isDate: boolean
  /** As it was written; null: not told. */
  readonly zoneName: string | null
}

/** `calendarZone` is for times that say neither offset nor zone. */
export const readEventTime = (object: JsonObject, member: string, calendarZone: string | null): EventTime | null => {
  const told = readObject(object, member)
  if (told === null) return null
  const zoneName = readText(told, "timeZone")
  const date = readText(told, "date")
  if (date !== null) {
    const day = dayOf(date)
    return day === null ? null : { instant: day, isDate: true, zoneName }
  }
  const moment = parseWrittenTime(readText(told, "dateTime") ?? "")
  if (moment === null) return null
  const instant =
    moment.offsetMillis === null ? laidIn(moment, zoneName ?? calendarZone) : moment.reading - moment.offsetMillis
  return instant === null ? null : { instant, isDate: false, zoneName }
}

/** The instant of a text such as `2025-09-13T00:57:55.566Z`. */
export const readInstant = (object: JsonObject, member: string): Instant | null => {
  const moment = parseWrittenTime(readText(object, member) ?? "")
  return moment === null ? null : moment.reading - (moment.offsetMillis ?? 0)
}

/** An instant as Google takes it. */
export const writeInstant = (instant: Instant): string => new Date(instant).toISOString()

/** Midnight in UTC of a date that exists; null otherwise. */
export const dayOf = (date: string): Instant | null =>
  date.length === 10 ? (parseWrittenTime(`${date}T00:00:00Z`)?.reading ?? null) : null

/**
 * The original start that an instance's id ends in, `…_20260407T073000Z` or `…_20260407`, and what stands before it. The
 * base need not be the series' id: after "this and following" it lacks what the new series' id has.
 */
export const suffixOf = (id: string): { readonly base: string; readonly originalStart: Instant } | null => {
  const found = /^(.+)_(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z)?$/.exec(id)
  if (found === null) return null
  const [, base = "", year, month, day, hour = "00", minute = "00", second = "00"] = found
  const moment = parseWrittenTime(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return moment === null ? null : { base, originalStart: moment.reading }
}

const laidIn = (moment: WrittenTime, zoneName: string | null): Instant | null => {
  const zone = zoneName === null ? null : resolveZone(zoneName)
  return zone === null ? null : toInstant(zone, moment.date, moment.timeMillis)
}
