/**
 * When a series takes place: Google's recurrence, and the start and end of its master.
 *
 * Decides the zone, the rule as the core knows it, and the dates taken out. A recurrence that is more than one rule, or
 * none that can be read, has no timing: the series is known all the same, by the instances that Google lists. A day that a
 * month lacks is skipped, as RFC 5545 §3.3.10 says: the core's reader of rules tells such a rule from the clamping ones.
 */
import type { LocalDate } from "@punctual/core"
import {
  type RecurringSeries,
  isLocalDate,
  parseRule,
  resolveZone,
  resolveZones,
  toInstant,
  toLocal
} from "@punctual/core/recurrence"
import { readList } from "@punctual/core/http"
import type { Times } from "./Event.ts"
import type { GoogleItem } from "./GoogleItem.ts"
import { type DateList, readRecurrence } from "./Recurrence.ts"

export interface Timing {
  readonly series: RecurringSeries | null
  /** RFC 5545 text of the rule; null where there is none, or more than one. */
  readonly ruleText: string | null
  /** Dates of the series' zone that EXDATE takes out. */
  readonly takenOut: ReadonlyArray<LocalDate>
  /** The zone in which original dates are told. */
  readonly zone: string
}

export const timingOf = (item: GoogleItem, { end, start }: Times, calendarZone: string | null): Timing => {
  const ownZone = resolveZones([start.zoneName, end.zoneName, calendarZone])
  // Days float: they are laid in UTC, as the core's all-day events are.
  const zone = start.isDate ? "UTC" : (ownZone ?? "UTC")
  const local = toLocal(zone, start.instant)
  const lines = readRecurrence(readList(item.json, "recurrence"), Number(local?.date.slice(5, 7) ?? 1))
  const takenOut = lines.takenOut.flatMap((list) => datesOf(list, zone, start.isDate))
  const [only] = lines.rules
  const unknown: Timing = { series: null, ruleText: only ?? null, takenOut, zone }
  if (only === undefined || lines.rules.length > 1 || local === null) return { ...unknown, ruleText: null }
  const text = start.isDate ? untilAsDate(only) : only
  const rule = parseRule(text, { startDate: local.date, startTime: local.time, zone })
  if (rule.kind === "rejected" || lines.hasMore || (ownZone === null && !start.isDate)) return unknown
  return {
    series: {
      rule,
      startDate: local.date,
      startTime: local.time,
      durationMillis: end.instant - start.instant,
      zone,
      ...(start.isDate ? { isAllDay: true, dateZone: ownZone ?? "UTC" } : {})
    },
    ruleText: text,
    takenOut,
    zone
  }
}

/** The last day of an all-day series may be written with a time. */
const untilAsDate = (rule: string): string => rule.replace(/\bUNTIL=(\d{8})T\d{6}Z?/, "UNTIL=$1")

/** What hits no occurrence takes none out. */
const datesOf = ({ values, zoneName }: DateList, zone: string, isAllDay: boolean): ReadonlyArray<LocalDate> =>
  values.flatMap((value) => {
    const found = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/.exec(value)
    if (found === null) return []
    const [, year, month, day, hour, minute, second, utc] = found
    const date = `${year}-${month}-${day}`
    if (!isLocalDate(date)) return []
    if (hour === undefined || isAllDay) return [date]
    const time = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000
    const written = utc === "Z" ? "UTC" : ((zoneName === null ? null : resolveZone(zoneName)) ?? zone)
    const instant = toInstant(written, date, time)
    return instant === null ? [] : (toLocal(zone, instant)?.date ?? [])
  })
