/**
 * Google's own expansion of a series: which instances there are, and where changed ones lie.
 *
 * Decides the ids of instances, and that an endless series has 730 of them at most. Dates of rules are reckoned by the
 * core's expansion, so this is no independent word on those.
 */
import { type RecurringSeries, expand, parseRule, resolveZone, toInstant, toLocal } from "@punctual/core/recurrence"
import type { Calendar, Item, Members } from "./World.ts"

export interface Times {
  readonly start: number
  readonly end: number
  readonly isDate: boolean
  readonly zone: string
}

/** One time that a series takes place, or would: with the exception that stands for it, where there is one. */
export interface Instance {
  readonly id: string
  readonly originalStart: number
  readonly times: Times
  readonly exception: Item | null
}

export const instancesMax = 730

/** Years ahead that hold as many instances of the rarest series anybody makes. */
const spanMillis = 20 * 366 * 86_400_000

export const timesOf = (members: Members, calendarZone: string): Times => {
  const start = timeOf(members["start"], calendarZone)
  const end = timeOf(members["end"], calendarZone)
  return { start: start.instant, end: end.instant, isDate: start.isDate, zone: start.zone }
}

const timeOf = (value: unknown, calendarZone: string): { instant: number; isDate: boolean; zone: string } => {
  // Only edits put members here, and they write times.
  const { date, dateTime, timeZone } = value as { date?: string; dateTime?: string; timeZone?: string }
  if (date !== undefined) return { instant: Date.parse(date), isDate: true, zone: "UTC" }
  return { instant: Date.parse(dateTime ?? ""), isDate: false, zone: timeZone ?? calendarZone }
}

export const recurrenceOf = ({ members }: Item): ReadonlyArray<string> =>
  Array.isArray(members["recurrence"]) ? (members["recurrence"] as ReadonlyArray<string>) : []

export const isMaster = (item: Item): boolean => !item.isCancelled && recurrenceOf(item).length > 0

/** Instances that end after `from` and start before `to`, cancelled ones where they would be; in order. */
export const instancesOf = (calendar: Calendar, master: Item, from: number, to: number): ReadonlyArray<Instance> => {
  const times = timesOf(master.members, calendar.timeZone)
  const length = times.end - times.start
  const exceptions = new Map(
    [...calendar.items.values()]
      .filter(({ originalStart, seriesId }) => seriesId === master.id && originalStart !== null)
      .map((item) => [item.originalStart, item])
  )
  const regular = startsOf(master, times)
  const all = regular.map((originalStart): Instance => {
    const exception = exceptions.get(originalStart) ?? null
    const id = instanceId(master.id, originalStart, times.isDate)
    const moved = exception === null || exception.isCancelled ? null : timesOf(exception.members, calendar.timeZone)
    return {
      id,
      originalStart,
      times: moved ?? { ...times, start: originalStart, end: originalStart + length },
      exception
    }
  })
  return all.filter((each) => each.times.end > from && each.times.start < to)
}

/** The instance of that id, cancelled or not, and its master; null: there is none. */
export const instanceNamed = (
  calendar: Calendar,
  id: string
): { readonly instance: Instance; readonly master: Item } | null => {
  for (const master of calendar.items.values()) {
    if (!isMaster(master) || !id.startsWith(`${withoutSplit(master.id)}_`)) continue
    const instance = instancesOf(calendar, master, -Infinity, Infinity).find((each) => each.id === id)
    if (instance !== undefined) return { instance, master }
  }
  return null
}

const withoutSplit = (masterId: string): string => masterId.replace(/_R\d{8}(?:T\d{6})?$/, "")

/** `…_R20230315T000000` of a series that was split off is no part of its instances' ids. */
export const instanceId = (masterId: string, originalStart: number, isDate: boolean): string => {
  const text = new Date(originalStart).toISOString().replaceAll(/[-:]|\.\d+/g, "")
  return `${withoutSplit(masterId)}_${isDate ? text.slice(0, 8) : text}`
}

/** What was laid once: a master is asked for often between two changes of it. By its members, and the zone they fall back to. */
const laidOnce = new WeakMap<Members, Map<string, ReadonlyArray<number>>>()

const startsOf = (master: Item, times: Times): ReadonlyArray<number> => {
  const byZone = laidOnce.get(master.members) ?? new Map<string, ReadonlyArray<number>>()
  laidOnce.set(master.members, byZone)
  const known = byZone.get(times.zone) ?? regularStarts(master, times)
  byZone.set(times.zone, known)
  return known
}

/** The starts that the rule lays, from the first on. */
const regularStarts = (master: Item, times: Times): ReadonlyArray<number> => {
  const lines = recurrenceOf(master)
  const zone = times.isDate ? "UTC" : (resolveZone(times.zone) ?? "UTC")
  const local = toLocal(zone, times.start)
  const rules = lines.flatMap((line) => (line.startsWith("RRULE:") ? [line.slice("RRULE:".length)] : []))
  const takenOut = new Set(lines.filter((line) => line.startsWith("EXDATE")).flatMap((line) => listed(line, zone)))
  const added = lines.filter((line) => line.startsWith("RDATE")).flatMap((line) => listed(line, zone))
  const laid = rules.flatMap((text) => {
    const rule = local === null ? null : parseRule(text, { startDate: local.date, startTime: local.time, zone })
    if (local === null || rule === null || rule.kind === "rejected") return [times.start]
    const series: RecurringSeries = {
      rule,
      startDate: local.date,
      startTime: local.time,
      durationMillis: times.end - times.start,
      zone
    }
    return expand(series, times.start, times.start + spanMillis, instancesMax).map(({ start }) => start)
  })
  const all = [...new Set([...(rules.length === 0 ? [times.start] : laid), ...added])].filter(
    (start) => !takenOut.has(start)
  )
  return all.toSorted((a, b) => a - b).slice(0, instancesMax)
}

/** `EXDATE;TZID=Europe/Berlin:20260413T093000,…` */
const listed = (line: string, zone: string): ReadonlyArray<number> => {
  const [head = "", values = ""] = line.split(/:(.*)/s)
  const named = resolveZone(/TZID=([^;:]+)/.exec(head)?.[1] ?? "") ?? zone
  return values.split(",").flatMap((text) => {
    const [, y, mo, d, h = "00", mi = "00", s = "00", utc] =
      /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/.exec(text) ?? []
    const time = ((Number(h) * 60 + Number(mi)) * 60 + Number(s)) * 1_000
    const instant = toInstant(utc === "Z" ? "UTC" : named, `${y}-${mo}-${d}`, time)
    return instant === null ? [] : [instant]
  })
}
