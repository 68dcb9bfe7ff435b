/**
 * What would be joined of a calendar file: each meeting of a span of time with its verdict.
 * Decides which span is looked at, and the word for each verdict. The verdicts are the core's own, made by the code that
 * makes them in the server, as if auto-scheduling were on for everything shown.
 */
import {
  type CalendarEvent,
  type Explained,
  type ProviderCalendarId,
  type State,
  type UserId,
  autoNever,
  calendarId,
  connectionId,
  defaultPolicy,
  eventRow,
  explain,
  isDeclined,
  noLinkReason,
  toInstant,
  toLocal
} from "@punctual/core"
import { type CalendarRead, type Problem, type ReadEvent, listBetween, nextStart } from "@punctual/adapter-ics"

export interface ReportOptions {
  /** An instant; null: now, or where a file's meetings are all past, so many weeks back that the next lie ahead. */
  readonly from: number | null
  /** Of 24 hours. */
  readonly days: number | null
  readonly now: number
}

export interface ReportedMeeting {
  readonly uid: string | null
  readonly recurrenceId: string | null
  readonly row: CalendarEvent
  readonly willJoin: boolean
  readonly joinAt: number | null
  readonly code: ReportCode
}

export type ReportCode =
  | "joined_by_default"
  | "event_cancelled"
  | "no_meeting_link"
  | "link_behind_gateway"
  | "event_ended"
  | "all_day"
  | "declined_by_user"
  | "not_asked"

export interface CalendarReport {
  readonly meetings: ReadonlyArray<ReportedMeeting>
  readonly problems: ReadonlyArray<Problem>
  readonly from: number
  readonly until: number
  /** By so many weeks every meeting is shown later than it is. */
  readonly shiftedWeeks: number
}

const hourMillis = 3_600_000
const dayMillis = 24 * hourMillis
const weekMillis = 7 * dayMillis

/** Looked at where nobody says how many. */
const usualDays = 30

/** Told of one file. */
const meetingsMax = 20_000

export const reportOf = (read: CalendarRead, options: ReportOptions): CalendarReport => {
  const shift = options.from === null ? shiftOf(read, options.now) : 0
  const { from, until } = spanOf(read, options, shift)
  const meetings = listBetween(read, from - shift, until - shift, meetingsMax, (meeting) =>
    reported(meeting, shift, from)
  )
  return {
    meetings: meetings.map(({ kept }) => kept),
    problems:
      meetings.length < meetingsMax
        ? read.problems
        : [
            ...read.problems,
            { line: null, message: `Only the first ${meetingsMax} meetings are listed: ask for fewer days.` }
          ],
    from,
    until,
    shiftedWeeks: shift / weekMillis
  }
}

/** Without a wish, so far that the next meeting is among those shown. */
const spanOf = (
  read: CalendarRead,
  { days, from, now }: ReportOptions,
  shift: number
): { readonly from: number; readonly until: number } => {
  const first = from ?? now
  const length = (days ?? usualDays) * dayMillis
  if (from !== null || days !== null) return { from: first, until: first + length }
  const next = nextStart(read, first - shift)
  return { from: first, until: Math.max(first, next === null ? first : next + shift) + length }
}

/** Whole weeks, so that weekdays and times of day stay; none while anything lies ahead. */
const shiftOf = (read: CalendarRead, now: number): number => {
  if (nextStart(read, now) !== null) return 0
  const first = nextStart(read, -Infinity)
  return first === null ? 0 : Math.ceil((now + hourMillis - first) / weekMillis) * weekMillis
}

const reported = (meeting: ReadEvent, shift: number, from: number): ReportedMeeting => {
  // What starts with the span is still ahead when it begins.
  const now = from - 1
  const row = rowOf(meeting, shift, now)
  const explained = explain(stateOf(row, now), row.meeting, { policy: defaultPolicy, now })
  return {
    uid: meeting.uid,
    recurrenceId: meeting.recurrenceId,
    row: { ...row, raw: null },
    willJoin: explained.willJoin,
    joinAt: explained.willJoin ? explained.joinAt : null,
    code: codeOf(row, explained, meeting)
  }
}

const codeOf = (row: CalendarEvent, { reasons, willJoin }: Explained, { event }: ReadEvent): ReportCode => {
  if (willJoin) return "joined_by_default"
  switch (reasons.at(-1)?.rule) {
    case "cancelled":
      return "event_cancelled"
    case "link":
      return noLinkReason(event.linkFields ?? []) ?? "no_meeting_link"
    case "time":
      return "event_ended"
    default:
      return row.isAllDay ? "all_day" : isDeclined(row) ? "declined_by_user" : "not_asked"
  }
}

const user = "usr_file" as UserId
const connection = connectionId("file", user)
const file = "file" as ProviderCalendarId

const home = { id: calendarId(connection, file), namespace: connection }

/** Each by itself: what is one meeting was decided when the file was read. */
const rowOf = ({ event }: ReadEvent, shift: number, now: number): CalendarEvent =>
  eventRow(
    home,
    {
      ...event,
      providerId: "meeting",
      kind: "single",
      seriesProviderId: null,
      iCalUid: null,
      start: shifted(event.start, event.zone, shift),
      end: shifted(event.end, event.zone, shift)
    },
    null,
    now
  )

/** By what the clocks of its zone show, so that times of day stay through a change of clocks. */
const shifted = (instant: number, zone: string, shift: number): number => {
  const local = shift === 0 ? null : toLocal(zone, instant)
  if (local === null) return instant
  const date = new Date(Date.parse(`${local.date}T00:00:00Z`) + shift).toISOString().slice(0, 10)
  return toInstant(zone, date, local.time) ?? instant + shift
}

const stateOf = (row: CalendarEvent, now: number): State => ({
  connections: [{ id: connection, status: "active", email: null }],
  calendars: [
    {
      id: home.id,
      providerId: file,
      connectionId: connection,
      isPrimary: true,
      position: 0,
      selected: true,
      timeZone: null,
      eventsZone: null,
      window: null
    }
  ],
  auto: { ...autoNever, enabled: true, seq: 1, coveredUntil: Number.MAX_SAFE_INTEGER },
  workspace: null,
  events: [{ ...row, updatedAt: now }],
  series: [],
  intents: [],
  overrides: [],
  bots: []
})
