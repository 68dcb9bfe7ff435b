/**
 * `demo --ics FILE`: which meetings of a calendar file would get a bot, when, and why the others would not.
 * Decides how the answer reads. The decisions are the core's own, made by the code that makes them in the server, as if
 * auto-scheduling were on for everything shown.
 */
import { readFile } from "node:fs/promises"
import {
  type Calendar,
  type CalendarEvent,
  type Explained,
  type ProviderCalendarId,
  type State,
  type UserId,
  calendarId,
  connectionId,
  defaultPolicy,
  eventRow,
  explain,
  noLinkReason,
  platformNames
} from "@punctual/core"
import { type FileMeeting, readCalendar } from "./ReadCalendar.ts"

/** Meetings listed. */
const shownMax = 25
const weekMillis = 7 * 86_400_000
const hourMillis = 3_600_000
/** Larger files are refused before they are read. */
const fileBytesMax = 50 * 1024 * 1024

const say = (text: string): void => void process.stdout.write(`${text}\n`)

/** Succeeds with the exit code: 0 when something could be read. */
export const tellCalendar = async (file: string): Promise<number> => {
  const text = await readFile(file, "utf8").catch((error: Error) => error)
  if (text instanceof Error) {
    process.stderr.write(`can't read ${file}: ${text.message}\n`)
    return 1
  }
  if (text.length > fileBytesMax) {
    process.stderr.write(`${file} is larger than ${fileBytesMax / 1024 / 1024} MiB\n`)
    return 1
  }
  const { meetings, problems } = readCalendar(text)
  for (const problem of problems) say(`! ${problem}`)
  if (meetings.length === 0) {
    say("Nothing in this file could be read as a meeting.")
    return problems.length > 0 ? 1 : 0
  }
  report(meetings, Date.now())
  return 0
}

const report = (meetings: ReadonlyArray<FileMeeting>, now: number): void => {
  const shift = shiftOf(meetings, now)
  if (shift > 0)
    say(`The file's meetings are past: shown ${shift / weekMillis} weeks later, so that the next lie ahead.`)
  const ahead = meetings
    .map((meeting) => ({ ...meeting, start: meeting.start + shift, end: meeting.end + shift }))
    .filter((meeting) => meeting.end > now)
    .toSorted((a, b) => a.start - b.start)
    .slice(0, shownMax)
  const rows = ahead.map((meeting, index) => rowOf(meeting, index, now))
  const state = stateOf(rows, now)
  let joined = 0
  for (const [index, row] of rows.entries()) {
    const explained = explain(state, row.meeting, { policy: defaultPolicy, now })
    if (explained.willJoin) joined++
    say(lineOf(row, explained, ahead[index]?.linkFields ?? []))
  }
  say(`${joined} of ${rows.length} meetings shown get a bot.`)
}

const lineOf = (row: CalendarEvent, explained: Explained, fields: FileMeeting["linkFields"]): string => {
  const when = new Date(row.start).toISOString().slice(0, 16).replace("T", " ")
  const subject = (row.subject === "" ? "(no subject)" : row.subject).slice(0, 40).padEnd(40)
  if (explained.willJoin && explained.joinAt !== null) {
    const joins = new Date(explained.joinAt).toISOString().slice(11, 16)
    return `${when}Z  ${subject}  bot joins ${joins}Z${row.link === null ? "" : ` on ${platformNames[row.link.platform]}`}`
  }
  return `${when}Z  ${subject}  no bot: ${whyNot(row, explained, fields)}`
}

const whyNot = (row: CalendarEvent, { reasons }: Explained, fields: FileMeeting["linkFields"]): string => {
  switch (reasons.at(-1)?.rule) {
    case "cancelled":
      return "cancelled"
    case "link":
      return noLinkReason(fields) === "link_behind_gateway"
        ? "a mail gateway hides where its link leads"
        : "no meeting link"
    case "time":
      return "over"
    default:
      return row.isAllDay ? "lasts all day" : row.isDeclined ? "declined" : "not covered"
  }
}

/** Whole weeks, so that weekdays and times of day stay; none when something lies ahead already. */
const shiftOf = (meetings: ReadonlyArray<FileMeeting>, now: number): number => {
  if (meetings.some((meeting) => meeting.start > now)) return 0
  const first = Math.min(...meetings.map((meeting) => meeting.start))
  return Math.ceil((now + hourMillis - first) / weekMillis) * weekMillis
}

const user = "usr_file" as UserId
const connection = connectionId("file", user)
const home = { id: calendarId(connection, "file" as ProviderCalendarId), namespace: connection }

const rowOf = (meeting: FileMeeting, index: number, now: number): CalendarEvent =>
  eventRow(
    home,
    {
      providerId: `${index}`,
      kind: "single",
      seriesProviderId: null,
      originalStart: null,
      iCalUid: null,
      start: meeting.start,
      end: meeting.end,
      isAllDay: meeting.isAllDay,
      zone: "UTC",
      subject: meeting.subject,
      organizer: null,
      isCancelled: meeting.isCancelled,
      isDeclined: false,
      createdAt: now,
      updatedAt: now,
      linkFields: meeting.linkFields,
      raw: null,
      rawTruncated: false
    },
    null,
    now
  )

const stateOf = (events: ReadonlyArray<CalendarEvent>, now: number): State => {
  const calendar: Pick<Calendar, "id" | "connectionId" | "isPrimary" | "position" | "selected" | "window"> = {
    id: home.id,
    connectionId: connection,
    isPrimary: true,
    position: 0,
    selected: true,
    window: null
  }
  return {
    connections: [{ id: connection, status: "active" }],
    calendars: [calendar],
    auto: { enabled: true, seq: 1, config: {}, coveredUntil: Number.MAX_SAFE_INTEGER },
    events: events.map((event) => ({ ...event, updatedAt: now })),
    series: [],
    intents: [],
    overrides: [],
    bots: []
  }
}
