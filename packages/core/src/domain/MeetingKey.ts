/**
 * What makes two calendar entries the same meeting.
 * Decides the keys that meetings, series and bots are told apart by. Never looks at a start time or a link, and never
 * builds a key from an empty part: without an iCalendar UID an entry is a meeting of its own.
 */
import type { EventId, MeetingKey, SeriesId, SeriesKey, UserId } from "./Ids.ts"
import type { LocalDate } from "./Time.ts"

/** The meeting of a single event: its iCalendar UID is the same in every calendar it stands in. */
export const singleMeetingKey = (event: EventId, iCalUid: string | null): MeetingKey =>
  (uidKey(iCalUid) ?? `id:${event}`) as MeetingKey

/** The series as all calendars it stands in know it. */
export const seriesKey = (series: SeriesId, iCalUid: string | null): SeriesKey =>
  (uidKey(iCalUid) ?? `id:${series}`) as SeriesKey

/** Providers hand a UID on in letters of their own case, so it is compared without. Null: there is none. */
const uidKey = (iCalUid: string | null): string | null =>
  iCalUid === null || iCalUid === "" ? null : `uid:${iCalUid.toLowerCase()}`

/**
 * The meeting of an occurrence: its series and the date the pattern gave it. The UIDs of occurrences differ from
 * their series' (some providers give each occurrence a UID of its own), so they are not used.
 */
export const occurrenceMeetingKey = (series: SeriesKey, originalDate: LocalDate): MeetingKey =>
  `on:${originalDate}:${series}` as MeetingKey

/** The original date of an occurrence's key; null for a single event's. */
export const dateOfMeeting = (meeting: MeetingKey): LocalDate | null =>
  meeting.startsWith("on:") ? meeting.slice(3, 13) : null

/** The series of an occurrence's key; null for a single event's. */
export const seriesOfMeeting = (meeting: MeetingKey): SeriesKey | null =>
  meeting.startsWith("on:") ? (meeting.slice(14) as SeriesKey) : null

/** One bot for each user and meeting: injective, because the user's length stands before the user. */
export const dedupKey = (user: UserId, meeting: MeetingKey): string => `${user.length}:${user}${meeting}`

/**
 * One bot for each workspace and meeting, for hosts whose users trust each other with recordings. Null where the
 * meeting can't be recognised across mailboxes: only an iCalendar UID can. The server does not use it.
 */
export const workspaceKey = (workspace: string, meeting: MeetingKey): string | null => {
  const identity = seriesOfMeeting(meeting) ?? meeting
  return identity.startsWith("uid:") && workspace !== "" ? `${workspace.length}:${workspace}${meeting}` : null
}

/** Which of the users who want a bot gets it: the one with the least id, whatever the order they come in. */
export const workspaceOwner = (users: ReadonlyArray<UserId>): UserId | null =>
  users.reduce<UserId | null>((least, user) => (least === null || user < least ? user : least), null)
