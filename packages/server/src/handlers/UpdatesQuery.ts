/**
 * What the parameters of a request with `updated_since` mean together.
 *
 * Decides which parameters go with it, and whether a cursor belongs to the query it came with. Such a listing has no window:
 * what is gone may have stood anywhere. Reads no clock and asks nobody.
 */
import type { Mistake } from "../api/Problems.ts"
import type { ConnectionId, UpdatesPlace, UpdatesRequest } from "@punctual/core"
import type { UpdatesCursor } from "./Cursor.ts"
import { type EventsParameters, calendarOf, differs, limitUsual } from "./EventQuery.ts"

export type UpdatesQuery =
  | { readonly request: UpdatesRequest; readonly isExplained: boolean }
  | { readonly mistakes: ReadonlyArray<Mistake> }
  /** The cursor is from another query. */
  | "other_query"

/** `from`: where to go on, or the instant to begin at. */
export const updatesQuery = (
  parameters: EventsParameters,
  from: UpdatesCursor | { readonly at: number }
): UpdatesQuery => {
  const mistakes = mistakesIn(parameters)
  if (mistakes.length > 0) return { mistakes }
  if ("at" in from) {
    const { calendar_id = null, explain = false, limit = limitUsual } = parameters
    return { request: { calendarId: calendarOf(calendar_id), from, limit }, isExplained: explain }
  }
  const isOther = differs(parameters.calendar_id, from.calendarId) || differs(parameters.explain, from.explain)
  if (isOther) return "other_query"
  return {
    request: {
      calendarId: calendarOf(from.calendarId),
      from: {
        mirrorNumber: from.mirrorNumber,
        id: from.id,
        connections: from.connections.map(({ generation, id }) => ({ id: id as ConnectionId, generation }))
      },
      limit: parameters.limit ?? from.limit
    },
    isExplained: from.explain
  }
}

const mistakesIn = (parameters: EventsParameters): ReadonlyArray<Mistake> => {
  const said: ReadonlyArray<readonly [path: string, isSaid: boolean, why: string]> = [
    ["time_min", parameters.time_min !== undefined, "what changed has no window"],
    ["time_max", parameters.time_max !== undefined, "what changed has no window"],
    ["include_deleted", parameters.include_deleted === false, "what is gone is always listed"],
    ["cleanup_duplicates", parameters.cleanup_duplicates === true, "each copy of a meeting changes by itself"]
  ]
  return said
    .filter(([, isSaid]) => isSaid)
    .map(([path, , why]) => ({ path, message: `Expected nothing of this beside updated_since: ${why}`, in: "query" }))
}

export const updatesCursor = (
  { connections, id, mirrorNumber }: UpdatesPlace,
  { request, isExplained }: { readonly request: UpdatesRequest; readonly isExplained: boolean }
): UpdatesCursor => ({
  mirrorNumber,
  id,
  connections,
  calendarId: request.calendarId,
  limit: request.limit,
  explain: isExplained
})
