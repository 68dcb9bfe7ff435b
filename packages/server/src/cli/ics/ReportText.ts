/**
 * A report of a calendar file as people and as programs read it.
 * Decides the words, the members and their order; nothing of what they say.
 */
import { platformNames } from "@punctual/core"
import { formatInstant } from "../../api/Time.ts"
import type { CalendarReport, ReportCode, ReportedMeeting } from "./CalendarReport.ts"

/** Meetings listed for a person. */
const listedMax = 25

export const jsonOf = (report: CalendarReport): string => `${JSON.stringify(membersOf(report), null, 2)}\n`

const membersOf = ({ from, meetings, problems, shiftedWeeks, until }: CalendarReport) => ({
  meetings: meetings.map(({ code, joinAt, recurrenceId, row, uid, willJoin }) => ({
    uid,
    recurrence_id: recurrenceId,
    subject: row.subject,
    start_time: formatInstant(row.start),
    end_time: formatInstant(row.end),
    time_zone: row.zone,
    is_all_day: row.isAllDay,
    is_cancelled: row.isCancelled,
    meeting_platform: row.link === null ? null : platformNames[row.link.platform],
    meeting_url: row.link?.url ?? null,
    will_join: willJoin,
    join_time: joinAt === null ? null : formatInstant(joinAt),
    code
  })),
  problems: problems.map(({ line, message }) => ({ line, message })),
  shown_from: formatInstant(from),
  shown_until: formatInstant(until),
  shifted_weeks: shiftedWeeks
})

export const linesOf = (report: CalendarReport): ReadonlyArray<string> => {
  const { meetings, problems, shiftedWeeks } = report
  const listed = meetings.slice(0, listedMax)
  const joined = listed.filter(({ willJoin }) => willJoin).length
  return [
    ...problems.map(({ line, message }) => `! ${line === null ? "" : `line ${line}: `}${message}`),
    ...(shiftedWeeks > 0
      ? [`The file's meetings are past: shown ${shiftedWeeks} weeks later, so that the next lie ahead.`]
      : []),
    ...(meetings.length === 0
      ? [`No meeting starts between ${formatInstant(report.from)} and ${formatInstant(report.until)}.`]
      : listed.map(lineOf)),
    ...(meetings.length > listed.length ? [`${meetings.length - listed.length} more are not listed.`] : []),
    `${joined} of ${listed.length} meetings shown get a bot.`
  ]
}

const lineOf = ({ code, joinAt, row, willJoin }: ReportedMeeting): string => {
  const subject = (row.subject === "" ? "(no subject)" : row.subject.replaceAll(/\p{C}+/gu, " "))
    .slice(0, 40)
    .padEnd(40)
  const head = `${localTime(row.start, row.zone)} ${row.zone}  ${subject}`
  return willJoin && joinAt !== null
    ? `${head}  bot joins ${localTime(joinAt, row.zone).slice(-5)}${row.link === null ? "" : ` on ${platformNames[row.link.platform]}`}`
    : `${head}  no bot: ${whyNot[code]}`
}

const whyNot: { readonly [code in ReportCode]: string } = {
  joined_by_default: "not covered",
  event_cancelled: "cancelled",
  no_meeting_link: "no meeting link",
  link_behind_gateway: "a mail gateway hides where its link leads",
  event_ended: "over",
  all_day: "lasts all day",
  declined_by_user: "declined",
  not_asked: "not covered"
}

/** As the clocks of the meeting's own zone show it. */
const localTime = (instant: number, zone: string): string => {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "short"
  })
  return format.format(instant)
}
