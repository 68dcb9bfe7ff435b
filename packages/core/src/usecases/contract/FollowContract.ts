/**
 * What use cases are asked and answer that follow what happens: the log, stories, and the mirror as it changes. Nothing here
 * runs.
 */
import type { ConnectionId } from "../../domain/Ids.ts"
import type { ChangeType, LoggedChange } from "../../domain/LoggedChange.ts"
import type { Instant } from "../../domain/Time.ts"
import type { AllChangesQuery, MirrorPlace, Page } from "../../ports/Store.ts"
import type { EventsPage, EventsRequest, ListedEvent } from "./Contract.ts"

/** Where somebody who follows the mirror stands in it. */
export interface UpdatesPlace extends MirrorPlace {
  /** The connections that were followed: one that was taken down since took its rows along without a word. */
  readonly connections: ReadonlyArray<{ readonly id: ConnectionId; readonly generation: number }>
}

export interface UpdatesRequest extends Pick<EventsRequest, "calendarId" | "limit"> {
  readonly from: UpdatesPlace | { readonly at: Instant }
}

/** Rows as they changed, those that are gone included. */
export interface UpdatesPage extends Omit<EventsPage, "items"> {
  readonly items: ReadonlyArray<ListedEvent>
  /** Where to go on from, whether or not there is more by now. */
  readonly next: UpdatesPlace
}

/** A part of a story, from the newest entry on. */
export interface TimelineRequest {
  readonly limit: number
  /** Strictly before this sequence; null: from the newest on. */
  readonly before: number | null
}

/** A place in a user's log, or in everybody's. */
export interface LogPlace<Where> {
  readonly place: Where
  /** Nothing beyond it happened earlier: once that is longer ago than entries are kept, the place is of no use. */
  readonly since: Instant
}

export interface LogRequest<Where> {
  /** Null: from the earliest entry that is kept. */
  readonly after: LogPlace<Where> | null
  /** Null: all. */
  readonly types: ReadonlyArray<ChangeType> | null
  readonly limit: number
  /** Where there is nothing yet it is waited for so long. */
  readonly waitMillis: number
}

/** `after` may also be a time: what happened from then on. */
export interface OwnLogRequest extends Omit<LogRequest<number>, "after"> {
  readonly after: LogPlace<number> | { readonly at: Instant } | null
}

export interface AllLogRequest extends LogRequest<string>, Pick<AllChangesQuery, "workspaceId"> {}

/** A part of a log, oldest first. */
export interface LogPage<Where> extends Page<LoggedChange> {
  /** Where to go on from, whether or not there is more by now. */
  readonly next: LogPlace<Where>
}
