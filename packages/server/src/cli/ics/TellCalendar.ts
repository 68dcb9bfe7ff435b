/**
 * `punctual ics FILE|URL` and `demo --ics FILE`: what would be joined of a calendar.
 * Decides the exit code: 0 where a calendar was read, 2 where there was none, with the reason.
 */
import { readCalendar } from "@punctual/adapter-ics"
import { resolveZone } from "@punctual/core/recurrence"
import { parseInstant } from "../../api/Time.ts"
import { reportOf } from "./CalendarReport.ts"
import { readSource } from "./CalendarSource.ts"
import { jsonOf, linesOf } from "./ReportText.ts"

export interface CalendarQuestion {
  /** A file's path, or an address. */
  readonly place: string
  readonly isJson: boolean
  /** As they are written on the command line. */
  readonly from: string | undefined
  readonly days: string | undefined
  readonly zone: string | undefined
}

/** What is printed, and how the command ends. */
export interface CalendarAnswer {
  readonly output: string
  readonly error: string
  readonly exitCode: 0 | 2
}

const daysMax = 3660

export const tellCalendar = async (
  { days: written, from: fromText, isJson, place, zone }: CalendarQuestion,
  { allowed, now }: { readonly allowed: string | undefined; readonly now: number }
): Promise<CalendarAnswer> => {
  const from = fromText === undefined ? null : parseInstant(fromText)
  if (fromText !== undefined && from === null) {
    return refused(`--from is no RFC 3339 instant, as 2027-01-31T09:00:00Z is: ${fromText}`)
  }
  const days = written === undefined ? null : Number(written)
  if (days !== null && !(Number.isInteger(days) && days >= 1 && days <= daysMax)) {
    return refused(`--days is a whole number from 1 to ${daysMax}, not ${written}`)
  }
  if (zone !== undefined && resolveZone(zone) === null) {
    return refused(`--zone is no time zone, as Europe/Berlin is: ${zone}`)
  }
  const source = await readSource(place, allowed)
  if ("refusal" in source) return refused(source.refusal)
  const read = readCalendar(source.bytes, zone === undefined ? {} : { zone })
  if (!read.isCalendar) return refused(read.problems.map(({ message }) => message).join("\n"))
  const report = reportOf(read, { from, days, now })
  return { output: isJson ? jsonOf(report) : `${linesOf(report).join("\n")}\n`, error: "", exitCode: 0 }
}

const refused = (reason: string): CalendarAnswer => ({ output: "", error: `${reason}\n`, exitCode: 2 })
