/**
 * When a series takes place: Graph's recurrence, and the start and end of its master.
 *
 * Decides the zone and the time of day. A recurrence that makes no sense, or a zone that nobody can name, has no
 * timing: the series is known all the same, only not when it goes on.
 *
 * https://learn.microsoft.com/graph/api/resources/patternedrecurrence
 */
import { type RecurringSeries, resolveZones, ruleText, toLocal } from "@punctual/core/recurrence"
import { isTrue, type JsonObject, readText } from "@punctual/core/http"
import { readDateTimeTimeZone } from "./DateTimeTimeZone.ts"
import { ruleFromGraph } from "./RecurrenceFromGraph.ts"

export interface Timing {
  readonly series: RecurringSeries | null
  /** RFC 5545 text of the rule. */
  readonly ruleText: string | null
}

export const timingOf = (master: JsonObject): Timing => {
  const read = ruleFromGraph(master["recurrence"])
  if (read.kind === "rejected") return { series: null, ruleText: null }
  const isAllDay = isTrue(master, "isAllDay")
  const ownZone = zoneOf(read.zoneName, master)
  const zone = isAllDay ? allDayZone : ownZone
  const text = ruleText({ rule: read.rule, startDate: read.startDate, zone: zone ?? allDayZone, isAllDay })
  const start = readDateTimeTimeZone(master, "start")
  const end = readDateTimeTimeZone(master, "end")
  const local = zone === null || start === null ? null : toLocal(zone, start)
  if (zone === null || start === null || end === null || end < start || local === null) {
    return { series: null, ruleText: text }
  }
  return {
    series: {
      rule: read.rule,
      startDate: read.startDate,
      startTime: isAllDay ? 0 : local.time,
      durationMillis: end - start,
      zone,
      ...(isAllDay ? { isAllDay, dateZone: ownZone ?? allDayZone } : {})
    },
    ruleText: text
  }
}

/**
 * All-day events float: asked for in UTC, Graph writes their days as midnights of UTC, and so must what is expanded
 * from their series, or a day's occurrence would be keyed by its neighbour. An exception's `originalStart` alone is the
 * midnight of the series' own zone (`dateZone`): the evening before, east of Greenwich.
 */
const allDayZone = "UTC"

/** The recurrence's zone may be empty (invitations from Google) or custom: then the event's own zones are tried. */
const zoneOf = (zoneName: string, master: JsonObject): string | null =>
  resolveZones([zoneName, readText(master, "originalStartTimeZone"), readText(master, "originalEndTimeZone")])
