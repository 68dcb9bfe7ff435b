/**
 * An entry of a user's log: one thing that changed, what of it, and why. Shapes, and what an entry is found by.
 * What counts as a change of a bot is decided in `BotChange.ts`, of a connection in `ConnectionChange.ts`, of a calendar's
 * mirror in `MirrorCounts.ts`; that an entry stands exactly where its change does is a law of the Store port.
 */
import type { Bot } from "./Bot.ts"
import type { Connection } from "./Connection.ts"
import type { ForecastCause, ForecastStatus } from "./ForecastStatus.ts"
import { changeId } from "./DeterministicIds.ts"
import type { BotId, CalendarId, ChangeId, EventId, MeetingKey, UserId, WorkspaceId } from "./Ids.ts"
import type { Instant } from "./Time.ts"

/** What was new: a fact of the calendar that a rule then judges is `calendar`; an edited rule is `rule`. */
export type ChangeCause =
  | "user"
  | "calendar"
  | "rule"
  | "policy"
  | "auto_schedule"
  | "recurring"
  | "launcher"
  | "system"

/** In the order in which a bot's life takes them. */
export const botChangeTypes = [
  "bot.scheduled",
  "bot.moved",
  "bot.updated",
  "bot.cancelled",
  "bot.launching",
  "bot.launched",
  "bot.failed",
  "bot.withdrawn"
] as const

export const connectionChangeTypes = ["connection.created", "connection.updated", "connection.disconnected"] as const

/** What becomes of coming meetings that should have a bot, as the forecast has it. */
export const coverageChangeTypes = ["coverage.at_risk", "coverage.restored"] as const

export const changeTypes = [
  ...botChangeTypes,
  ...connectionChangeTypes,
  "calendar.synced",
  ...coverageChangeTypes
] as const

export type BotChangeType = (typeof botChangeTypes)[number]
export type ConnectionChangeType = (typeof connectionChangeTypes)[number]
export type CoverageChangeType = (typeof coverageChangeTypes)[number]
export type ChangeType = (typeof changeTypes)[number]

/** A bot as it is told: what lists show of it, and what it is found by. */
export interface LoggedBot extends Pick<
  Bot,
  | "id"
  | "meeting"
  | "eventId"
  | "calendarId"
  | "status"
  | "statusReason"
  | "statusMessage"
  | "origin"
  | "joinAt"
  | "start"
  | "end"
  | "link"
  | "botName"
  | "customAttributes"
  | "config"
  | "externalId"
  | "createdAt"
> {
  /** Of its event, as far as whoever wrote the entry had it at hand. */
  readonly subject: string | null
}

/** A connection as it is told; of one that was taken down nothing personal. */
export interface LoggedConnection extends Pick<
  Connection,
  "id" | "platform" | "status" | "statusReason" | "statusMessage" | "email" | "name" | "createdAt"
> {}

interface Changed<Type extends ChangeType, Data> {
  readonly type: Type
  readonly occurredAt: Instant
  readonly cause: ChangeCause
  readonly data: Data
}

/** `previous`: the members that changed, as they were. */
export interface BotChange extends Changed<
  BotChangeType,
  { readonly bot: LoggedBot; readonly previous: Partial<LoggedBot> }
> {}

export interface ConnectionChange extends Changed<
  ConnectionChangeType,
  { readonly connection: LoggedConnection; readonly previous: Partial<LoggedConnection> }
> {}

/** Events of one calendar; series and virtual occurrences are not counted. */
export interface MirrorCounts {
  readonly created: number
  readonly updated: number
  readonly deleted: number
}

/** Passes of a calendar that changed events, since this was told last. */
export interface CalendarSynced extends Changed<
  "calendar.synced",
  { readonly calendarId: CalendarId } & MirrorCounts
> {}

/** A meeting whose forecast is another than was told last; `causes` as a forecast tells them. */
export interface CoverageChange extends Changed<
  CoverageChangeType,
  {
    readonly eventId: EventId
    readonly calendarId: CalendarId
    readonly meeting: MeetingKey
    readonly start: Instant
    readonly status: ForecastStatus
    readonly causes: ReadonlyArray<ForecastCause>
  }
> {}

/** What changed, as it is handed to the store together with the change. */
export type NewChange = BotChange | ConnectionChange | CalendarSynced | CoverageChange

/** What an entry is found by, beside its user and its sequence. */
export interface ChangeSubject {
  readonly botId: BotId | null
  readonly eventId: EventId | null
  readonly meeting: MeetingKey | null
  readonly calendarId: CalendarId | null
}

/** Where in the log an entry stands, as the store has given it. */
export interface ChangePlace {
  readonly userId: UserId
  /** The one that the user was of. */
  readonly workspaceId: WorkspaceId | null
  /** Rises within a user, by one with each entry. */
  readonly sequence: number
  /** Never falls as the sequence rises, whatever the clocks of those who write. */
  readonly occurredAt: Instant
}

/** The entry. */
export type LoggedChange = NewChange & ChangePlace & ChangeSubject & { readonly id: ChangeId }

const nothing: ChangeSubject = { botId: null, eventId: null, meeting: null, calendarId: null }

/** What a change is about. */
export const subjectOf = (change: NewChange): ChangeSubject => {
  switch (change.type) {
    case "calendar.synced":
      return { ...nothing, calendarId: change.data.calendarId }
    case "coverage.at_risk":
    case "coverage.restored": {
      const { calendarId, eventId, meeting } = change.data
      return { ...nothing, eventId, meeting, calendarId }
    }
    case "connection.created":
    case "connection.updated":
    case "connection.disconnected":
      return nothing
    default: {
      const { calendarId, eventId, id, meeting } = change.data.bot
      return { botId: id, eventId, meeting, calendarId }
    }
  }
}

/** The entry out of what a store keeps of it. */
export const loggedChange = (change: NewChange, place: ChangePlace): LoggedChange => ({
  ...change,
  ...place,
  ...subjectOf(change),
  id: changeId(place)
})
