/**
 * Plain rows for the store's tests of this package. Decides default members only.
 */
import type {
  Bot,
  BotId,
  CalendarEvent,
  CalendarId,
  CalendarListing,
  Claim,
  Connection,
  EventId,
  MeetingKey,
  ScheduleName,
  StoreError,
  UserId
} from "@punctual/core"
import { Store } from "@punctual/core"
import { Effect, Option } from "effect"

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** 2041-04-20T12:00:00Z */
export const now = 2_250_072_000_000

export const calendarId = "AAMk=" as CalendarId

export const userOf = (n: number): UserId => `usr_${String(n).padStart(5, "0")}` as UserId

export const connectionOf = (userId: UserId, members: Partial<Connection> = {}): Connection => ({
  userId,
  generation: 1,
  revision: 1,
  status: "active",
  statusReason: null,
  statusMessage: null,
  accountId: "account",
  email: null,
  name: null,
  credentialsVersion: 1,
  notBefore: null,
  createdAt: now,
  updatedAt: now,
  ...members
})

export const listing: CalendarListing = {
  id: calendarId,
  summary: "Calendar",
  isPrimary: true,
  accessRole: "owner",
  color: "#0078d4",
  timeZone: null
}

export const eventOf = (label: string, members: Partial<CalendarEvent> = {}): CalendarEvent => ({
  id: `evt_${label}` as EventId,
  calendarId,
  providerId: `AAMk-${label}`,
  kind: "single",
  seriesId: null,
  seriesKey: null,
  originalDate: null,
  originalStart: null,
  meeting: `uid:${label}` as MeetingKey,
  iCalUid: label,
  start: now,
  end: (members.start ?? now) + hour,
  isAllDay: false,
  zone: "UTC",
  subject: label,
  link: { platform: "zoom", url: "https://zoom.us/j/1" },
  isCancelled: false,
  isDeclined: false,
  isDeleted: false,
  isProjected: false,
  createdAt: now,
  updatedAt: now,
  raw: { subject: label },
  rawTruncated: false,
  ...members
})

export const botOf = (label: string, members: Partial<Bot> = {}): Bot => {
  const event = eventOf(label)
  return {
    id: `bot_${label}` as BotId,
    meeting: event.meeting,
    eventId: event.id,
    calendarId,
    status: "Scheduled",
    statusReason: null,
    statusMessage: null,
    origin: "manual",
    seq: 1,
    joinAt: now - minute,
    start: now,
    end: now + hour,
    link: { platform: "zoom", url: "https://zoom.us/j/1" },
    botName: "Bot",
    customAttributes: {},
    config: {},
    schedule: { name: `bot-${label}` as ScheduleName, group: "zoom", wanted: 1, applied: 0 },
    launch: null,
    externalId: null,
    revision: 1,
    createdAt: now,
    updatedAt: now,
    ...members
  }
}

/** A connected user with one calendar, and a claim on it. */
export const connected = Effect.fnUntraced(function* (userId: UserId): Effect.fn.Return<Claim, StoreError, Store> {
  const store = yield* Store
  yield* store.saveConnection(connectionOf(userId), null)
  yield* store.listCalendars(userId, 1, [listing], now)
  const claim = yield* store.claimCalendar(userId, calendarId, now, now + minute)
  return Option.getOrThrow(claim)
})
