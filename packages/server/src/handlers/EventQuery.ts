/**
 * What the parameters of an events request mean together.
 *
 * Decides defaults, limits and whether a cursor belongs to the query it came with. Reads no clock and asks nobody.
 */
import type { Mistake } from "../api/Problems.ts"
import type { EventsRequest, Instant, ProviderCalendarId, SyncMode } from "@punctual/core"
import type { EventsCursor } from "./Cursor.ts"

/** As the endpoint decoded it. */
export interface EventsParameters {
  readonly calendar_id?: string
  readonly time_min?: Instant
  readonly time_max?: Instant
  readonly limit?: number
  readonly cleanup_duplicates?: boolean
  readonly include_deleted?: boolean
  readonly explain?: boolean
  readonly sync?: boolean
}

const day = 86_400_000
/** Requests without a window ask for the same page all through a minute, and may share it. */
const minute = 60_000
const pastMillisUsual = day
const aheadMillisUsual = 28 * day
/** What Microsoft answers for at most, and enough for anybody. */
const spanDaysMax = 1_825
export const limitUsual = 50

export type Query =
  | { readonly request: EventsRequest; readonly isExplained: boolean }
  | { readonly mistakes: ReadonlyArray<Mistake> }
  /** The cursor is from another query. */
  | "other_query"

/** The query of a first page. */
export const firstPage = (parameters: EventsParameters, now: Instant): Query => {
  const from = parameters.time_min ?? Math.floor((now - pastMillisUsual) / minute) * minute
  const to = parameters.time_max ?? Math.ceil((now + aheadMillisUsual) / minute) * minute
  if (from >= to) return mistake("Expected time_min before time_max (by default a day ago and in 28 days)")
  if (to - from > spanDaysMax * day) return mistake(`Expected a window of ${spanDaysMax} days at most`)
  return {
    request: {
      calendarId: calendarOf(parameters.calendar_id ?? null),
      span: { from, to },
      includeDeleted: parameters.include_deleted ?? false,
      uniqueMeetings: parameters.cleanup_duplicates ?? false,
      limit: parameters.limit ?? limitUsual,
      place: null,
      backwards: false
    },
    isExplained: parameters.explain ?? false
  }
}

/** The query of a page reached by cursor: the cursor's own. What is said again must be the same; `limit` may change. */
export const turnedPage = (parameters: EventsParameters, cursor: EventsCursor): Query => {
  const isOther =
    differs(parameters.calendar_id, cursor.calendarId) ||
    differs(parameters.time_min, cursor.from) ||
    differs(parameters.time_max, cursor.to) ||
    differs(parameters.include_deleted, cursor.includeDeleted) ||
    differs(parameters.cleanup_duplicates, cursor.uniqueMeetings) ||
    differs(parameters.explain, cursor.explain ?? false)
  if (isOther) return "other_query"
  return {
    request: {
      calendarId: calendarOf(cursor.calendarId),
      span: { from: cursor.from, to: cursor.to },
      includeDeleted: cursor.includeDeleted,
      uniqueMeetings: cursor.uniqueMeetings,
      limit: parameters.limit ?? cursor.limit,
      place: { at: cursor.at, id: cursor.id },
      backwards: cursor.backwards
    },
    isExplained: cursor.explain ?? false
  }
}

/** A page reached by cursor never syncs: what was listed must not move under it. */
export const syncModeOf = (sync: boolean | undefined, isTurned: boolean): SyncMode => {
  if (isTurned || sync === false) return "never"
  return sync === true ? "force" : "auto"
}

export const differs = <A>(given: A | undefined, known: A | null): boolean => given !== undefined && given !== known

export const calendarOf = (id: string | null): EventsRequest["calendarId"] =>
  id === "all" ? "all" : (id as ProviderCalendarId | null)

const mistake = (message: string): Query => ({ mistakes: [{ path: "time_min", message, in: "query" }] })
